#include "tests/support/kind_scan.h"

#include "compute/all_detectors.h"

namespace trawl::test {

compute::WantedKinds AllKinds(compute::Nesting nesting) {
  compute::WantedKinds wanted{{}, nesting};
  for (int kind = 1; kind <= compute::kMaxKind; ++kind) {
    wanted.kinds.push_back(static_cast<compute::Kind>(kind));
  }
  return wanted;
}

AllKindsScan::AllKindsScan(const compute::Ruleset& ruleset, const compute::Kernel& kernel)
    : detectors_(compute::AllDetectors(ruleset, kernel)) {
  for (const auto& detector : detectors_) pointers_.push_back(detector.get());
}

std::vector<KindFinding> AllKindsScan::Run(std::string_view document,
                                           const compute::ScanOptions& options,
                                           const compute::WantedKinds& wanted,
                                           const std::vector<compute::Chunk>& chunks) const {
  compute::KindScan scan;
  compute::FindingList findings;
  for (const compute::Chunk chunk : chunks) {
    scan.Run(pointers_, wanted, document, chunk, options, findings);
  }
  return ToKindFindings(findings);
}

}  // namespace trawl::test
