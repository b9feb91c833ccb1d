// One source, compiled for each instruction set by google/highway.
//
// Classify: a byte's class is a byte of bits: that of its low half-byte and that of its high
// half-byte, looked up in two tables of 16, ANDed. A class is so a set of bytes whose half-bytes
// may be chosen independently; letters take two classes. (Langdale and Lemire, "Parsing Gigabytes
// of JSON per Second", 2019, section 3.1.2.)

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

void Classify(const unsigned char* HWY_RESTRICT bytes, size_t words, Masks& masks) {
  const hn::CappedTag<uint8_t, 64> d;
  const hn::RebindToSigned<decltype(d)> signed_d;
  const size_t lanes = hn::Lanes(d);
  const auto of_low = hn::LoadDup128(d, kOfLow);
  const auto of_high = hn::LoadDup128(d, kOfHigh);
  const auto zero = hn::Zero(d);
  Masks* HWY_RESTRICT const out = &masks;
  for (size_t i = 0; i < 64 * words; i += lanes) {
    const auto v = hn::LoadU(d, bytes + i);
    const auto classes = hn::And(hn::TableLookupBytes(of_low, hn::And(v, hn::Set(d, 0x0F))),
                                 hn::TableLookupBytes(of_high, hn::ShiftRight<4>(v)));
    const auto is_d = hn::Eq(hn::Or(v, hn::Set(d, 0x20)), hn::Set(d, 'd'));
    const auto is_lead = hn::Or(hn::Eq(v, hn::Set(d, 0xE3)), hn::Eq(v, hn::Set(d, 0xEF)));
    const auto is_any = [&](uint8_t set)
                            HWY_ATTR { return hn::Ne(hn::And(classes, hn::Set(d, set)), zero); };
    const auto store = [i](auto tag, auto mask, Words& to) HWY_ATTR {
      hn::StoreMaskBits(tag, mask, reinterpret_cast<uint8_t*>(to.data() + 1) + i / 8);
    };
    store(d, is_any(kAnyHost), out->host);
    store(d, is_any(kDot), out->dot);
    store(d, is_any(kHyphen | kUnderscore), out->joiner);
    store(d, is_any(kUnderscore), out->underscore);
    store(d, is_any(kDigit), out->digit);
    store(signed_d, hn::Lt(hn::BitCast(signed_d, v), hn::Zero(signed_d)), out->non_ascii);
    store(d, is_any(kAnyBracket), out->bracket);
    store(d, hn::Or(is_d, is_lead), out->hint);
  }
}

using WordTag = hn::CappedTag<uint64_t, Kernel::kJoinWords>;
using WordVector = hn::Vec<WordTag>;

HWY_INLINE WordVector Load(const Words& words, size_t w) {
  return hn::LoadU(WordTag(), words.data() + w);
}
template <int kBy = 1>
HWY_INLINE WordVector FromLeft(const Words& words, size_t w) {
  return hn::Or(hn::ShiftLeft<kBy>(Load(words, w)), hn::ShiftRight<64 - kBy>(Load(words, w - 1)));
}
HWY_INLINE WordVector FromRight(const Words& words, size_t w) {
  return hn::Or(hn::ShiftRight<1>(Load(words, w)), hn::ShiftLeft<63>(Load(words, w + 1)));
}

// Adds vectors as one long number each, and `carry`, which becomes that out of the first `count`
// words. Where a word carries by itself is known by comparing; a word of ones hands a carry on.
// Seen as bits of a number, adding the ones to the carries carries them on in the same way.
HWY_INLINE WordVector Add(WordVector a, WordVector b, size_t count, uint64_t& carry) {
  const WordTag d;
  const WordVector ones = hn::Not(hn::Zero(d));
  const WordVector sum = hn::Add(a, b);
  uint8_t carries;
  uint8_t hands_on;
  hn::StoreMaskBits(d, hn::Lt(sum, a), &carries);
  hn::StoreMaskBits(d, hn::Eq(sum, ones), &hands_on);
  const unsigned into = (2u * carries + static_cast<unsigned>(carry) + hands_on) ^ hands_on;
  carry = into >> count & 1;
  const uint8_t bits[8] = {static_cast<uint8_t>(into)};
  return hn::Sub(sum, hn::IfThenElseZero(hn::LoadMaskBits(d, bits), ones));
}

