// The kernels that are made for each instruction set from one source, and what is written for one.

#ifndef TRAWL_COMPUTE_KERNEL_SIMD_H_
#define TRAWL_COMPUTE_KERNEL_SIMD_H_

#include <vector>

#include "compute/kernel.h"

namespace trawl::compute {

// Those that this processor runs, the best first.
std::vector<Kernel> SimdKernels();

// For those that have none of their own.
size_t ListScalar(const uint64_t* words, size_t count, uint16_t* numbers);

// The parts of one that are written for AVX-512 with VBMI, VBMI2 and GFNI; nullptr where the
// processor does not run them.
Kernel::Classify GfniClassify();
Kernel::List GfniList();

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_KERNEL_SIMD_H_
