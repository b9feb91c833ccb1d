// Makes UTF-8 of a document in UTF-16 that comes in parts, cut anywhere: also inside a code unit or
// between the two of a pair. What it makes of all parts is what FromUtf16 makes of the whole.
//
// Thread-safety: belongs to one thread at a time.

#ifndef TRAWL_COMPUTE_UTF16_DECODER_H_
#define TRAWL_COMPUTE_UTF16_DECODER_H_

#include <string>

#include "absl/strings/cord.h"

namespace trawl::compute {

class Utf16Decoder {
 public:
  explicit Utf16Decoder(bool big_endian) : big_endian_(big_endian) {}

  // What `part` adds. `last`: no part follows.
  std::string Decode(const absl::Cord& part, bool last);

 private:
  const bool big_endian_;
  std::string rest_;  // of the parts so far, at most 3 bytes: what they begin may go on
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_UTF16_DECODER_H_
