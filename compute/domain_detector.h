// Finds domain names. The rules are those of docs/semantics.md.
//
// Thread-safety: as Detector says.

#ifndef TRAWL_COMPUTE_DOMAIN_DETECTOR_H_
#define TRAWL_COMPUTE_DOMAIN_DETECTOR_H_

#include <string_view>

#include "compute/detector.h"
#include "compute/ruleset.h"

namespace trawl::compute {

class DomainDetector final : public Detector {
 public:
  // `ruleset` outlives the detector.
  explicit DomainDetector(const Ruleset& ruleset);

  Kind kind() const override { return Kind::kDomain; }
  void Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
            FindingList& findings) const override;

 private:
  const Ruleset& ruleset_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_DOMAIN_DETECTOR_H_
