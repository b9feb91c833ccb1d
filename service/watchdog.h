// Keeps health true: a probe goes through every poller and through the workers' queue, as a call
// would, once a second. When one has not come back in time, the server is told that it does not
// serve; when it has, that it does.
//
// Thread-safety: constructed, and stopped or destroyed, by one thread.
// Lifetime: stopped before the pollers and the executor are; a probe under way is counted in the
// tracker.

#ifndef TRAWL_SERVICE_WATCHDOG_H_
#define TRAWL_SERVICE_WATCHDOG_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "compute/executor.h"
#include "service/rpc/call_tracker.h"
#include "service/rpc/poller.h"

namespace trawl::service {

class Watchdog {
 public:
  struct Options {
    std::chrono::milliseconds interval{1000};
    std::chrono::milliseconds patience{10000};
  };

  // `serving` is called on the watchdog's thread, only when the answer changes; it starts as true.
  Watchdog(Options options, std::vector<rpc::Poller*> pollers, compute::Executor& executor,
           rpc::CallTracker& tracker, std::function<void(bool)> serving);
  ~Watchdog();

  // After it returns, `serving` is not called any more and no probe is begun.
  void Stop();

 private:
  void Watch(std::stop_token stop);

  const Options options_;
  const std::vector<rpc::Poller*> pollers_;
  compute::Executor& executor_;
  rpc::CallTracker& tracker_;
  const std::function<void(bool)> serving_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_WATCHDOG_H_
