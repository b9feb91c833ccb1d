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
#include "compute/lookalikes.h"

namespace trawl::compute {

// What is known of a host. The reasons of what was cut off it are already in `reasons`.
struct HostFacts {
  std::string_view document;
  size_t begin = 0;  // of the host in the document, half-open [begin, end)
  size_t end = 0;
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
  const Lookalikes* lookalikes = nullptr;  // without them, nothing is a newsgroup or a product
  Reasons reasons;
};

struct Grade {
  Confidence confidence = Confidence::kHigh;
  Reasons reasons;
};

// The generic TLDs under which text has domains far more often than code.
inline bool IsUsualTld(std::string_view tld) {
  return tld == "com" || tld == "org" || tld == "net" || tld == "edu" || tld == "gov" ||
         tld == "mil";
}

// The TLDs under which names of one letter are well known: x.com, t.co, t.me.
inline bool HasLetters(std::string_view tld) {
  return tld == "com" || tld == "net" || tld == "org" || tld == "co" || tld == "me";
}

// Whether a name under a TLD of these bits may be an identifier that is no host: one in reverse-DNS
// order or a newsgroup. Names under the usual TLDs and most countries' are hosts.
inline bool MayBeIdentifier(std::string_view tld, uint8_t tld_bits) {
  if (tld.size() != 2) return !IsUsualTld(tld);
  return tld == "io" || (tld_bits & (Lookalikes::kFile | Lookalikes::kWord)) != 0;
}

// Whether a name may be a property of an object in code, whatever its TLD looks like.
inline bool MayBeObject(std::string_view value) {
  const std::string_view start = value.substr(0, 5);
  return start == "this." || start == "self.";
}

// The context's reason, which `facts` are anchored by.
Reason ContextOf(const HostFacts& facts);

Grade GradeHost(const HostFacts& facts);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_CONFIDENCE_H_
