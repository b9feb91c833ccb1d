// Finds the addresses of mailboxes. The rules are those of docs/kinds.md.
//
// The anchor of an address is its first byte. It is found at its at sign: the host right of it is
// one that DomainDetector finds, the local part is left of it.
//
// Thread-safety: as Detector says.

#ifndef TRAWL_COMPUTE_EMAIL_DETECTOR_H_
#define TRAWL_COMPUTE_EMAIL_DETECTOR_H_

#include <cstdint>
#include <string_view>

#include "compute/detector.h"
#include "compute/host_finder.h"
#include "compute/kernel.h"
#include "compute/place_kernel.h"
#include "compute/ruleset.h"

namespace trawl::compute {

class EmailDetector final : public Detector {
 public:
  // `ruleset` and `kernel` outlive the detector.
  explicit EmailDetector(const Ruleset& ruleset, const Kernel& kernel = Kernel::Best())
      : kernel_(PlaceKernel::Of(kernel)), finder_(ruleset) {}

  Kind kind() const override { return Kind::kEmail; }
  Reach reach() const override;
  uint64_t longest() const override;
  void Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
            FindingList& findings) const override;

 private:
  const PlaceKernel& kernel_;
  const HostFinder finder_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_EMAIL_DETECTOR_H_
