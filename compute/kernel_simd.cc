// One source, compiled for each instruction set by google/highway.
//
// A byte's class is a byte of bits: that of its low half-byte and that of its high half-byte,
// looked up in two tables of 16, ANDed. A class is so a set of bytes whose half-bytes may be chosen
// independently; letters take two classes. (Langdale and Lemire, "Parsing Gigabytes of JSON per
// Second", 2019, section 3.1.2.)

#include "compute/kernel_simd.h"

#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compute/kernel_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace trawl::compute {
namespace HWY_NAMESPACE {

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128

namespace hn = hwy::HWY_NAMESPACE;

constexpr uint8_t kLetter = 1;      // A to O, a to o
constexpr uint8_t kLateLetter = 2;  // P to Z, p to z
constexpr uint8_t kDigit = 4;
constexpr uint8_t kHyphen = 8;
constexpr uint8_t kUnderscore = 16;
constexpr uint8_t kDot = 32;
constexpr uint8_t kLateBracket = 64;   // [ \ ] { | }
constexpr uint8_t kParenthesis = 128;  // (
constexpr uint8_t kAnyHost = kLetter | kLateLetter | kDigit | kHyphen | kUnderscore;
constexpr uint8_t kAnyBracket = kLateBracket | kParenthesis;

alignas(16) constexpr uint8_t kOfLow[16] = {
    kLateLetter | kDigit,                           // 0
    kLetter | kLateLetter | kDigit,                 // 1
    kLetter | kLateLetter | kDigit,                 // 2
    kLetter | kLateLetter | kDigit,                 // 3
    kLetter | kLateLetter | kDigit,                 // 4
    kLetter | kLateLetter | kDigit,                 // 5
    kLetter | kLateLetter | kDigit,                 // 6
    kLetter | kLateLetter | kDigit,                 // 7
    kLetter | kLateLetter | kDigit | kParenthesis,  // 8
    kLetter | kLateLetter | kDigit,                 // 9
    kLetter | kLateLetter,                          // A
    kLetter | kLateBracket,                         // B
    kLetter | kLateBracket,                         // C
    kLetter | kHyphen | kLateBracket,               // D
    kLetter | kDot,                                 // E
    kLetter | kUnderscore,                          // F
};
alignas(16) constexpr uint8_t kOfHigh[16] = {
    0,                                         // 0
    0,                                         // 1
    kHyphen | kDot | kParenthesis,             // 2
    kDigit,                                    // 3
    kLetter,                                   // 4
    kLateLetter | kUnderscore | kLateBracket,  // 5
    kLetter,                                   // 6
    kLateLetter | kLateBracket,                // 7
};

void Classify(const unsigned char* HWY_RESTRICT bytes, size_t words, Masks* HWY_RESTRICT masks) {
  const hn::CappedTag<uint8_t, 64> d;
  const hn::RebindToSigned<decltype(d)> signed_d;
  const size_t lanes = hn::Lanes(d);
  const auto of_low = hn::LoadDup128(d, kOfLow);
  const auto of_high = hn::LoadDup128(d, kOfHigh);
  const auto zero = hn::Zero(d);
  for (size_t w = 0; w < words; ++w, bytes += 64) {
    uint8_t* const out = reinterpret_cast<uint8_t*>(masks + w);
    for (size_t i = 0; i < 64; i += lanes) {
      const auto v = hn::LoadU(d, bytes + i);
      const auto next = hn::LoadU(d, bytes + i + 1);
      const auto classes = hn::And(hn::TableLookupBytes(of_low, hn::And(v, hn::Set(d, 0x0F))),
                                   hn::TableLookupBytes(of_high, hn::ShiftRight<4>(v)));
      const auto is_d = hn::Eq(hn::Or(next, hn::Set(d, 0x20)), hn::Set(d, 'd'));
      const auto is_lead = hn::Or(hn::Eq(v, hn::Set(d, 0xE3)), hn::Eq(v, hn::Set(d, 0xEF)));
      const auto is_bracket = hn::Ne(hn::And(classes, hn::Set(d, kAnyBracket)), zero);
      uint8_t* const part = out + i / 8;
      hn::StoreMaskBits(d, hn::Ne(hn::And(classes, hn::Set(d, kAnyHost)), zero),
                        part + offsetof(Masks, host));
      hn::StoreMaskBits(d, hn::TestBit(classes, hn::Set(d, kDot)), part + offsetof(Masks, dot));
      hn::StoreMaskBits(d, hn::Ne(hn::And(classes, hn::Set(d, kHyphen | kUnderscore)), zero),
                        part + offsetof(Masks, joiner));
      hn::StoreMaskBits(d, hn::TestBit(classes, hn::Set(d, kUnderscore)),
                        part + offsetof(Masks, underscore));
      hn::StoreMaskBits(signed_d, hn::Lt(hn::BitCast(signed_d, v), hn::Zero(signed_d)),
                        part + offsetof(Masks, non_ascii));
      hn::StoreMaskBits(d, is_bracket, part + offsetof(Masks, bracket));
      hn::StoreMaskBits(d, hn::Or(hn::And(is_bracket, is_d), is_lead),
                        part + offsetof(Masks, rare));
    }
  }
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace trawl::compute
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace trawl::compute {

std::vector<Kernel> SimdKernels() {
  std::vector<Kernel> kernels;
  [[maybe_unused]] const int64_t supported = hwy::SupportedTargets();
#if HWY_TARGETS & HWY_AVX3_DL
  if (supported & HWY_AVX3_DL) kernels.push_back({"avx512_icelake", N_AVX3_DL::Classify});
#endif
#if HWY_TARGETS & HWY_AVX3
  if (supported & HWY_AVX3) kernels.push_back({"avx512", N_AVX3::Classify});
#endif
#if HWY_TARGETS & HWY_AVX2
  if (supported & HWY_AVX2) kernels.push_back({"avx2", N_AVX2::Classify});
#endif
#if HWY_TARGETS & HWY_SSE4
  if (supported & HWY_SSE4) kernels.push_back({"sse4", N_SSE4::Classify});
#endif
#if HWY_TARGETS & HWY_SSSE3
  if (supported & HWY_SSSE3) kernels.push_back({"ssse3", N_SSSE3::Classify});
#endif
#if HWY_TARGETS & HWY_NEON
  if (supported & HWY_NEON) kernels.push_back({"neon", N_NEON::Classify});
#endif
  return kernels;
}

}  // namespace trawl::compute

#endif  // HWY_ONCE
