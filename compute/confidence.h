// How sure it is that a host in text is meant as one: docs/semantics.md, "Confidence".
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_CONFIDENCE_H_
#define TRAWL_COMPUTE_CONFIDENCE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compute/context.h"
#include "compute/finding.h"

namespace trawl::compute {

// What is known of a host. The reasons of what was cut off it are already in `reasons`.
struct HostFacts {
  std::string_view value;        // A-form, lower case
  std::string_view tld;          // of the value
  std::string_view written_tld;  // as in the document
  std::string_view written;      // the host as in the document
  size_t label_count = 0;
  size_t suffix_size = 0;       // of the public suffix, both sections
  size_t registrable_size = 0;  // of the registrable domain
  uint8_t tld_bits = 0;         // as TldTable has them
  LeftContext left = LeftContext::kBare;
  bool defanged = false;  // \. does not count
  Evidence evidence = Evidence::kNone;
  char follower = '\0';  // the byte right of the host, where the run ends there
  bool unknown_tld = false;
  Reasons reasons;
};

struct Grade {
  Confidence confidence = Confidence::kHigh;
  Reasons reasons;
};

// The context's reason, which `facts` are anchored by.
Reason ContextOf(const HostFacts& facts);

Grade GradeHost(const HostFacts& facts);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_CONFIDENCE_H_
