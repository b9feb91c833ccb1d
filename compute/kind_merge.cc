// In this order, a finding lies inside one before it exactly where that one ends behind it or where
// it does: one pass with the furthest end so far decides.

#include "compute/kind_merge.h"

#include <algorithm>

namespace trawl::compute {

FindingList& KindMerge::AddList() {
  if (used_ == lists_.size()) lists_.emplace_back();
  FindingList& list = lists_[used_++];
  list.Clear();
  return list;
}

void KindMerge::Merge(Chunk chunk, Nesting nesting, FindingList& merged) {
  entries_.clear();
  for (size_t i = 0; i < used_; ++i) {
    for (const Finding& finding : lists_[i]) {
      if (finding.begin < chunk.end) entries_.push_back({&finding, &lists_[i]});
    }
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.finding->begin != b.finding->begin) return a.finding->begin < b.finding->begin;
    if (a.finding->end != b.finding->end) return a.finding->end > b.finding->end;
    return a.finding->kind < b.finding->kind;
  });
  uint64_t furthest = 0;
  for (const Entry& entry : entries_) {
    const Finding& finding = *entry.finding;
    const bool inside = finding.end <= furthest;
    furthest = std::max(furthest, finding.end);
    if (finding.begin < chunk.begin) continue;
    const bool shown = nesting == Nesting::kAll ||
                       (nesting == Nesting::kDomainsOnly && finding.kind == Kind::kDomain);
    if (!inside || shown) merged.Add(finding, entry.list->value(finding));
  }
}

}  // namespace trawl::compute
