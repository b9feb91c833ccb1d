#include "compute/distinct.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace trawl::compute {

std::vector<DistinctValue> DistinctValues(const Report& report) {
  std::vector<DistinctValue> values;
  absl::flat_hash_map<std::pair<Kind, std::string_view>, size_t> index;
  for (const FindingList& list : report.chunks) {
    for (const Finding& finding : list) {
      std::string_view value = list.value(finding);
      auto [entry, inserted] = index.try_emplace({finding.kind, value}, values.size());
      if (inserted) {
        values.push_back({finding.kind, value, list.registrable_domain(finding), 0, finding.begin,
                          finding.confidence});
      }
      DistinctValue& distinct = values[entry->second];
      ++distinct.count;
      distinct.highest_confidence = std::max(distinct.highest_confidence, finding.confidence);
    }
  }
  return values;
}

}  // namespace trawl::compute
