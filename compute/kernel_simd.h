// The kernels that are made for each instruction set from one source, and what is written for one.

#ifndef TRAWL_COMPUTE_KERNEL_SIMD_H_
#define TRAWL_COMPUTE_KERNEL_SIMD_H_

#include <vector>

#include "compute/kernel.h"

namespace trawl::compute {

// Those that this processor runs, the best first.
std::vector<Kernel> SimdKernels();

// The part of one that is written for AVX-512 with VBMI and GFNI; nullptr where the processor does
// not run it.
Kernel::Classify GfniClassify();

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_KERNEL_SIMD_H_
