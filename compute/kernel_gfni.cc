// Classify and List for processors with AVX-512 VBMI, VBMI2 and GFNI (Ice Lake, Zen 4 and later).
//
// A byte's class, one bit for each of the eight masks, is looked up in a table of 128 bytes; bytes
// beyond ASCII have one of their own. To make eight masks of 64 classes is to transpose bits: in
// eight bytes at a time GF(2) affine transformation does it (with the data as the matrix), over all
// of them a permutation of bytes, and over eight words a transposition of eight vectors.
//
// A word's bits are listed by compressing the numbers 0 to 63 with it.

#include "compute/kernel_simd.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace trawl::compute {
namespace {

#define TRAWL_GFNI __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,gfni,popcnt")))

// In the order of the members of Masks.
enum ClassBit : uint8_t {
  kHost = 1,
  kDot = 2,
  kJoiner = 4,
  kUnderscore = 8,
  kDigit = 16,
  kNonAscii = 32,
  kBracket = 64,
  kHint = 128,
};

using Table = std::array<uint8_t, 128>;

constexpr Table kAscii = [] {
  Table table{};
  for (size_t c = 0; c < 128; ++c) {
    const size_t lower = c | 0x20;
    if (lower >= 'a' && lower <= 'z') table[c] = kHost;
    if (c >= '0' && c <= '9') table[c] = kHost | kDigit;
    if (lower == 'd') table[c] |= kHint;
  }
  table['.'] = kDot;
  table['-'] = kHost | kJoiner;
  table['_'] = kHost | kJoiner | kUnderscore;
  for (size_t c : {'(', '[', '\\', ']', '{', '|', '}'}) table[c] = kBracket;
  return table;
}();

constexpr Table kBeyondAscii = [] {
  Table table{};
  for (uint8_t& c : table) c = kNonAscii;
  for (size_t c : {0xE3, 0xEF}) table[c - 0x80] |= kHint;
  return table;
}();

constexpr std::array<uint8_t, 64> kReverseEight = [] {
  std::array<uint8_t, 64> index{};
  for (size_t i = 0; i < 64; ++i) index[i] = static_cast<uint8_t>(i ^ 7);
  return index;
}();

constexpr std::array<uint8_t, 64> kTransposeBytes = [] {
  std::array<uint8_t, 64> index{};
  for (size_t i = 0; i < 64; ++i) index[i] = static_cast<uint8_t>(i % 8 * 8 + i / 8);
  return index;
}();

class Classifier {
 public:
  TRAWL_GFNI Classifier()
      : ascii_{Load(kAscii.data()), Load(kAscii.data() + 64)},
        beyond_{Load(kBeyondAscii.data()), Load(kBeyondAscii.data() + 64)},
        reverse_(Load(kReverseEight.data())),
        transpose_(Load(kTransposeBytes.data())) {}

  // The eight masks of 64 bytes.
  TRAWL_GFNI __m512i operator()(const unsigned char* bytes) const {
    const __m512i v = Load(bytes);
    const __m512i ascii = _mm512_permutex2var_epi8(ascii_[0], v, ascii_[1]);
    const __m512i beyond = _mm512_permutex2var_epi8(beyond_[0], v, beyond_[1]);
    const __m512i classes = _mm512_mask_blend_epi8(_mm512_movepi8_mask(v), ascii, beyond);
    const __m512i reversed = _mm512_shuffle_epi8(classes, reverse_);
    // Byte j of each eight has bit j set.
    const __m512i units = _mm512_set1_epi64(static_cast<int64_t>(0x8040201008040201));
    return _mm512_permutexvar_epi8(transpose_, _mm512_gf2p8affine_epi64_epi8(units, reversed, 0));
  }

 private:
  TRAWL_GFNI static __m512i Load(const void* bytes) { return _mm512_loadu_si512(bytes); }

