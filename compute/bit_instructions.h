// For loops that are compiled a second time, for processors that count leading zeros and shift by
// any register in one operation each.
//
// Such a loop is an inline function that two others call, one of which is marked with
// TRAWL_BIT_INSTRUCTIONS and called where Kernel::bit_instructions is set.

#ifndef TRAWL_COMPUTE_BIT_INSTRUCTIONS_H_
#define TRAWL_COMPUTE_BIT_INSTRUCTIONS_H_

#include <cstdint>

#if defined(__x86_64__)
#define TRAWL_BIT_INSTRUCTIONS __attribute__((target("avx2,bmi,bmi2,lzcnt")))
#else
#define TRAWL_BIT_INSTRUCTIONS
#endif

namespace trawl::compute {

// Of what is not 0.
[[gnu::always_inline]] inline unsigned LeadingZeros(uint64_t bits) {
  return static_cast<unsigned>(__builtin_clzll(bits));
}

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_BIT_INSTRUCTIONS_H_
