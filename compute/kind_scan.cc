#include "compute/kind_scan.h"

#include <algorithm>
#include <cstdint>

namespace trawl::compute {
namespace {

// Whether one detector's findings are all there is to it. Domains do not lie inside each other.
bool IsOfOneDetector(const WantedKinds& wanted) {
  return wanted.kinds.size() == 1 &&
         (wanted.nesting == Nesting::kAll || wanted.kinds.front() == Kind::kDomain);
}

// Bytes left of a chunk where a finding may begin that others of the chunk lie in.
uint64_t EnclosingReach(const std::vector<const Detector*>& detectors, const WantedKinds& wanted) {
  uint64_t longest = 0;
  if (wanted.nesting == Nesting::kAll) return longest;
  for (const Detector* detector : detectors) {
    if (wanted.Has(detector->kind())) longest = std::max(longest, detector->longest());
  }
  return longest;
}

}  // namespace

bool WantedKinds::Has(Kind kind) const {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

void KindScan::Run(const std::vector<const Detector*>& detectors, const WantedKinds& wanted,
                   std::string_view text, Chunk chunk, const ScanOptions& options,
                   FindingList& findings) {
  if (IsOfOneDetector(wanted)) {
    for (const Detector* detector : detectors) {
      if (wanted.Has(detector->kind())) detector->Scan(text, chunk, options, findings);
    }
    return;
  }
  const uint64_t begin = chunk.begin - std::min(chunk.begin, EnclosingReach(detectors, wanted));
  merge_.Clear();
  for (const Detector* detector : detectors) {
    if (!wanted.Has(detector->kind())) continue;
    const uint64_t end = std::min<uint64_t>(text.size(), chunk.end + detector->anchor_offset());
    detector->Scan(text, {begin, end}, options, merge_.AddList());
  }
  merge_.Merge(chunk, wanted.nesting, findings);
}

Reach KindScan::ReachOf(const std::vector<const Detector*>& detectors, const WantedKinds& wanted) {
  const bool one = IsOfOneDetector(wanted);
  Reach reach{0, 0};
  for (const Detector* detector : detectors) {
    if (!wanted.Has(detector->kind())) continue;
    const Reach its = detector->reach();
    reach.left = std::max(reach.left, its.left);
    reach.right = std::max(reach.right, its.right + (one ? 0 : detector->anchor_offset()));
  }
  if (!one) reach.left += EnclosingReach(detectors, wanted);
  return reach;
}

}  // namespace trawl::compute
