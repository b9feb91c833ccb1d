#include "compute/finding.h"

#include <algorithm>

namespace trawl::compute {

void FindingList::GrowFindings(size_t count) {
  const size_t capacity = std::max(2 * capacity_, size_ + count + 16);
  auto findings = std::make_unique_for_overwrite<Finding[]>(capacity);
  std::copy_n(findings_.get(), size_, findings.get());
  findings_ = std::move(findings);
  capacity_ = capacity;
}

void FindingList::GrowText(size_t size) {
  const size_t capacity = std::max(2 * text_capacity_, text_size_ + size + 1024);
  auto text = std::make_unique_for_overwrite<char[]>(capacity + kReadableBeyond);
  if (text_size_ > 0) std::memcpy(text.get(), text_.get(), text_size_);
  text_ = std::move(text);
  text_capacity_ = capacity;
}

}  // namespace trawl::compute
