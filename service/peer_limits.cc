#include "service/peer_limits.h"

#include <arpa/inet.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "service/error.h"

namespace trawl::service {
namespace {

// How soon a peer has room depends on nobody but itself.
constexpr std::chrono::milliseconds kRetryDelay(100);

// "ipv4:192.0.2.1:4711" gives "192.0.2.1"; "ipv6:%5B2001:db8::1%5D:4711" gives "2001:db8::/64".
std::string NameOf(const std::string& peer) {
  if (!absl::StartsWith(peer, "ipv4:") && !absl::StartsWith(peer, "ipv6:")) {
    return peer.substr(0, peer.find(':'));
  }
  std::string host = peer.substr(5, peer.rfind(':') - 5);
  host = absl::StrReplaceAll(host, {{"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}});
  in6_addr address{};
  if (inet_pton(AF_INET6, host.substr(0, host.find('%')).c_str(), &address) != 1) return host;
  std::fill(std::begin(address.s6_addr) + 8, std::end(address.s6_addr), 0);
  char text[INET6_ADDRSTRLEN];
  return absl::StrCat(inet_ntop(AF_INET6, &address, text, sizeof(text)), "/64");
}

absl::Status Refuse(const std::string& name, const char* unit, uint64_t value, uint64_t limit) {
  return TryLater("PEER_LIMIT",
                  absl::StrCat(name, " would have ", value, " ", unit,
                               " in flight, the limit for each peer is ", limit),
                  kRetryDelay,
                  {{"value", absl::StrCat(value)}, {"limit", absl::StrCat(limit)}, {"unit", unit}});
}

}  // namespace

absl::StatusOr<PeerLimits::Ticket> PeerLimits::Admit(const std::string& peer, uint64_t bytes) {
  const std::string name = NameOf(peer);
  std::lock_guard lock(mutex_);
  const auto found = loads_.find(name);
  const Load load = found != loads_.end() ? found->second : Load();
  if (options_.max_calls > 0 && load.calls >= options_.max_calls) {
    return Refuse(name, "calls", load.calls + 1, options_.max_calls);
  }
  if (options_.max_bytes > 0 &&
      (load.bytes > options_.max_bytes || bytes > options_.max_bytes - load.bytes)) {
    return Refuse(name, "bytes", load.bytes + bytes, options_.max_bytes);
  }
  Ticket ticket;
  ticket.peer_ = found != loads_.end() ? found : loads_.emplace(name, Load()).first;
  ticket.peer_->second.calls += 1;
  ticket.peer_->second.bytes += bytes;
  ticket.bytes_ = bytes;
  ticket.limits_ = this;
  return ticket;
}

size_t PeerLimits::peers() const {
  std::lock_guard lock(mutex_);
  return loads_.size();
}

void PeerLimits::Resize(Loads::iterator peer, uint64_t from, uint64_t to) {
  std::lock_guard lock(mutex_);
  peer->second.bytes += to - from;
}

void PeerLimits::Release(Loads::iterator peer, uint64_t bytes) {
  std::lock_guard lock(mutex_);
  peer->second.bytes -= bytes;
  if (--peer->second.calls == 0) loads_.erase(peer);
}

}  // namespace trawl::service
