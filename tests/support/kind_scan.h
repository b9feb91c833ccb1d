// All kinds of indicators in a document, chunk by chunk as the engine does it, on this thread.
//
// Thread-safety: any thread.

#ifndef TRAWL_TESTS_SUPPORT_KIND_SCAN_H_
#define TRAWL_TESTS_SUPPORT_KIND_SCAN_H_

#include <memory>
#include <string_view>
#include <vector>

#include "compute/detector.h"
#include "compute/kernel.h"
#include "compute/kind_scan.h"
#include "compute/ruleset.h"
#include "tests/support/reference_kinds.h"

namespace trawl::test {

// Every kind, and what is done with findings inside others.
compute::WantedKinds AllKinds(compute::Nesting nesting = compute::Nesting::kAll);

class AllKindsScan {
 public:
  // `ruleset` and `kernel` outlive it.
  explicit AllKindsScan(const compute::Ruleset& ruleset,
                        const compute::Kernel& kernel = compute::Kernel::Best());

  const std::vector<const compute::Detector*>& detectors() const { return pointers_; }

  // What is found in these chunks of the document, one after the other.
  std::vector<KindFinding> Run(std::string_view document, const compute::ScanOptions& options,
                               const compute::WantedKinds& wanted,
                               const std::vector<compute::Chunk>& chunks) const;

 private:
  const std::vector<std::unique_ptr<const compute::Detector>> detectors_;
  std::vector<const compute::Detector*> pointers_;
};

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_KIND_SCAN_H_
