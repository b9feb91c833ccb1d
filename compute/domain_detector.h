// Finds domain names. The rules are those of docs/semantics.md.
//
// A domain's anchor is its first byte; of a span longer than kAnchorReach bytes, the byte that many
// before its end. Spans do not overlap, so anchors are unique and in order of `begin`. What decides
// about a domain lies within kContextBytes of its anchor.
//
// Cost is linear: one pass over all bytes looks for dots (DotSearch), and the bytes of the runs
// around them are looked at a fixed number of times. Plain ASCII allocates nothing and does not go
// through ICU.
//
// Thread-safety: as Detector says.

#ifndef TRAWL_COMPUTE_DOMAIN_DETECTOR_H_
#define TRAWL_COMPUTE_DOMAIN_DETECTOR_H_

#include <string_view>

#include "compute/detector.h"
#include "compute/host_finder.h"
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
  const HostFinder finder_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_DOMAIN_DETECTOR_H_
