// The kernels of the kinds other than domains: each finds the places of one kind.
//
// A place is a byte that shows that an indicator may be around it. Which bytes are places depends
// on a byte and its neighbours alone, so a kernel finds 64 in a few instructions; what is at a
// place is decided elsewhere. Places are few in most text, and everything that a detector finds has
// one.
//
// Thread-safety: constant data; any thread.

#ifndef TRAWL_COMPUTE_PLACE_KERNEL_H_
#define TRAWL_COMPUTE_PLACE_KERNEL_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "compute/kernel.h"

namespace trawl::compute {

struct PlaceKernel {
  // Sets bit i of places[w] where byte 64 * w + i is a place; reads one byte left of `bytes` and
  // two right of the words.
  using Find = void (*)(const unsigned char* bytes, size_t words, uint64_t* places);

  std::string_view name;  // that of a Kernel, or what it begins with
  // `:` before `/` `\` `_` or `]`; `__` after p or s.
  Find url;
  // `@`; `(at`, `[at` and `{at` in any case; `%40`.
  Find email;
  // A digit before a dot and a digit or `]`, or before a bracket or backslash and a dot or `d`;
  // and, before a digit, `@`, a second one of `/` `\` `_`, or a closing bracket after `/`, `@` or
  // `t`.
  Find ipv4;
  // `:` before `:`, or between hexadecimal digits.
  Find ipv6;
  // Hexadecimal digits.
  Find hexadecimal;

  // The one for the instruction set of `kernel`: `avx512` also for `avx512_gfni`.
  static const PlaceKernel& Of(const Kernel& kernel);
  // Those that this processor runs, "scalar" last.
  static const std::vector<PlaceKernel>& All();
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_PLACE_KERNEL_H_
