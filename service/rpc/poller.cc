#include "service/rpc/poller.h"

#include <grpc/support/time.h>
#include <pthread.h>

#include <utility>

namespace trawl::rpc {

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
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) static_cast<CompletionTag*>(tag)->Complete(ok);
}

// The alarm is set with the lock held: otherwise the coroutine could return on an earlier alarm,
// end the last call, and let the queue be shut down before Set.
void Poller::Post(Return& returning) {
  std::lock_guard lock(mutex_);
  if (last_ != nullptr) {
    last_->next_ = &returning;
    last_ = &returning;
    return;
  }
  first_ = last_ = &returning;
  alarm_.Set(queue_.get(), gpr_inf_past(GPR_CLOCK_MONOTONIC), wake_.tag());
}

void Poller::Wake::Complete(bool) noexcept {
  Return* waiting = nullptr;
  {
    std::lock_guard lock(poller_.mutex_);
    waiting = std::exchange(poller_.first_, nullptr);
    poller_.last_ = nullptr;
  }
  while (waiting != nullptr) {
    Return* next = waiting->next_;
    waiting->caller_.resume();
    waiting = next;
  }
}

}  // namespace trawl::rpc
