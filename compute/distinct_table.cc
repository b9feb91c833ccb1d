#include "compute/distinct_table.h"

#include <algorithm>

namespace trawl::compute {
namespace {

// Of a value beside its texts: their strings, what is told of it, and its place in the index, which
// is half full.
constexpr uint64_t kBytesOfValue = 2 * sizeof(std::string) + sizeof(DistinctValue) +
                                   2 * sizeof(std::pair<std::pair<Kind, std::string_view>, size_t>);

}  // namespace

void DistinctTable::Add(const FindingList& findings) {
  for (const Finding& finding : findings) {
    const std::string_view value = findings.value(finding);
    auto entry = index_.find({finding.kind, value});
    if (entry == index_.end()) {
      if (values_.size() == max_values_) {
        if (!first_left_out_.has_value()) first_left_out_ = finding.begin;
        continue;
      }
      const std::string_view text = texts_.emplace_back(value);
      const std::string_view registrable =
          texts_.emplace_back(findings.registrable_domain(finding));
      entry = index_.try_emplace({finding.kind, text}, values_.size()).first;
      values_.push_back({finding.kind, text, registrable, 0, finding.begin, finding.confidence});
      memory_ += kBytesOfValue + text.size() + registrable.size();
    }
    DistinctValue& distinct = values_[entry->second];
    ++distinct.count;
    distinct.highest_confidence = std::max(distinct.highest_confidence, finding.confidence);
  }
}

}  // namespace trawl::compute
