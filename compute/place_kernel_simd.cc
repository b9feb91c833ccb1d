// One source, compiled for each instruction set by google/highway. Bytes are compared with the few
// that matter; neighbours are loads one byte further.

#include "compute/place_kernel_simd.h"

#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compute/place_kernel_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace trawl::compute {
namespace HWY_NAMESPACE {

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<uint8_t, 64>;
using Bytes = hn::Vec<Tag>;
using Mask = hn::Mask<Tag>;

HWY_INLINE Mask Is(Bytes v, char c) { return hn::Eq(v, hn::Set(Tag(), static_cast<uint8_t>(c))); }

HWY_INLINE Mask IsLetter(Bytes v, char lower) { return Is(hn::Or(v, hn::Set(Tag(), 0x20)), lower); }

// first <= v <= last.
HWY_INLINE Mask IsIn(Bytes v, char first, char last) {
  const Tag d;
  const Bytes offset = hn::Sub(v, hn::Set(d, static_cast<uint8_t>(first)));
  const Bytes range = hn::Set(d, static_cast<uint8_t>(last - first));
  return hn::Eq(hn::Min(offset, range), offset);
}

HWY_INLINE Mask IsDigit(Bytes v) { return IsIn(v, '0', '9'); }
HWY_INLINE Mask IsHex(Bytes v) {
  return hn::Or(IsDigit(v), IsIn(hn::Or(v, hn::Set(Tag(), 0x20)), 'a', 'f'));
}
HWY_INLINE Mask IsSlash(Bytes v) { return hn::Or(hn::Or(Is(v, '/'), Is(v, '\\')), Is(v, '_')); }
HWY_INLINE Mask IsOpening(Bytes v) {
  // `[` and `{` differ in the bit that cases do.
  return hn::Or(Is(v, '('), IsLetter(v, '{'));
}

HWY_INLINE Bytes Load(const unsigned char* bytes) { return hn::LoadU(Tag(), bytes); }

struct Url {
  static HWY_INLINE Mask At(const unsigned char* bytes) {
    const Bytes here = Load(bytes);
    const Bytes next = Load(bytes + 1);
    const Bytes before = Load(bytes - 1);
    const Mask colon = hn::And(Is(here, ':'), hn::Or(IsSlash(next), Is(next, ']')));
    const Mask letter = hn::Or(IsLetter(before, 'p'), IsLetter(before, 's'));
    return hn::Or(colon, hn::And(hn::And(Is(here, '_'), Is(next, '_')), letter));
  }
};

struct Email {
  static HWY_INLINE Mask At(const unsigned char* bytes) {
    const Bytes here = Load(bytes);
    const Bytes next = Load(bytes + 1);
    const Bytes after_next = Load(bytes + 2);
    const Mask word =
        hn::And(IsOpening(here), hn::And(IsLetter(next, 'a'), IsLetter(after_next, 't')));
    const Mask percent = hn::And(Is(here, '%'), hn::And(Is(next, '4'), Is(after_next, '0')));
    return hn::Or(Is(here, '@'), hn::Or(word, percent));
  }
};

struct Ipv4 {
  static HWY_INLINE Mask At(const unsigned char* bytes) {
    const Bytes here = Load(bytes);
    const Bytes next = Load(bytes + 1);
    const Bytes after_next = Load(bytes + 2);
    const Bytes before = Load(bytes - 1);
    const Mask dot = hn::And(Is(next, '.'), hn::Or(IsDigit(after_next), Is(after_next, ']')));
    const Mask bracket = hn::And(hn::Or(IsOpening(next), Is(next, '\\')),
                                 hn::Or(Is(after_next, '.'), IsLetter(after_next, 'd')));
    const Mask octet = hn::And(IsDigit(here), hn::Or(dot, bracket));
    const Mask slashes = hn::And(IsSlash(here), IsSlash(before));
    const Mask closing = hn::Or(Is(here, ')'), IsLetter(here, '}'));
    const Mask sign = hn::Or(hn::Or(Is(before, '/'), Is(before, '@')), IsLetter(before, 't'));
    const Mask bracketed = hn::And(closing, sign);
    const Mask authority = hn::Or(Is(here, '@'), hn::Or(slashes, bracketed));
    return hn::Or(octet, hn::And(IsDigit(next), authority));
  }
};

struct Ipv6 {
  static HWY_INLINE Mask At(const unsigned char* bytes) {
    const Bytes next = Load(bytes + 1);
    const Mask between = hn::And(IsHex(next), IsHex(Load(bytes - 1)));
    return hn::And(Is(Load(bytes), ':'), hn::Or(Is(next, ':'), between));
  }
};

struct Hexadecimal {
  static HWY_INLINE Mask At(const unsigned char* bytes) { return IsHex(Load(bytes)); }
};

template <typename Place>
void Find(const unsigned char* HWY_RESTRICT bytes, size_t words, uint64_t* HWY_RESTRICT places) {
  const Tag d;
  const size_t lanes = hn::Lanes(d);
  uint8_t* out = reinterpret_cast<uint8_t*>(places);
  for (size_t i = 0; i < 64 * words; i += lanes) {
    hn::StoreMaskBits(d, Place::At(bytes + i), out + i / 8);
  }
}

PlaceKernel Make(std::string_view name) {
  return {name, Find<Url>, Find<Email>, Find<Ipv4>, Find<Ipv6>, Find<Hexadecimal>};
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace trawl::compute
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace trawl::compute {

std::vector<PlaceKernel> SimdPlaceKernels() {
  std::vector<PlaceKernel> kernels;
  [[maybe_unused]] const int64_t supported = hwy::SupportedTargets();
#if HWY_TARGETS & HWY_AVX3
  if (supported & HWY_AVX3) kernels.push_back(N_AVX3::Make("avx512"));
#endif
#if HWY_TARGETS & HWY_AVX2
  if (supported & HWY_AVX2) kernels.push_back(N_AVX2::Make("avx2"));
#endif
#if HWY_TARGETS & HWY_SSE4
  if (supported & HWY_SSE4) kernels.push_back(N_SSE4::Make("sse4"));
#endif
#if HWY_TARGETS & HWY_SSSE3
  if (supported & HWY_SSSE3) kernels.push_back(N_SSSE3::Make("ssse3"));
#endif
#if HWY_TARGETS & HWY_NEON
  if (supported & HWY_NEON) kernels.push_back(N_NEON::Make("neon"));
#endif
  return kernels;
}

}  // namespace trawl::compute

#endif  // HWY_ONCE
