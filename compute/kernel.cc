#include "compute/kernel.h"

#include <array>

#include "compute/kernel_simd.h"

namespace trawl::compute {
namespace {

enum ByteBit : uint8_t {
  kHost = 1,
  kDot = 2,
  kHyphen = 4,
  kUnderscore = 8,
  kNonAscii = 16,
  kBracket = 32,
  kLead = 64,
  kD = 128,
};

constexpr std::array<uint8_t, 256> kBytes = [] {
  std::array<uint8_t, 256> bytes{};
  for (size_t c = 0; c < 256; ++c) {
    const size_t lower = c | 0x20;
    const bool letter = lower >= 'a' && lower <= 'z' && c < 0x80;
    if (letter || (c >= '0' && c <= '9') || c == '-' || c == '_') bytes[c] |= kHost;
    if (c >= 0x80) bytes[c] |= kNonAscii;
    if (c == 0xE3 || c == 0xEF) bytes[c] |= kLead;
    if (c == 'd' || c == 'D') bytes[c] |= kD;
  }
  bytes['.'] |= kDot;
  bytes['-'] |= kHyphen;
  bytes['_'] |= kUnderscore;
  for (size_t c : {'(', '[', '\\', ']', '{', '|', '}'}) bytes[c] |= kBracket;
  return bytes;
}();

void ClassifyScalar(const unsigned char* bytes, size_t words, Masks* masks) {
  for (size_t w = 0; w < words; ++w, bytes += 64) {
    Masks word{};
    for (size_t i = 0; i < 64; ++i) {
      const uint64_t bits = kBytes[bytes[i]];
      const uint64_t next = kBytes[bytes[i + 1]];
      const uint64_t bracket = bits / kBracket & 1;
      const uint64_t d = next / kD & 1;
      word.host |= (bits & kHost) << i;
      word.dot |= (bits / kDot & 1) << i;
      word.joiner |= ((bits / kHyphen & 1) | (bits / kUnderscore & 1)) << i;
      word.underscore |= (bits / kUnderscore & 1) << i;
      word.non_ascii |= (bits / kNonAscii & 1) << i;
      word.bracket |= bracket << i;
      word.rare |= ((bracket & d) | (bits / kLead & 1)) << i;
    }
    masks[w] = word;
  }
}

}  // namespace

const std::vector<Kernel>& Kernel::All() {
  static const std::vector<Kernel>* const all = [] {
    auto* kernels = new std::vector<Kernel>(SimdKernels());
    kernels->push_back({"scalar", ClassifyScalar});
    return kernels;
  }();
  return *all;
}

const Kernel* Kernel::Find(std::string_view name) {
  for (const Kernel& kernel : All()) {
    if (kernel.name == name) return &kernel;
  }
  return nullptr;
}

}  // namespace trawl::compute
