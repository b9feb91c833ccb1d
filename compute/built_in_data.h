// The data files that are part of the program. The build writes built_in_data.cc with embed.cmake.

#ifndef TRAWL_COMPUTE_BUILT_IN_DATA_H_
#define TRAWL_COMPUTE_BUILT_IN_DATA_H_

#include <string_view>

namespace trawl::compute {

// The public-suffix list of the system that built the program.
extern const std::string_view kBuiltInPublicSuffixList;

// compute/data/lookalikes.txt.
extern const std::string_view kBuiltInLookalikes;

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_BUILT_IN_DATA_H_
