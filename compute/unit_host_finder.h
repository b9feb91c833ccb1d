// Decides at once about the simple ones among the segments that have units: hosts in other scripts,
// next to them, or with dots in other notations.
//
// What HostFinder decides about any segment, this decides about those of valid labels that end in a
// TLD, with nothing to trim, to cut off or to ignore, from the units alone and without ICU. It
// never guesses: where anything is not simple, HostFinder goes on.
//
// Thread-safety: const access from any thread.

#ifndef TRAWL_COMPUTE_UNIT_HOST_FINDER_H_
#define TRAWL_COMPUTE_UNIT_HOST_FINDER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compute/detector.h"
#include "compute/found_host.h"
#include "compute/ruleset.h"
#include "compute/segment.h"
#include "compute/suffix_index.h"
#include "compute/tld_table.h"
#include "compute/unit_host_memo.h"
#include "compute/unit_name.h"
#include "compute/verdict.h"

namespace trawl::compute {

struct HostFacts;

class UnitHostFinder {
 public:
  // `ruleset` outlives it.
  explicit UnitHostFinder(const Ruleset& ruleset);

  // Whether the segment, which has units, is simple; `verdict` and `found` are then as
  // HostFinder::Find gives them. `memo` has been used with this finder only, and one `defang`.
  bool Find(std::string_view document, const Segment& segment, const ScanOptions& options,
            UnitHostMemo& memo, FoundHost& found, Verdict& verdict) const;

 private:
  enum class Outcome { kNotSimple, kNoTld, kHost };

  Outcome Read(const Segment& segment, UnitHost& host, FoundHost& found) const;
  bool ReadTld(const UnitName& name, UnitHost& host, SuffixIndex::Tld& known) const;
  bool ReadSuffix(const UnitName& name, SuffixIndex::Tld known, UnitHost& host) const;
  // Sets the confidence and the reasons.
  static void Rate(const HostFacts& facts, const UnitHost& host, Finding& finding);

  const Ruleset& ruleset_;
  const TldTable tlds_;
  const SuffixIndex suffixes_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_UNIT_HOST_FINDER_H_
