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
  kHint = 64,
  kDigit = 128,
};

constexpr std::array<uint8_t, 256> kBytes = [] {
  std::array<uint8_t, 256> bytes{};
  for (size_t c = 0; c < 256; ++c) {
    const size_t lower = c | 0x20;
    const bool letter = lower >= 'a' && lower <= 'z' && c < 0x80;
    const bool digit = c >= '0' && c <= '9';
    if (letter || digit || c == '-' || c == '_') bytes[c] |= kHost;
    if (digit) bytes[c] |= kDigit;
    if (c >= 0x80) bytes[c] |= kNonAscii;
  }
  bytes['.'] |= kDot;
  bytes['-'] |= kHyphen;
  bytes['_'] |= kUnderscore;
  for (size_t c : {'(', '[', '\\', ']', '{', '|', '}'}) bytes[c] |= kBracket;
  for (size_t c : {0x44, 0x64, 0xE3, 0xEF}) bytes[c] |= kHint;
  return bytes;
}();

void ClassifyScalar(const unsigned char* bytes, size_t words, Masks& masks) {
  for (size_t w = 1; w <= words; ++w, bytes += 64) {
    uint64_t host = 0, dot = 0, hyphen = 0, underscore = 0;
    uint64_t digit = 0, non_ascii = 0, bracket = 0, hint = 0;
    for (size_t i = 0; i < 64; ++i) {
      const uint64_t bits = kBytes[bytes[i]];
      host |= (bits & kHost) << i;
      dot |= (bits / kDot & 1) << i;
      hyphen |= (bits / kHyphen & 1) << i;
      underscore |= (bits / kUnderscore & 1) << i;
      digit |= (bits / kDigit & 1) << i;
      non_ascii |= (bits / kNonAscii & 1) << i;
      bracket |= (bits / kBracket & 1) << i;
      hint |= (bits / kHint & 1) << i;
    }
    masks.host[w] = host;
    masks.dot[w] = dot;
    masks.joiner[w] = hyphen | underscore;
    masks.underscore[w] = underscore;
    masks.digit[w] = digit;
    masks.non_ascii[w] = non_ascii;
    masks.bracket[w] = bracket;
    masks.hint[w] = hint;
  }
}

// Each bit moved to the place of its neighbour on the right in the text, or that neighbour's.
template <int kBy = 1>
uint64_t FromLeft(const Words& words, size_t w) {
  return words[w] << kBy | words[w - 1] >> (64 - kBy);
}
uint64_t FromRight(const Words& words, size_t w) { return words[w] >> 1 | words[w + 1] << 63; }

// Adds with a carry, and keeps what it carries.
uint64_t Add(uint64_t a, uint64_t b, uint64_t& carry) {
  uint64_t sum;
  const bool over = __builtin_add_overflow(a, b, &sum);
  const bool over_again = __builtin_add_overflow(sum, carry, &sum);
  carry = static_cast<uint64_t>(over | over_again);
  return sum;
}

void JoinScalar(const Masks& masks, size_t words, Runs& runs) {
  runs.dash = 0;
  for (size_t w = 1; w <= words; ++w) {
    const uint64_t left_host = FromLeft(masks.host, w);
    const uint64_t right_host = FromRight(masks.host, w);
    const uint64_t dots = masks.dot[w] & left_host & right_host;
    const uint64_t run = masks.host[w] | dots;
    runs.run[w] = run;
    runs.dot[w] = dots;
    runs.end[w] = Add(run, dots, runs.carry) & ~run;

    const uint64_t left_plain = left_host & ~FromLeft(masks.joiner, w);
    const uint64_t right_plain = right_host & ~FromRight(masks.joiner, w);
    runs.odd[w] = masks.underscore[w] | (masks.joiner[w] & ~(left_plain & right_plain));

    const uint64_t other = masks.non_ascii[w] | masks.bracket[w];
    const uint64_t digit = masks.digit[w];
    const uint64_t starts = digit & FromLeft(masks.dot, w) & FromLeft<2>(masks.host, w);
    const uint64_t single = FromLeft(masks.host, w) & ~FromLeft(masks.joiner, w) &
                            FromLeft<2>(masks.dot, w) & FromLeft<3>(masks.host, w);
    runs.no_tld[w] = (Add(digit, starts, runs.number_carry) | single) &
                     ~(digit | other | masks.dot[w] | masks.host[w]);
    runs.dash |= masks.underscore[w] & FromLeft(masks.underscore, w);

    // A dot in brackets, or escaped, stands right of an alphanumeric.
    const uint64_t left_bracket = FromLeft(masks.bracket, w) & FromLeft<2>(masks.host, w);
    const uint64_t left_other = FromLeft(masks.non_ascii, w);
    const uint64_t right_other = FromRight(masks.non_ascii, w) | FromRight(masks.bracket, w);
    const uint64_t beside_other =
        left_bracket | ((left_host | left_other) & right_other) | (left_other & right_host);
    const uint64_t begins =
        (masks.bracket[w] & FromRight(masks.hint, w)) | (masks.hint[w] & masks.non_ascii[w]);
    runs.rare[w] = (masks.dot[w] & ~dots & beside_other) | (begins & left_host);
  }
}

}  // namespace

size_t ListScalar(const uint64_t* words, size_t count, uint16_t* numbers) {
  uint16_t* next = numbers;
  for (size_t w = 0; w < count; ++w) {
    uint64_t bits = words[w];
    // How many there are cannot be foreseen: four at a time are written, whether they are or not.
    while (bits != 0) {
      for (int i = 0; i < 4; ++i) {
        *next = static_cast<uint16_t>(
            64 * w + static_cast<unsigned>(__builtin_ctzll(bits | uint64_t{1} << 63)));
        next += bits != 0;
        bits &= bits - 1;
      }
    }
  }
  return static_cast<size_t>(next - numbers);
}

const std::vector<Kernel>& Kernel::All() {
  static const std::vector<Kernel>* const all = [] {
    auto* kernels = new std::vector<Kernel>(SimdKernels());
    kernels->push_back({"scalar", ClassifyScalar, JoinScalar, ListScalar});
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
