// Finds IPv6 addresses. The rules are those of docs/kinds.md.
//
// The anchor of an address is its first byte. It is found at its first colon; the row of
// hexadecimal digits, colons and dots around that is an address as a whole, or holds none.
//
// Thread-safety: as Detector says.

#ifndef TRAWL_COMPUTE_IPV6_DETECTOR_H_
#define TRAWL_COMPUTE_IPV6_DETECTOR_H_

#include <cstdint>
#include <string_view>

#include "compute/detector.h"
#include "compute/kernel.h"
#include "compute/place_kernel.h"

namespace trawl::compute {

class Ipv6Detector final : public Detector {
 public:
  // `kernel` outlives the detector.
  explicit Ipv6Detector(const Kernel& kernel = Kernel::Best()) : kernel_(PlaceKernel::Of(kernel)) {}

  Kind kind() const override { return Kind::kIpv6; }
  uint64_t longest() const override { return 45; }
  void Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
            FindingList& findings) const override;

 private:
  const PlaceKernel& kernel_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_IPV6_DETECTOR_H_
