// The place kernels that are made for each instruction set from one source.

#ifndef TRAWL_COMPUTE_PLACE_KERNEL_SIMD_H_
#define TRAWL_COMPUTE_PLACE_KERNEL_SIMD_H_

#include <vector>

#include "compute/place_kernel.h"

namespace trawl::compute {

// Those that this processor runs, the best first.
std::vector<PlaceKernel> SimdPlaceKernels();

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_PLACE_KERNEL_SIMD_H_
