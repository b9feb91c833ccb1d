// The lists of what looks like a domain and is more often something else: top-level domains that
// are file extensions or words, beginnings of newsgroups, products.
//
// A domain that stands bare or in a path and is in one of them is graded lower (docs/semantics.md,
// "Confidence"). The file compute/data/lookalikes.txt is the built-in one and explains the format.
//
// Immutable after Parse; const access from any thread.

#ifndef TRAWL_COMPUTE_LOOKALIKES_H_
#define TRAWL_COMPUTE_LOOKALIKES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"

namespace trawl::compute {

class Lookalikes {
 public:
  // What a TLD looks like; the bits of Classes(). TldTable has 8 and 16.
  enum Class : uint8_t {
    kFile = 1,      // a file extension: readme.md
    kWord = 2,      // a word of prose or code: done.it, user.name
    kWordGtld = 4,  // a dictionary word of four letters and more: token.claims
    kPathFile = 32  // a file extension, but only in a path: /etc/postfix/main.cf
  };

  // Lists without entries.
  Lookalikes() = default;

  // kInvalidArgument names the line.
  static absl::StatusOr<Lookalikes> Parse(std::string_view text);

  // The classes of `tld`, lower case; 0 for none. Entries need not be TLDs.
  uint8_t Classes(std::string_view tld) const;

  // Whether `name`, lower case and of three labels or more, begins as a newsgroup does.
  bool IsNewsgroup(std::string_view name) const;

  // Whether a product is written exactly so: ASP.NET. Its TLD then begins with a capital.
  bool IsProduct(std::string_view written) const;

  // What the file's "version" line says.
  int version() const { return version_; }

 private:
  absl::Status Add(std::string_view keyword, std::string_view entry);

  absl::flat_hash_map<std::string, uint8_t> classes_;
  absl::flat_hash_set<std::string> newsgroups_;  // their first label or two
  absl::flat_hash_set<std::string> products_;
  int version_ = 0;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_LOOKALIKES_H_
