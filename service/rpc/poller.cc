#include "service/rpc/poller.h"

#include <grpc/support/time.h>
#include <pthread.h>

#include <utility>

namespace trawl::rpc {
namespace {

// Seen to before a coroutine that yielded gets its turn, where there are so many: those that arrive
// go first, but cannot hold up the others for ever.
constexpr int kEventsPerTurn = 32;

}  // namespace

Poller::Poller(std::unique_ptr<grpc::ServerCompletionQueue> queue) : queue_(std::move(queue)) {}

Poller::~Poller() { Stop(); }

void Poller::Start(const std::string& thread_name) {
  thread_ = std::thread([this] { Poll(); });
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

void Poller::Poll() {
  int events = 0;
  while (true) {
    void* tag = nullptr;
    bool ok = false;
    const gpr_timespec deadline =
        yielded_.empty() ? gpr_inf_future(GPR_CLOCK_MONOTONIC) : gpr_inf_past(GPR_CLOCK_MONOTONIC);
    const auto next = queue_->AsyncNext(&tag, &ok, deadline);
    if (next == grpc::CompletionQueue::SHUTDOWN) return;
    if (next == grpc::CompletionQueue::GOT_EVENT) {
      static_cast<CompletionTag*>(tag)->Complete(ok);
      if (yielded_.empty() || ++events < kEventsPerTurn) continue;
    }
    yielded_.ResumeFirst();
    events = 0;
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
  TurnList returning;
  {
    std::lock_guard lock(poller_.mutex_);
    returning = std::exchange(poller_.returning_, {});
  }
  while (!returning.empty()) returning.ResumeFirst();
}

}  // namespace trawl::rpc
