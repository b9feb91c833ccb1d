// A Detector finds one kind of indicator in a chunk of a document.
//
// Each finding has one anchor, a byte position that a detector defines (a domain's is explained in
// domain_detector.h). The chunks of a document partition its bytes, and a detector reports exactly
// the findings whose anchor lies in the chunk it is given. It may read beyond either end of the
// chunk as far as its reach(), and decides by these bytes and the options alone. So however a
// document is cut, every finding is reported once, and no chunk waits for another.

#ifndef TRAWL_COMPUTE_DETECTOR_H_
#define TRAWL_COMPUTE_DETECTOR_H_

#include <cstdint>
#include <string_view>

#include "compute/finding.h"

namespace trawl::compute {

// Bytes to either side of its anchor that decide a finding, at most, where a detector's reach()
// does not say otherwise.
inline constexpr uint64_t kContextBytes = 1024;

// Bytes to the left and to the right of its anchor that decide a finding, at most.
struct Reach {
  uint64_t left = kContextBytes;
  uint64_t right = kContextBytes;
};

// A half-open range [begin, end) of a document's bytes.
struct Chunk {
  uint64_t begin = 0;
  uint64_t end = 0;
  friend constexpr bool operator==(const Chunk&, const Chunk&) = default;
};

// Which ways of making a name harmless are undone.
enum class Defang : uint8_t {
  kOff,
  kOn,          // example[.]com, hxxp://
  kAggressive,  // also `example . com` and `example dot com`
};

// What a caller may ask of detectors. docs/semantics.md explains each.
struct ScanOptions {
  // Findings below it are not reported.
  Confidence min_confidence = Confidence::kMedium;
  Defang defang = Defang::kOn;
  // Report names under special-use TLDs such as .local; .onion always is.
  bool special_use = false;
  // Right of `scheme://`, take the last label for a TLD whatever it is.
  bool unknown_tld_in_urls = false;
};

// Thread-safety: Scan may run on any number of threads at once.
class Detector {
 public:
  virtual ~Detector() = default;

  virtual Kind kind() const = 0;

  // The same for the life of the detector, as are the next two.
  virtual Reach reach() const { return {}; }

  // Bytes of a finding, at most.
  virtual uint64_t longest() const { return kContextBytes; }

  // Bytes that an anchor lies right of its finding's begin, at most.
  virtual uint64_t anchor_offset() const { return 0; }

  // Appends to `findings` those anchored in `chunk`, in order of `begin`. `chunk` lies within
  // `document`. May throw (std::bad_alloc); the engine turns that into the chunk's error.
  virtual void Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
                    FindingList& findings) const = 0;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_DETECTOR_H_
