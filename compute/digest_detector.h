// Finds digests: rows of exactly so many hexadecimal digits as one of a kind has.
//
// The anchor of a digest is its first byte.
//
// Thread-safety: as Detector says.

#ifndef TRAWL_COMPUTE_DIGEST_DETECTOR_H_
#define TRAWL_COMPUTE_DIGEST_DETECTOR_H_

#include <cstdint>
#include <string_view>

#include "compute/detector.h"
#include "compute/kernel.h"
#include "compute/place_kernel.h"

namespace trawl::compute {

class DigestDetector final : public Detector {
 public:
  // `kind` is one of kMd5, kSha1, kSha256 and kSha512; `kernel` outlives the detector.
  explicit DigestDetector(Kind kind, const Kernel& kernel = Kernel::Best());

  Kind kind() const override { return kind_; }
  uint64_t longest() const override { return digits_; }
  void Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
            FindingList& findings) const override;

 private:
  void ScanRow(std::string_view document, size_t begin, size_t end, Chunk chunk,
               const ScanOptions& options, FindingList& findings) const;

  const Kind kind_;
  const size_t digits_;
  const PlaceKernel& kernel_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_DIGEST_DETECTOR_H_
