// URLs and mailboxes as the reference sees them: rules of docs/kinds.md on strings.
//
// Thread-safety: one thread at a time.

#ifndef TRAWL_TESTS_SUPPORT_REFERENCE_URL_H_
#define TRAWL_TESTS_SUPPORT_REFERENCE_URL_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/reference_address.h"
#include "tests/support/reference_detector.h"
#include "tests/support/reference_kinds.h"

namespace trawl::test {

class ReferenceUrl : public ReferenceAddress {
 public:
  ReferenceUrl(const compute::Ruleset& ruleset, std::string_view document,
               const compute::ScanOptions& options);

  std::vector<KindFinding> Urls() const;
  std::vector<KindFinding> Emails() const;
  // IPv4 addresses that only URLs may hold.
  std::vector<KindFinding> ObfuscatedAddresses() const;

 private:
  struct Scheme {
    size_t begin = 0;
    size_t end = 0;
    string name;
    bool defanged = false;
    bool glued = false;
  };
  struct Host {
    size_t end = 0;
    string value;
    string registrable;
    compute::Confidence confidence = compute::Confidence::kHigh;
    uint64_t reasons = 0;
  };
  struct Tail {
    size_t end = 0;
    string text;
    bool truncated = false;
  };

  std::optional<Scheme> SchemeAt(size_t name_end) const;
  std::pair<size_t, size_t> UserinfoAt(size_t begin) const;
  std::optional<Host> HostAt(size_t begin) const;
  Tail TailAt(size_t url_begin, size_t begin) const;
  std::optional<KindFinding> Url(const Scheme& scheme) const;
  std::optional<KindFinding> Email(size_t at, size_t sign, bool defanged) const;

  std::map<size_t, ReferenceFinding> domains_;  // of any confidence, by begin
};

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_REFERENCE_URL_H_
