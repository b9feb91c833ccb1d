#include <re2/re2.h>

#include "tests/bench/regex_peer.h"

namespace trawl::bench {
namespace {

RE2::Options Options() {
  RE2::Options options(RE2::Latin1);
  options.set_case_sensitive(false);
  return options;
}

class Re2Peer final : public RegexPeer {
 public:
  absl::StatusOr<uint64_t> CountMatches(std::string_view text) override {
    if (!regex_.ok()) return absl::InternalError(regex_.error());
    const re2::StringPiece whole(text.data(), text.size());
    uint64_t count = 0;
    re2::StringPiece match;
    for (size_t at = 0; regex_.Match(whole, at, whole.size(), RE2::UNANCHORED, &match, 1);
         at = static_cast<size_t>(match.end() - whole.begin())) {
      ++count;
    }
    return count;
  }

 private:
  const RE2 regex_{kDomainRegex, Options()};
};

const bool kRegistered = Register("re2", std::make_unique<Re2Peer>());

}  // namespace
}  // namespace trawl::bench
