// Reads the domain that begins at a position, as DomainDetector finds it there.
//
// Thread-safety: an object belongs to one thread; what it is made with outlives it.

#ifndef TRAWL_COMPUTE_HOST_READER_H_
#define TRAWL_COMPUTE_HOST_READER_H_

#include <cstddef>
#include <string_view>

#include "compute/detector.h"
#include "compute/host_finder.h"

namespace trawl::compute {

class HostReader {
 public:
  HostReader(const HostFinder& finder, std::string_view document, const ScanOptions& options)
      : finder_(finder), document_(document), options_(options) {
    options_.min_confidence = Confidence::kLow;
  }

  // The domain of any confidence whose first byte is at `begin`; nullptr where there is none. Valid
  // until the next call. What decides is right of `begin` by less than kHostReach, and left of it
  // by less than kContextBytes.
  const FoundHost* ReadAt(size_t begin);

 private:
  size_t FirstDot(size_t begin, size_t end) const;

  const HostFinder& finder_;
  const std::string_view document_;
  ScanOptions options_;
  HostScratch scratch_;
  FoundHost found_;
};

// Bytes right of a host's begin that decide about it, at most.
inline constexpr size_t kHostReach = 1408;

// Whether a host that ends at `position` goes on neither with a host character nor with a dot and
// one.
bool IsHostEnd(std::string_view text, size_t position, Defang defang);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_HOST_READER_H_
