// Documents in UTF-16, which the detectors read as UTF-8.

#ifndef TRAWL_COMPUTE_UTF16_H_
#define TRAWL_COMPUTE_UTF16_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace trawl::compute {

enum class Encoding : uint8_t { kUtf8, kUtf16Le, kUtf16Be };

// By its byte order mark; UTF-8 without one of UTF-16.
Encoding EncodingByMark(std::string_view document);

// `document` as UTF-8, its byte order mark included. What is no UTF-16 (an unpaired surrogate, a
// last odd byte) becomes a byte that is no UTF-8, hence a separator. OffsetMap with kUtf16Bytes
// leads back; behind an odd byte at the end it is one too far.
std::string FromUtf16(std::string_view document, bool big_endian);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_UTF16_H_
