// Finds URLs. The rules are those of docs/kinds.md.
//
// The anchor of a URL is its first byte. It is found at its separator, `://` or what stands for it:
// the scheme is left of it, the host right of it is one that the rules of domains or addresses
// have, and the tail ends where URLs end in text. A URL may lie in another one; since none holds
// more than kMaxInnerUrls others, a byte is looked at a bounded number of times.
//
// Thread-safety: as Detector says.

#ifndef TRAWL_COMPUTE_URL_DETECTOR_H_
#define TRAWL_COMPUTE_URL_DETECTOR_H_

#include <cstdint>
#include <string_view>

#include "compute/detector.h"
#include "compute/host_finder.h"
#include "compute/kernel.h"
#include "compute/place_kernel.h"
#include "compute/ruleset.h"

namespace trawl::compute {

class UrlDetector final : public Detector {
 public:
  // `ruleset` and `kernel` outlive the detector.
  explicit UrlDetector(const Ruleset& ruleset, const Kernel& kernel = Kernel::Best())
      : kernel_(PlaceKernel::Of(kernel)), finder_(ruleset) {}

  Kind kind() const override { return Kind::kUrl; }
  Reach reach() const override;
  uint64_t longest() const override;
  void Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
            FindingList& findings) const override;

 private:
  const PlaceKernel& kernel_;
  const HostFinder finder_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_URL_DETECTOR_H_
