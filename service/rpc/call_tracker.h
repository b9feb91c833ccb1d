// Counts live calls, so that "no call lives" is a fact one can wait for.
//
// A coroutine declares a Token first, so that it goes last. Calls that wait to be accepted count
// too: shutting the server down ends them.
//
// Thread-safety: all members may be called from any thread.

#ifndef TRAWL_SERVICE_RPC_CALL_TRACKER_H_
#define TRAWL_SERVICE_RPC_CALL_TRACKER_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace trawl::rpc {

class CallTracker {
 public:
  class Token {
   public:
    explicit Token(CallTracker& tracker) : tracker_(tracker) {
      std::lock_guard lock(tracker_.mutex_);
      ++tracker_.live_;
    }
    ~Token() {
      std::lock_guard lock(tracker_.mutex_);
      if (--tracker_.live_ == 0) tracker_.none_live_.notify_all();
    }
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;

   private:
    CallTracker& tracker_;
  };

  // Waits until no call lives, or until `deadline`; returns the number that live.
  int64_t WaitForNone(std::chrono::steady_clock::time_point deadline =
                          std::chrono::steady_clock::time_point::max()) {
    std::unique_lock lock(mutex_);
    auto none = [this] { return live_ == 0; };
    if (deadline == std::chrono::steady_clock::time_point::max()) {
      none_live_.wait(lock, none);
    } else {
      none_live_.wait_until(lock, deadline, none);
    }
    return live_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_live_;
  int64_t live_ = 0;
};

}  // namespace trawl::rpc

#endif  // TRAWL_SERVICE_RPC_CALL_TRACKER_H_
