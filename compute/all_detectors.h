// One detector for each kind.

#ifndef TRAWL_COMPUTE_ALL_DETECTORS_H_
#define TRAWL_COMPUTE_ALL_DETECTORS_H_

#include <memory>
#include <vector>

#include "compute/detector.h"
#include "compute/kernel.h"
#include "compute/ruleset.h"

namespace trawl::compute {

// In order of kinds. `ruleset` and `kernel` outlive them.
std::vector<std::unique_ptr<const Detector>> AllDetectors(const Ruleset& ruleset,
                                                          const Kernel& kernel);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_ALL_DETECTORS_H_
