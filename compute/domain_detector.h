// Finds domain names. The rules are those of docs/semantics.md.
//
// A domain's anchor is its first byte; of a span longer than kAnchorReach bytes, the byte that many
// before its end. Spans do not overlap, so anchors are unique and in order of `begin`. What decides
// about a domain lies within kContextBytes of its anchor.
//
// Cost is linear: one pass over all bytes finds the runs that dots join (RunSearch); most of these
// are decided at once (PlainHostFinder), and the bytes of the others are looked at a fixed number
// of times (Segmenter, HostFinder). Plain ASCII allocates nothing and does not go through ICU.
//
// Explain looks at one byte, by the same code.
//
// Thread-safety: as Detector says, for all methods.

#ifndef TRAWL_COMPUTE_DOMAIN_DETECTOR_H_
#define TRAWL_COMPUTE_DOMAIN_DETECTOR_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "compute/detector.h"
#include "compute/host_finder.h"
#include "compute/kernel.h"
#include "compute/plain_host_finder.h"
#include "compute/ruleset.h"
#include "compute/segment.h"
#include "compute/verdict.h"

namespace trawl::compute {

// Bytes to either side of a byte that decide what Explain says of it, at most.
inline constexpr uint64_t kExplainContextBytes = 4 * kContextBytes;

// Why a byte is in a finding, or in none.
struct Explanation {
  Verdict verdict = Verdict::kSeparator;
  // The piece of the document that may hold one host and holds the byte, half-open; of one that is
  // longer than what is looked at, that part. kSeparator: the character.
  uint64_t begin = 0;
  uint64_t end = 0;
  // For kFinding, kBelowMinConfidence and kOutsideHost: the host of that piece, of any confidence.
  std::optional<FoundHost> host;
};

class DomainDetector final : public Detector {
 public:
  // `ruleset` and `kernel` outlive the detector.
  explicit DomainDetector(const Ruleset& ruleset, const Kernel& kernel = Kernel::Best());

  Kind kind() const override { return Kind::kDomain; }
  uint64_t anchor_offset() const override { return kMaxSpanBytes - kAnchorReach; }
  void Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
            FindingList& findings) const override;

  // What Scan decides of the byte at `offset`, which is less than the document's size, and why.
  // kFinding exactly where Scan with these options reports a finding that holds the byte, and then
  // `host` is that finding. Costs the scan of two kibibytes, however large the document is.
  Explanation Explain(std::string_view document, uint64_t offset, const ScanOptions& options) const;

 private:
  // Finds the hosts of all segments with a dot around which `chunk` has to look, but for those that
  // decide(search, i) or decide_rare(place, least) decides itself: these are given places as
  // PlainHostFinder's FindAll and FindDefanged are, and return the same. Calls visit(segment,
  // verdict, host) for each; the host is set where it has one.
  template <typename Decide, typename DecideRare, typename Visit>
  void VisitSegments(std::string_view document, Chunk chunk, const ScanOptions& options,
                     Decide decide, DecideRare decide_rare, Visit visit) const;

  const Kernel& kernel_;
  const HostFinder finder_;
  const PlainHostFinder plain_finder_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_DOMAIN_DETECTOR_H_
