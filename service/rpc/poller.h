// One completion queue and the one thread that polls it. One thread per queue: with more, the tags
// of one call would run in parallel.
//
// A coroutine that went elsewhere (to a compute thread) comes back with
//
//   Poller::Return back(poller);
//   co_await back;
//
// Lifetime: Start once; Stop after the server was shut down and no call lives, since an operation
// or alarm started on a queue that was shut down aborts the process, and before the server is
// destroyed, since what the queue still holds points into it.

#ifndef TRAWL_SERVICE_RPC_POLLER_H_
#define TRAWL_SERVICE_RPC_POLLER_H_

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <coroutine>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "service/rpc/completion_tag.h"

namespace trawl::rpc {

class Poller {
 public:
  // Awaitable: the coroutine goes on on the poller's thread. Awaitable from any thread.
  class Return {
   public:
    explicit Return(Poller& poller) : poller_(poller) {}
    Return(const Return&) = delete;
    Return& operator=(const Return&) = delete;

    bool await_ready() const noexcept { return false; }
    [[gnu::noinline]] void await_suspend(std::coroutine_handle<> caller) {
      caller_ = caller;
      poller_.Post(*this);
    }
    void await_resume() const noexcept {}

   private:
    friend class Poller;
    Poller& poller_;
    std::coroutine_handle<> caller_;
    Return* next_ = nullptr;
  };

  explicit Poller(std::unique_ptr<grpc::ServerCompletionQueue> queue);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  void Start(const std::string& thread_name);
  // Shuts the queue down, takes what it still holds, joins the thread. Idempotent.
  void Stop();

  grpc::ServerCompletionQueue* queue() { return queue_.get(); }

 private:
  // Wakes the thread for the coroutines that wait to return. One alarm for all that come while it
  // is on its way.
  class Wake final : public CompletionTag {
   public:
    explicit Wake(Poller& poller) : poller_(poller) {}
    void Complete(bool ok) noexcept override;

   private:
    Poller& poller_;
  };

  void Post(Return& returning);
  void Poll();

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  Wake wake_{*this};
  std::mutex mutex_;
  grpc::Alarm alarm_;
  Return* first_ = nullptr;  // waiting to return, in order
  Return* last_ = nullptr;
  std::thread thread_;
  bool stopped_ = false;
};

}  // namespace trawl::rpc

#endif  // TRAWL_SERVICE_RPC_POLLER_H_
