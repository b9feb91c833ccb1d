// A block's bytes are compared all at once: the loop has no branch and no dependence between its
// turns, so a compiler makes vector instructions of it. Eight flags of a byte each are then packed
// into eight bits by one multiplication: in flags * 0x0102040810204080 the bits of all eight bytes
// meet in the topmost byte, none of them carrying.

#include "compute/dot_search.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace trawl::compute {
namespace {

constexpr size_t kAhead = 2;  // a Unicode full stop takes three bytes

}  // namespace

DotSearch::DotSearch(std::string_view document, size_t begin, size_t end, bool spaced)
    : document_(document), end_(end), spaced_(spaced), block_(begin), mask_(0) {
  if (begin < end) mask_ = Mask(begin);
}

uint64_t DotSearch::Mask(size_t block) const {
  std::array<unsigned char, kBlockSize + kAhead> padded;
  const unsigned char* bytes = reinterpret_cast<const unsigned char*>(document_.data()) + block;
  if (document_.size() - block < padded.size()) {
    padded.fill(0);
    std::memcpy(padded.data(), bytes, document_.size() - block);
    bytes = padded.data();
  }
  std::array<unsigned char, kBlockSize> flags;
  for (size_t i = 0; i < kBlockSize; ++i) {
    const unsigned char a = bytes[i];
    const unsigned char b = bytes[i + 1];
    const unsigned char c = bytes[i + 2];
    const bool bracket = (static_cast<bool>((a | 0x20) == '{') | (a == '(')) & ((b | 0x20) == 'd');
    const bool ideographic = (a == 0xE3) & (b == 0x80) & (c == 0x82);
    const bool fullwidth = (a == 0xEF) & (b == 0xBC) & (c == 0x8E);
    const bool halfwidth = (a == 0xEF) & (b == 0xBD) & (c == 0xA1);
    flags[i] =
        static_cast<unsigned char>((a == '.') | bracket | ideographic | fullwidth | halfwidth);
  }
  if (spaced_) {
    for (size_t i = 0; i < kBlockSize; ++i) {
      flags[i] |= static_cast<unsigned char>(
          (bytes[i] == ' ') & (((bytes[i + 1] | 0x20) == 'd') | (bytes[i + 1] == '.')));
    }
  }
  uint64_t mask = 0;
  for (size_t i = 0; i < kBlockSize / 8; ++i) {
    uint64_t eight;
    std::memcpy(&eight, flags.data() + 8 * i, 8);
    mask |= (eight * 0x0102040810204080u) >> 56 << (8 * i);
  }
  return mask;
}

}  // namespace trawl::compute
