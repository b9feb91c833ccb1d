// Why a place of a document is in a finding, or in none.
//
// HostFinder ends with one of these for each segment, DomainDetector::Explain for each byte.

#ifndef TRAWL_COMPUTE_VERDICT_H_
#define TRAWL_COMPUTE_VERDICT_H_

#include <cstdint>

namespace trawl::compute {

// Numbers and meanings equal those of trawl.v1.Verdict.
enum class Verdict : uint8_t {
  kFinding = 1,
  kBelowMinConfidence = 2,
  kOutsideHost = 3,
  kSeparator = 4,
  kNoDot = 5,
  kFewerThanTwoLabels = 6,
  kNoTld = 7,
  kDigitsAfterTld = 8,
  kTailTooLong = 9,
  kInvalidRegistrableLabel = 10,
  kTooLong = 11,
  kSpecialUse = 12,
  kUnknownTldNotInUrl = 13,
  kPublicSuffix = 14,
  kLocalPart = 15,
  kUserinfo = 16,
};
inline constexpr uint8_t kMaxVerdict = 16;

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_VERDICT_H_
