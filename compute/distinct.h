// The distinct values of a report.

#ifndef TRAWL_COMPUTE_DISTINCT_H_
#define TRAWL_COMPUTE_DISTINCT_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "compute/engine.h"
#include "compute/finding.h"

namespace trawl::compute {

// One value; the views are those of the report.
struct DistinctValue {
  Kind kind = Kind::kDomain;
  std::string_view value;
  std::string_view registrable_domain;
  uint64_t count = 0;
  uint64_t first_begin = 0;
  Confidence highest_confidence = Confidence::kLow;
};

// In order of first occurrence.
std::vector<DistinctValue> DistinctValues(const Report& report);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_DISTINCT_H_
