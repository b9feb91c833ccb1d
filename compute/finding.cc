#include "compute/finding.h"

#include <algorithm>

namespace trawl::compute {

void FindingList::Add(Finding finding, std::string_view value) {
  if (!value.empty()) std::memcpy(Room(value.size()), value.data(), value.size());
  AddWithText(finding, value.size());
}

void FindingList::Grow(size_t size) {
  const size_t capacity = std::max(2 * capacity_, text_size_ + size + 1024);
  auto text = std::make_unique_for_overwrite<char[]>(capacity);
  if (text_size_ > 0) std::memcpy(text.get(), text_.get(), text_size_);
  text_ = std::move(text);
  capacity_ = capacity;
}

}  // namespace trawl::compute
