// The data that the rules run with: the public-suffix list with its TLDs, and the look-alike lists.
//
// Loaded once at start, immutable after, shared by all detectors. Same bytes, options and
// Ruleset::version: same findings.

#ifndef TRAWL_COMPUTE_RULESET_H_
#define TRAWL_COMPUTE_RULESET_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "compute/lookalikes.h"
#include "compute/public_suffix_list.h"

namespace trawl::compute {

// Where the data come from.
struct RulesetPaths {
  // A list in the format of publicsuffix.org. Empty: the system's
  // (/usr/share/publicsuffix/public_suffix_list.dat) where it is readable, else the built-in one.
  std::string public_suffix_list;
  // A file as compute/data/lookalikes.txt describes it. Empty: the built-in one.
  std::string lookalikes;
};

struct Ruleset {
  // A file named in `paths` that cannot be read or parsed is an error that names the file and, for
  // a parse error, the line.
  static absl::StatusOr<Ruleset> Load(const RulesetPaths& paths);

  std::string version;               // e.g. "2+psl.8d21f3aa+look.2.3f6c52b7+unicode.15.0"
  std::string public_suffix_source;  // the file's path, or "built-in"
  std::optional<absl::Time> public_suffix_date;
  std::string unicode_version;  // of UTS #46's data, e.g. "15.0"
  PublicSuffixList public_suffixes;
  Lookalikes lookalikes;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_RULESET_H_
