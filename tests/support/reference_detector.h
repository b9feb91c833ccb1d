// Finds domain names the slow and obvious way, to hold DomainDetector against.
//
// The whole document is decoded to symbols, the symbols are grouped to runs, and docs/semantics.md
// is followed rule by rule on strings. Nothing is shared with the fast detector but the Ruleset and
// ICU: numbers and rules are stated again here.
//
// Thread-safety: one thread at a time.

#ifndef TRAWL_TESTS_SUPPORT_REFERENCE_DETECTOR_H_
#define TRAWL_TESTS_SUPPORT_REFERENCE_DETECTOR_H_

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "compute/detector.h"
#include "compute/finding.h"
#include "compute/ruleset.h"

namespace trawl::test {

// A finding with its values, comparable and printable.
struct ReferenceFinding {
  uint64_t begin = 0;
  uint64_t end = 0;
  std::string value;
  std::string registrable_domain;
  compute::Confidence confidence = compute::Confidence::kHigh;
  uint64_t reasons = 0;  // the bits of Reasons

  friend bool operator==(const ReferenceFinding&, const ReferenceFinding&) = default;
  friend std::ostream& operator<<(std::ostream& out, const ReferenceFinding& finding);
};

// All domains of `document`, in order.
std::vector<ReferenceFinding> FindDomainsByReference(const compute::Ruleset& ruleset,
                                                     std::string_view document,
                                                     const compute::ScanOptions& options);

// The findings of a list in the same form.
std::vector<ReferenceFinding> ToReference(const compute::FindingList& findings);

// "HIGH:example.com"
std::string GradedValue(const ReferenceFinding& finding);

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_REFERENCE_DETECTOR_H_