void Join(const Masks& masks, size_t words, Runs& runs) {
  const WordTag d;
  const size_t lanes = hn::Lanes(d);
  Runs* HWY_RESTRICT const out = &runs;
  uint64_t carry = runs.carry;
  uint64_t number_carry = runs.number_carry;
  WordVector dashes = hn::Zero(d);
  for (size_t w = 1; w <= words; w += lanes) {
    const size_t count = HWY_MIN(lanes, words + 1 - w);
    const WordVector host = Load(masks.host, w);
    const WordVector dot = Load(masks.dot, w);
    const WordVector left_host = FromLeft(masks.host, w);
    const WordVector right_host = FromRight(masks.host, w);
    const WordVector dots = hn::And(dot, hn::And(left_host, right_host));
    const WordVector run = hn::Or(host, dots);
    hn::StoreU(run, d, out->run.data() + w);
    hn::StoreU(dots, d, out->dot.data() + w);
    hn::StoreU(hn::AndNot(run, Add(run, dots, count, carry)), d, out->end.data() + w);

    const WordVector left_plain = hn::AndNot(FromLeft(masks.joiner, w), left_host);
    const WordVector right_plain = hn::AndNot(FromRight(masks.joiner, w), right_host);
    const WordVector between = hn::And(left_plain, right_plain);
    hn::StoreU(hn::Or(Load(masks.underscore, w), hn::AndNot(between, Load(masks.joiner, w))), d,
               out->odd.data() + w);

    const WordVector non_ascii = Load(masks.non_ascii, w);
    const WordVector bracket = Load(masks.bracket, w);
    const WordVector digit = Load(masks.digit, w);
    const WordVector second_left_host = FromLeft<2>(masks.host, w);
    const WordVector starts = hn::And(digit, hn::And(FromLeft(masks.dot, w), second_left_host));
    const WordVector no_end = hn::Or(hn::Or(host, dot), hn::Or(non_ascii, bracket));
    const WordVector single =
        hn::And(left_plain, hn::And(FromLeft<2>(masks.dot, w), FromLeft<3>(masks.host, w)));
    const WordVector ends = hn::Or(Add(digit, starts, count, number_carry), single);
    hn::StoreU(hn::AndNot(no_end, ends), d, out->no_tld.data() + w);
    dashes = hn::Or(dashes, hn::And(Load(masks.underscore, w), FromLeft(masks.underscore, w)));

    const WordVector left_bracket = hn::And(FromLeft(masks.bracket, w), second_left_host);
    const WordVector left_other = FromLeft(masks.non_ascii, w);
    const WordVector right_other =
        hn::Or(FromRight(masks.non_ascii, w), FromRight(masks.bracket, w));
    const WordVector beside_other =
        hn::Or(hn::Or(left_bracket, hn::And(hn::Or(left_host, left_other), right_other)),
               hn::And(left_other, right_host));
    const WordVector begins =
        hn::Or(hn::And(bracket, FromRight(masks.hint, w)), hn::And(Load(masks.hint, w), non_ascii));
    const WordVector rare =
        hn::Or(hn::AndNot(dots, hn::And(dot, beside_other)), hn::And(begins, left_host));
    hn::StoreU(rare, d, out->rare.data() + w);
  }
  uint64_t dash[Kernel::kJoinWords] = {};
  hn::StoreU(dashes, d, dash);
  for (size_t i = 1; i < lanes; ++i) dash[0] |= dash[i];
  runs.dash = dash[0];
  runs.carry = carry;
  runs.number_carry = number_carry;
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
#if HWY_TARGETS & HWY_AVX3
  if (supported & HWY_AVX3) {
    if (GfniClassify() != nullptr) {
      kernels.push_back({"avx512_gfni", GfniClassify(), N_AVX3::Join, GfniList(), true});
    }
    kernels.push_back({"avx512", N_AVX3::Classify, N_AVX3::Join, ListScalar, true});
  }
#endif
#if HWY_TARGETS & HWY_AVX2
  if (supported & HWY_AVX2)
    kernels.push_back({"avx2", N_AVX2::Classify, N_AVX2::Join, ListScalar, true});
#endif
#if HWY_TARGETS & HWY_SSE4
  if (supported & HWY_SSE4) kernels.push_back({"sse4", N_SSE4::Classify, N_SSE4::Join, ListScalar});
#endif
#if HWY_TARGETS & HWY_SSSE3
  if (supported & HWY_SSSE3)
    kernels.push_back({"ssse3", N_SSSE3::Classify, N_SSSE3::Join, ListScalar});
#endif
#if HWY_TARGETS & HWY_NEON
  if (supported & HWY_NEON) kernels.push_back({"neon", N_NEON::Classify, N_NEON::Join, ListScalar});
#endif
  return kernels;
}

}  // namespace trawl::compute

#endif  // HWY_ONCE