  const __m512i ascii_[2];
  const __m512i beyond_[2];
  const __m512i reverse_;
  const __m512i transpose_;
};

TRAWL_GFNI void Classify(const unsigned char* bytes, size_t words, Masks& masks) {
  Words* const to[8] = {&masks.host,  &masks.dot,       &masks.joiner,  &masks.underscore,
                        &masks.digit, &masks.non_ascii, &masks.bracket, &masks.hint};
  const Classifier classify;
  size_t w = 1;
  for (; w + 7 <= words; w += 8, bytes += 512) {
    __m512i a[8];
    for (size_t i = 0; i < 8; ++i) a[i] = classify(bytes + 64 * i);
    __m512i b[8];
    for (size_t i = 0; i < 8; i += 2) {
      b[i] = _mm512_unpacklo_epi64(a[i], a[i + 1]);
      b[i + 1] = _mm512_unpackhi_epi64(a[i], a[i + 1]);
    }
    for (size_t i = 0; i < 2; ++i) {
      const __m512i low = _mm512_shuffle_i64x2(b[i], b[i + 2], 0x88);
      const __m512i high = _mm512_shuffle_i64x2(b[i], b[i + 2], 0xDD);
      const __m512i low_after = _mm512_shuffle_i64x2(b[i + 4], b[i + 6], 0x88);
      const __m512i high_after = _mm512_shuffle_i64x2(b[i + 4], b[i + 6], 0xDD);
      _mm512_storeu_si512(to[i]->data() + w, _mm512_shuffle_i64x2(low, low_after, 0x88));
      _mm512_storeu_si512(to[i + 4]->data() + w, _mm512_shuffle_i64x2(low, low_after, 0xDD));
      _mm512_storeu_si512(to[i + 2]->data() + w, _mm512_shuffle_i64x2(high, high_after, 0x88));
      _mm512_storeu_si512(to[i + 6]->data() + w, _mm512_shuffle_i64x2(high, high_after, 0xDD));
    }
  }
  for (; w <= words; ++w, bytes += 64) {
    alignas(64) uint64_t word[8];
    _mm512_store_si512(word, classify(bytes));
    for (size_t i = 0; i < 8; ++i) (*to[i])[w] = word[i];
  }
}

constexpr std::array<uint8_t, 64> kNumbers = [] {
  std::array<uint8_t, 64> numbers{};
  for (size_t i = 0; i < 64; ++i) numbers[i] = static_cast<uint8_t>(i);
  return numbers;
}();

TRAWL_GFNI size_t List(const uint64_t* words, size_t count, uint16_t* numbers) {
  const __m512i all = _mm512_loadu_si512(kNumbers.data());
  uint16_t* next = numbers;
  for (size_t eight = 0; eight < count; eight += 8) {
    const auto there = static_cast<__mmask8>(0xFF >> (8 - std::min<size_t>(8, count - eight)));
    const __m512i bits = _mm512_maskz_loadu_epi64(there, words + eight);
    for (unsigned some = _mm512_test_epi64_mask(bits, bits); some != 0; some &= some - 1) {
      const size_t w = eight + static_cast<size_t>(__builtin_ctz(some));
      const __m512i base = _mm512_set1_epi16(static_cast<int16_t>(64 * w));
      const __m512i set = _mm512_maskz_compress_epi8(words[w], all);
      const auto size = static_cast<size_t>(__builtin_popcountll(words[w]));
      const __m512i low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(set));
      _mm512_storeu_si512(next, _mm512_add_epi16(low, base));
      if (size > 32) {
        const __m512i high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(set, 1));
        _mm512_storeu_si512(next + 32, _mm512_add_epi16(high, base));
      }
      next += size;
    }
  }
  return static_cast<size_t>(next - numbers);
}

#undef TRAWL_GFNI

bool IsSupported() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
         __builtin_cpu_supports("gfni");
}

}  // namespace

Kernel::Classify GfniClassify() { return IsSupported() ? &Classify : nullptr; }
Kernel::List GfniList() { return IsSupported() ? &List : nullptr; }

}  // namespace trawl::compute

#else

namespace trawl::compute {

Kernel::Classify GfniClassify() { return nullptr; }
Kernel::List GfniList() { return nullptr; }

}  // namespace trawl::compute

#endif
