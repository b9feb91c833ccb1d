#include "tests/bench/regex_peer.h"

#include <utility>

namespace trawl::bench {

std::vector<NamedPeer>& RegexPeers() {
  static auto& peers = *new std::vector<NamedPeer>;
  return peers;
}

bool Register(std::string name, std::unique_ptr<RegexPeer> peer) {
  RegexPeers().push_back({std::move(name), std::move(peer)});
  return true;
}

}  // namespace trawl::bench
