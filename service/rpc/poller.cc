#include "service/rpc/poller.h"

#include <grpc/support/time.h>
#include <pthread.h>

#include <utility>

namespace trawl::rpc {
namespace {

// Seen to before a coroutine that waits for its turn gets it, where there are so many: those that
// arrive go first, but cannot hold up the others for ever.
constexpr int kEventsPerTurn = 32;

// For coroutines that wait for their turns, before sockets are looked at.
constexpr std::chrono::microseconds kTurnTime{100};

}  // namespace

Poller::Poller(std::unique_ptr<grpc::ServerCompletionQueue> queue) : queue_(std::move(queue)) {}

Poller::~Poller() { Stop(); }

void Poller::Start(const std::string& thread_name, std::function<void()> begin) {
  thread_ = std::thread([this, begin = std::move(begin)] {
    if (begin) begin();
    Poll();
  });
  pthread_setname_np(thread_.native_handle(), thread_name.c_str());
}

void Poller::Stop() {
  if (std::exchange(stopped_, true)) return;
  queue_->Shutdown();
  if (thread_.joinable()) {
    thread_.join();
  } else {
    Poll();
  }
}

// What is in the queue comes before what sockets have. Worse, an operation that ends while nobody
// polls leaves a mark (kicked_without_poller in gRPC's ev_epoll1_linux.cc) for which the next poll
// ends before it has looked at a socket. So after events, only the second time that there are none
// means that nothing has arrived. To look so after each turn would cost more than many a turn.
void Poller::Poll() {
  int events = 0;
  Clock::time_point looked;
  while (true) {
    void* tag = nullptr;
    bool ok = false;
    const bool none_waits = returned_.empty() && yielded_.empty();
    const gpr_timespec deadline =
        none_waits ? gpr_inf_future(GPR_CLOCK_MONOTONIC) : gpr_inf_past(GPR_CLOCK_MONOTONIC);
    const auto next = queue_->AsyncNext(&tag, &ok, deadline);
    if (next == grpc::CompletionQueue::SHUTDOWN) return;
    if (next == grpc::CompletionQueue::GOT_EVENT) {
      static_cast<CompletionTag*>(tag)->Complete(ok);
      events = none_waits ? 1 : events + 1;
      if (events < kEventsPerTurn) continue;
    } else {
      const Clock::time_point now = Clock::now();
      if (std::exchange(events, 0) == 0) {
        looked = now;
      } else if (now - looked >= kTurnTime) {
        continue;
      }
    }
    events = 0;
    GiveTurns(returned_, looked + kTurnTime);
    GiveTurns(yielded_, looked + kTurnTime);
  }
}

void Poller::GiveTurns(TurnList& list, Clock::time_point end) {
  while (!list.empty()) {
    list.ResumeFirst();
    if (Clock::now() >= end) return;
  }
}

// The alarm is set with the lock held: otherwise the coroutine could return on an earlier alarm,
// end the last call, and let the queue be shut down before Set.
void Poller::Post(Return& returning) {
  std::lock_guard lock(mutex_);
  const bool first = returning_.empty();
  returning_.Push(returning);
  if (first) alarm_.Set(queue_.get(), gpr_inf_past(GPR_CLOCK_MONOTONIC), wake_.tag());
}

void Poller::Wake::Complete(bool) noexcept {
  const bool none_waits = poller_.returned_.empty() && poller_.yielded_.empty();
  {
    std::lock_guard lock(poller_.mutex_);
    poller_.returned_.Append(poller_.returning_);
  }
  if (none_waits) poller_.GiveTurns(poller_.returned_, Clock::now() + kTurnTime);
}

}  // namespace trawl::rpc
