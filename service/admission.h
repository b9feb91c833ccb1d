// Decides whether a call is worked on: by the number of calls in flight, the bytes of their
// requests and answers, and the time that it would wait for workers. A call over a limit is refused
// at once, with the time after which there should be room, from the rate at which work ended
// lately. Accepting late would be no back-pressure: gRPC queues calls that nobody accepts without
// bound.
//
// Thread-safety: all members may be called from any thread. Tickets do not outlive the Admission.

#ifndef TRAWL_SERVICE_ADMISSION_H_
#define TRAWL_SERVICE_ADMISSION_H_

#include <chrono>
#include <cstdint>
#include <mutex>
#include <utility>

#include "absl/status/statusor.h"

namespace trawl::service {

class Admission {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    uint32_t max_calls = 1024;
    uint64_t max_bytes = 256 << 20;
    std::chrono::milliseconds max_wait{2000};
  };

  // A call's place; gives it back when destroyed.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)), bytes_(other.bytes_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(admission_, other.admission_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Ticket() {
      if (admission_ != nullptr) admission_->Release(bytes_);
    }

    // The call holds so many bytes now, which may be over the limit: then no other is taken until
    // they are given back.
    void Resize(uint64_t bytes);

   private:
    friend class Admission;
    Ticket(Admission* admission, uint64_t bytes) : admission_(admission), bytes_(bytes) {}

    Admission* admission_ = nullptr;
    uint64_t bytes_ = 0;
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
  void Release(uint64_t bytes);
  std::chrono::milliseconds DelayFor(uint64_t bytes) const;

  const Options options_;
  mutable std::mutex mutex_;
  uint32_t calls_ = 0;
  uint64_t bytes_ = 0;
  // Exponentially weighted means over about a second.
  double calls_per_second_ = 0;
  double bytes_per_second_ = 0;
  Clock::time_point last_release_ = Clock::now();
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_ADMISSION_H_
