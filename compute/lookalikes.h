// The lists of top-level domains that look like something else: file extensions and words.
//
// A domain that stands bare in text and ends in one of them is graded lower (docs/semantics.md,
// "Confidence"). The file compute/data/lookalikes.txt is the built-in one and explains the format.
//
// Immutable after Parse; const access from any thread.

#ifndef TRAWL_COMPUTE_LOOKALIKES_H_
#define TRAWL_COMPUTE_LOOKALIKES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

namespace trawl::compute {

class Lookalikes {
 public:
  // What a TLD looks like; the bits of Classes().
  enum Class : uint8_t {
    kFile = 1,      // a file extension: readme.md
    kWord = 2,      // a word of prose or code: done.it, user.name
    kWordGtld = 4,  // a dictionary word of four letters and more: token.claims
  };

  // Lists without entries.
  Lookalikes() = default;

  // kInvalidArgument names the line.
  static absl::StatusOr<Lookalikes> Parse(std::string_view text);

  // The classes of `tld`, lower case; 0 for none. Entries need not be TLDs.
  uint8_t Classes(std::string_view tld) const;

  // What the file's "version" line says.
  int version() const { return version_; }

 private:
  absl::flat_hash_map<std::string, uint8_t> classes_;
  int version_ = 0;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_LOOKALIKES_H_
