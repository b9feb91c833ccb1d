// The public-suffix list: under which names the public registers domains, and which names are
// top-level domains.
//
// The format is that of https://publicsuffix.org/list/: an ICANN and a PRIVATE section, one rule a
// line, `*.` for any one label, `!` for an exception to such a rule. Rules in U-form are kept in
// A-form. The right-most labels of the ICANN section's rules are the TLDs.
//
//   absl::StatusOr<PublicSuffixList> list = PublicSuffixList::Parse(text);
//   list->Find("www.example.co.uk").all    // 5, the size of "co.uk"
//
// Immutable after Parse; const access from any thread.

#ifndef TRAWL_COMPUTE_PUBLIC_SUFFIX_LIST_H_
#define TRAWL_COMPUTE_PUBLIC_SUFFIX_LIST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace trawl::compute {

class PublicSuffixList {
 public:
  // The public suffixes of a host, as sizes in bytes: each is that long a suffix of the host.
  struct Suffixes {
    size_t icann = 0;  // by the rules of the ICANN section alone
    size_t all = 0;    // by the rules of both sections

    bool is_private() const { return all != icann; }
  };

  // A list without rules.
  PublicSuffixList() = default;

  // kInvalidArgument names the line.
  static absl::StatusOr<PublicSuffixList> Parse(std::string_view text);

  // `host` is in A-form and lower case, without a final dot. Where no rule fits, the last label is
  // the public suffix, as the list's rule "*" has it. Where an exception fits, it prevails.
  Suffixes Find(std::string_view host) const;

  // Whether `label`, in A-form and lower case, is a top-level domain.
  bool IsTld(std::string_view label) const;

  // Whether any label left of `suffix`, in A-form and lower case, makes a longer public suffix.
  bool HasWildcard(std::string_view suffix) const;

  // All names of so many labels that are a public suffix or that one ends in.
  std::vector<std::string> NamesOf(size_t labels) const;

  // All top-level domains in A-form, sorted.
  const std::vector<std::string>& tlds() const { return tlds_; }

  size_t rule_count() const { return rule_count_; }

  // What the list's "VERSION:" line says, if it has one.
  const std::optional<absl::Time>& date() const { return date_; }

 private:
  absl::flat_hash_map<std::string, uint8_t> rules_;
  std::vector<std::string> tlds_;
  size_t rule_count_ = 0;
  std::optional<absl::Time> date_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_PUBLIC_SUFFIX_LIST_H_
