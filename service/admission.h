// Decides whether a call is worked on: by the number of calls in flight, the bytes of their
// requests and answers, and the time that it would wait for workers. A call over a limit is refused
// at once, with the time after which there should be room, from the rate at which work ended
// lately. Accepting late would be no back-pressure: gRPC queues calls that nobody accepts without
// bound.
//
// What an answer will take nobody knows beforehand. It counts as it is made, and a call that it
// would take over the limit is refused then. One call at a time may go over: so what is larger than
// all room there is can be answered too, and of calls that fill the room together one gets through.
// A stream is not refused for its answers: it reserves room for what a search may find, and waits
// where there is none. Reservations keep no call out, and may go a little beyond the limit.
//
// Thread-safety: all members may be called from any thread. Tickets do not outlive the Admission.

#ifndef TRAWL_SERVICE_ADMISSION_H_
#define TRAWL_SERVICE_ADMISSION_H_

#include <chrono>
#include <cstdint>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "compute/engine.h"

namespace trawl::service {

class Admission {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    uint32_t max_calls = 1024;
    uint64_t max_bytes = 256 << 20;
    std::chrono::milliseconds max_wait{2000};
  };

  // What streams may reserve together beyond max_bytes.
  static constexpr uint64_t kRoomForStreams = 64 << 20;

  // A call's place; gives it back when destroyed.
  class Ticket final : public compute::Budget {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)),
          bytes_(other.bytes_),
          reserved_(other.reserved_),
          may_exceed_(other.may_exceed_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(admission_, other.admission_);
      std::swap(bytes_, other.bytes_);
      std::swap(reserved_, other.reserved_);
      std::swap(may_exceed_, other.may_exceed_);
      return *this;
    }
    ~Ticket() override {
      if (admission_ != nullptr) admission_->Release(*this);
    }

    // The call holds so many bytes more. RESOURCE_EXHAUSTED, reason TOO_MANY_BYTES, when there is
    // no room for them and another call is over the limit already.
    absl::Status Take(uint64_t bytes) override;

    // The call holds so many bytes now, which may be over the limit: then no other is taken until
    // they are given back.
    void Resize(uint64_t bytes);

    // The call may hold so many bytes more soon, in place of what it reserved before. Where there
    // is no room, returns false, and nothing has changed.
    bool Reserve(uint64_t bytes);

   private:
    friend class Admission;
    Ticket(Admission* admission, uint64_t bytes) : admission_(admission), bytes_(bytes) {}

    Admission* admission_ = nullptr;
    uint64_t bytes_ = 0;
    uint64_t reserved_ = 0;
    bool may_exceed_ = false;  // is the one call that may
  };

  explicit Admission(Options options) : options_(options) {}

  // RESOURCE_EXHAUSTED, reason TOO_MANY_CALLS or TOO_MANY_BYTES, when there is no room.
  absl::StatusOr<Ticket> Admit(uint64_t bytes);

  // RESOURCE_EXHAUSTED, reason WAIT_TOO_LONG, for a call that waited so long for workers and is
  // expected to wait so much longer, when that is over the limit or beyond the call's deadline,
  // which is so far away.
  absl::Status CheckWait(std::chrono::nanoseconds waited, std::chrono::nanoseconds expected,
                         std::chrono::nanoseconds until_deadline) const;

  const Options& options() const { return options_; }
  uint32_t calls_in_flight() const;
  uint64_t bytes_in_flight() const;

 private:
  void Release(const Ticket& ticket);
  bool HasRoom(uint64_t bytes, uint64_t limit) const {
    return bytes_ <= limit && bytes <= limit - bytes_;
  }
  absl::Status TooManyBytes(uint64_t bytes) const;
  std::chrono::milliseconds DelayFor(uint64_t bytes) const;

  const Options options_;
  mutable std::mutex mutex_;
  uint32_t calls_ = 0;
  uint64_t bytes_ = 0;
  uint64_t reserved_ = 0;
  bool one_exceeds_ = false;  // a call may go over the limit
  // Exponentially weighted means over about a second.
  double calls_per_second_ = 0;
  double bytes_per_second_ = 0;
  Clock::time_point last_release_ = Clock::now();
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_ADMISSION_H_
