#include "service/watchdog.h"

#include <utility>

#include "service/hop.h"
#include "service/rpc/detached.h"
#include "service/rpc/operation.h"

namespace trawl::service {
namespace {

using Clock = std::chrono::steady_clock;

// One probe's way; sets `*back` when it is over. Shared, since the watchdog may be gone by then.
rpc::Detached Probe(std::vector<rpc::Poller*> pollers, compute::Executor& executor,
                    rpc::CallTracker& tracker, std::shared_ptr<std::atomic<bool>> back) {
  rpc::CallTracker::Token token(tracker);
  Hop hop;
  rpc::Callback to_worker([&](auto resume) { executor.Submit(hop, 1, std::move(resume)); });
  co_await to_worker;
  for (rpc::Poller* poller : pollers) {
    rpc::Poller::Return visit(*poller);
    co_await visit;
  }
  back->store(true);
}

}  // namespace

Watchdog::Watchdog(Options options, std::vector<rpc::Poller*> pollers, compute::Executor& executor,
                   rpc::CallTracker& tracker, std::function<void(bool)> serving)
    : options_(options),
      pollers_(std::move(pollers)),
      executor_(executor),
      tracker_(tracker),
      serving_(std::move(serving)),
      thread_([this](std::stop_token stop) { Watch(std::move(stop)); }) {}

Watchdog::~Watchdog() { Stop(); }

void Watchdog::Stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::Watch(std::stop_token stop) {
  bool serving = true;
  auto back = std::make_shared<std::atomic<bool>>(true);
  Clock::time_point sent;
  while (!stop.stop_requested()) {
    bool now_serving = back->load() || Clock::now() - sent < options_.patience;
    if (std::exchange(serving, now_serving) != now_serving) serving_(now_serving);
    if (back->load()) {
      back = std::make_shared<std::atomic<bool>>(false);
      sent = Clock::now();
      Probe(pollers_, executor_, tracker_, back);
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, options_.interval, [] { return false; });
  }
}

}  // namespace trawl::service
