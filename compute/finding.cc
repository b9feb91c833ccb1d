#include "compute/finding.h"

namespace trawl::compute {

void FindingList::Add(Finding finding, std::string_view value) {
  finding.value_begin = static_cast<uint32_t>(text_.size());
  finding.value_size = static_cast<uint16_t>(value.size());
  text_.append(value);
  findings_.push_back(finding);
}

}  // namespace trawl::compute
