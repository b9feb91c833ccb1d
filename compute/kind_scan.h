// Finds all kinds that are asked for in a chunk.
//
// Of the findings of one detector anchors are unique and in order, so they decide which chunk a
// finding is of. Those of several are of the chunk that they begin in: anchors of different kinds
// are in no order.
//
// Thread-safety: an object belongs to one thread.

#ifndef TRAWL_COMPUTE_KIND_SCAN_H_
#define TRAWL_COMPUTE_KIND_SCAN_H_

#include <string_view>
#include <vector>

#include "compute/detector.h"
#include "compute/finding.h"
#include "compute/kind_merge.h"

namespace trawl::compute {

// What is looked for.
struct WantedKinds {
  // A kind without a detector finds nothing.
  std::vector<Kind> kinds = {Kind::kDomain};
  Nesting nesting = Nesting::kAll;

  bool Has(Kind kind) const;
};

class KindScan {
 public:
  // Appends to `findings`, in order, what is found in `chunk`, which lies in `text`.
  void Run(const std::vector<const Detector*>& detectors, const WantedKinds& wanted,
           std::string_view text, Chunk chunk, const ScanOptions& options, FindingList& findings);

  // What Run reads beyond a chunk, at most.
  static Reach ReachOf(const std::vector<const Detector*>& detectors, const WantedKinds& wanted);

 private:
  KindMerge merge_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_KIND_SCAN_H_
