// Finds IPv4 addresses. The rules are those of docs/kinds.md.
//
// The anchor of an address is its first byte. It is found at the last digit of its first octet, or
// in a URL also at what is left of its host.
//
// Thread-safety: as Detector says.

#ifndef TRAWL_COMPUTE_IPV4_DETECTOR_H_
#define TRAWL_COMPUTE_IPV4_DETECTOR_H_

#include <cstdint>
#include <string_view>

#include "compute/detector.h"
#include "compute/kernel.h"
#include "compute/place_kernel.h"

namespace trawl::compute {

class Ipv4Detector final : public Detector {
 public:
  // `kernel` outlives the detector.
  explicit Ipv4Detector(const Kernel& kernel = Kernel::Best()) : kernel_(PlaceKernel::Of(kernel)) {}

  Kind kind() const override { return Kind::kIpv4; }
  uint64_t longest() const override { return 80; }
  void Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
            FindingList& findings) const override;

 private:
  const PlaceKernel& kernel_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_IPV4_DETECTOR_H_
