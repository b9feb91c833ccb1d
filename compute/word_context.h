// What stands left of an address or a digest.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_WORD_CONTEXT_H_
#define TRAWL_COMPUTE_WORD_CONTEXT_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "compute/context.h"
#include "compute/finding.h"

namespace trawl::compute {

// Where the row of ASCII alphanumerics that goes on at `position` begins, once an escape before it
// is cut off; the cut may end right of `position`. Nothing where more than `max_bytes` of the row
// are left of `position`.
std::optional<size_t> WordBegin(std::string_view text, size_t position, size_t max_bytes);

// The reason that a context is.
Reason ReasonOf(LeftContext context);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_WORD_CONTEXT_H_
