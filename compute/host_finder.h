// Decides what host a segment holds, if any.
//
// Thread-safety: const access from any thread; HostScratch is the caller's.

#ifndef TRAWL_COMPUTE_HOST_FINDER_H_
#define TRAWL_COMPUTE_HOST_FINDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compute/detector.h"
#include "compute/finding.h"
#include "compute/found_host.h"
#include "compute/host_labels.h"
#include "compute/ruleset.h"
#include "compute/segment.h"
#include "compute/tld_table.h"
#include "compute/unit_host_finder.h"
#include "compute/unit_host_memo.h"
#include "compute/verdict.h"

namespace trawl::compute {

// What Find uses again and again in one scan, with one finder and one `defang`.
struct HostScratch {
  // Does not set what labels leave unset.
  HostScratch();

  HostLabels labels;
  UnitHostMemo memo;
};

class HostFinder {
 public:
  // `ruleset` outlives it.
  explicit HostFinder(const Ruleset& ruleset)
      : ruleset_(ruleset), tlds_(ruleset), unit_finder_(ruleset) {}

  // kFinding where `segment` holds a host of at least the confidence asked for; `found` is set
  // then. Else the reason why not, which is exact where LOW is asked for: above that, the search
  // ends at the first sign that there is nothing to report.
  Verdict Find(std::string_view document, const Segment& segment, const ScanOptions& options,
               HostScratch& scratch, FoundHost& found) const;

 private:
  struct Tld {
    size_t label = 0;  // its number from the right
    size_t end = 0;    // in the document
    std::string_view text;
    uint8_t bits = 0;
    Reasons cuts;
    bool unknown = false;
  };

  // False where the last label, being ASCII, shows that nothing is to be reported.
  bool MayHaveTld(std::string_view document, const Segment& segment,
                  const ScanOptions& options) const;
  // Both give kFinding where nothing speaks against a host.
  Verdict FindTld(std::string_view document, const Segment& segment, const ScanOptions& options,
                  HostLabels& labels, Tld& tld) const;
  Verdict TakeLabels(const Tld& tld, HostLabels& labels, FoundHost& found, Reasons& reasons,
                     size_t& label_count) const;
  bool MatchTld(std::string_view document, const ScanOptions& options, HostLabels& labels, size_t i,
                Tld& tld) const;
  uint8_t TldBits(std::string_view label, const ScanOptions& options) const;

  const Ruleset& ruleset_;
  const TldTable tlds_;
  const UnitHostFinder unit_finder_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_HOST_FINDER_H_
