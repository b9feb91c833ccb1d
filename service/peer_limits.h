// Keeps one peer from taking all that a server has: at most so many calls and bytes in flight for
// each address that connects. Beside the limits on all calls together (admission.h), for servers
// that callers reach directly: behind a proxy, all calls come from its address.
//
// An IPv6 peer is its network of 64 bits, of which a host may have any address. All connections
// through Unix-domain sockets are one peer. A peer is known as long as it has calls in flight, so
// there are never more of them than calls.
//
// Thread-safety: all members may be called from any thread. Tickets do not outlive the PeerLimits.

#ifndef TRAWL_SERVICE_PEER_LIMITS_H_
#define TRAWL_SERVICE_PEER_LIMITS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace trawl::service {

class PeerLimits {
  struct Load {
    uint32_t calls = 0;
    uint64_t bytes = 0;
  };
  using Loads = std::map<std::string, Load>;

 public:
  struct Options {
    // 0: no limit.
    uint32_t max_calls = 0;
    uint64_t max_bytes = 0;
  };

  // A call's place; gives it back when destroyed.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept
        : limits_(std::exchange(other.limits_, nullptr)),
          peer_(other.peer_),
          bytes_(other.bytes_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(limits_, other.limits_);
      std::swap(peer_, other.peer_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Ticket() {
      if (limits_ != nullptr) limits_->Release(peer_, bytes_);
    }

    // The call holds so many bytes now, which may be over the limit: then no other of its peer is
    // taken until they are given back.
    void Resize(uint64_t bytes) {
      if (limits_ != nullptr && bytes != bytes_) limits_->Resize(peer_, bytes_, bytes);
      bytes_ = bytes;
    }

   private:
    friend class PeerLimits;

    PeerLimits* limits_ = nullptr;
    Loads::iterator peer_{};
    uint64_t bytes_ = 0;
  };

  explicit PeerLimits(Options options) : options_(options) {}

  // Whether there is a limit: else there is no need to ask for the peer.
  bool limited() const { return options_.max_calls > 0 || options_.max_bytes > 0; }

  // `peer` is as grpc::ServerContext::peer() has it. RESOURCE_EXHAUSTED, reason PEER_LIMIT, when
  // the peer has no room.
  absl::StatusOr<Ticket> Admit(const std::string& peer, uint64_t bytes);

  // Peers with calls in flight.
  size_t peers() const;

 private:
  void Resize(Loads::iterator peer, uint64_t from, uint64_t to);
  void Release(Loads::iterator peer, uint64_t bytes);

  const Options options_;
  mutable std::mutex mutex_;
  Loads loads_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_PEER_LIMITS_H_
