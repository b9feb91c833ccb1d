// Punycode (RFC 3492), the form that labels beyond ASCII have in A-labels, after `xn--`.
//
// Only the conversion: whether a label may be one, IDNA decides.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_PUNYCODE_H_
#define TRAWL_COMPUTE_PUNYCODE_H_

#include <cstddef>
#include <span>
#include <string_view>

namespace trawl::compute {

// What is encoded has at most so many code points. Labels have no more than 59.
inline constexpr size_t kMaxPunycodeInput = 64;

// Writes the form of `code_points` to `to`. Returns its size, or 0 where there is no room for it or
// they are too many.
size_t EncodePunycode(std::u32string_view code_points, std::span<char> to);

// Writes what `text` is the form of to `to`. Returns how many code points that is, or 0 where it is
// none, or there is no room for it.
size_t DecodePunycode(std::string_view text, std::span<char32_t> to);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_PUNYCODE_H_
