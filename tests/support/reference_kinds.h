// Finds all kinds of indicators the slow and obvious way, to hold the detectors against.
//
// Every byte of a document is tried, docs/kinds.md is followed rule by rule, and hosts are those of
// reference_detector.h. Nothing is shared with the detectors but the Ruleset and ICU.
//
// Thread-safety: one thread at a time.

#ifndef TRAWL_TESTS_SUPPORT_REFERENCE_KINDS_H_
#define TRAWL_TESTS_SUPPORT_REFERENCE_KINDS_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "compute/detector.h"
#include "compute/finding.h"
#include "compute/kind_merge.h"
#include "compute/ruleset.h"

namespace trawl::test {

// A finding of any kind with its values, comparable and printable.
struct KindFinding {
  compute::Kind kind = compute::Kind::kDomain;
  uint64_t begin = 0;
  uint64_t end = 0;
  std::string value;
  std::string registrable_domain;
  compute::Confidence confidence = compute::Confidence::kHigh;
  uint64_t reasons = 0;  // the bits of Reasons

  friend bool operator==(const KindFinding&, const KindFinding&) = default;
  friend std::ostream& operator<<(std::ostream& out, const KindFinding& finding);
};

// "URL", "SHA256" and so on, as in the contract.
std::string NameOf(compute::Kind kind);

// All findings of all kinds in order, as many as `nesting` leaves.
std::vector<KindFinding> FindKindsByReference(const compute::Ruleset& ruleset,
                                              std::string_view document,
                                              const compute::ScanOptions& options,
                                              compute::Nesting nesting);

// The findings of a list in the same form.
std::vector<KindFinding> ToKindFindings(const compute::FindingList& findings);

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_REFERENCE_KINDS_H_
