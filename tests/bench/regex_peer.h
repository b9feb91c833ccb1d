// Regular-expression engines that do, on the same bytes, what people would otherwise do: look for
// kDomainRegex. That is far less than what Trawl does (no TLDs, no contexts, no Unicode, no
// defanged forms), so they have the advantage.
//
// Each engine is one source file, which is built where its library is installed and enters itself
// with Register. A peer belongs to one thread.

#ifndef TRAWL_TESTS_BENCH_REGEX_PEER_H_
#define TRAWL_TESTS_BENCH_REGEX_PEER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace trawl::bench {

// Without case. The plainest that finds domains, and of those tried the one that suits all engines
// best: with bounds on labels and names Vectorscan refuses to report starts.
inline constexpr char kDomainRegex[] = "[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.[a-z]{2,}";

class RegexPeer {
 public:
  virtual ~RegexPeer() = default;

  // Walks over all matches. The number of them as the engine counts: leftmost matches that do not
  // overlap, but for Vectorscan, which reports every byte at which some match ends. An error where
  // the engine gives up.
  virtual absl::StatusOr<uint64_t> CountMatches(std::string_view text) = 0;
};

struct NamedPeer {
  std::string name;
  std::unique_ptr<RegexPeer> peer;
};

// Those that are built in.
std::vector<NamedPeer>& RegexPeers();

// For a namespace-scope constant of a peer's source file.
bool Register(std::string name, std::unique_ptr<RegexPeer> peer);

}  // namespace trawl::bench

#endif  // TRAWL_TESTS_BENCH_REGEX_PEER_H_
