// The kernels that are made for each instruction set from one source.

#ifndef TRAWL_COMPUTE_KERNEL_SIMD_H_
#define TRAWL_COMPUTE_KERNEL_SIMD_H_

#include <vector>

#include "compute/kernel.h"

namespace trawl::compute {

// Those that this processor runs, the best first.
std::vector<Kernel> SimdKernels();

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_KERNEL_SIMD_H_
