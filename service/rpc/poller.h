// One completion queue and the one thread that polls it. One thread per queue: with more, the tags
// of one call would run in parallel.
//
// A coroutine that went elsewhere (to a compute thread) comes back with
//
//   Poller::Return back(poller);
//   co_await back;
//
// and one that works on the poller's own thread lets others go first, now and then, with
//
//   Poller::Yield turn(poller);
//   co_await turn;
//
// Where many wait for their turns, sockets are looked at every 100 microseconds, or after each turn
// that takes longer.
//
// Lifetime: Start once; Stop after the server was shut down and no call lives, since an operation
// or alarm started on a queue that was shut down aborts the process, and before the server is
// destroyed, since what the queue still holds points into it.

#ifndef TRAWL_SERVICE_RPC_POLLER_H_
#define TRAWL_SERVICE_RPC_POLLER_H_

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "service/rpc/completion_tag.h"

namespace trawl::rpc {

class Poller {
  using Clock = std::chrono::steady_clock;

  // What a coroutine waits for, in the order of a list.
  class Turn {
   public:
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    bool await_ready() const noexcept { return false; }
    void await_resume() const noexcept {}

   protected:
    explicit Turn(Poller& poller) : poller_(poller) {}
    ~Turn() = default;

    Poller& poller_;
    std::coroutine_handle<> caller_;

   private:
    friend class Poller;
    Turn* next_ = nullptr;
  };

 public:
  // Awaitable: the coroutine goes on on the poller's thread. Awaitable from any thread.
  class Return final : public Turn {
   public:
    explicit Return(Poller& poller) : Turn(poller) {}
    [[gnu::noinline]] void await_suspend(std::coroutine_handle<> caller) {
      caller_ = caller;
      poller_.Post(*this);
    }
  };

  // Awaitable: the coroutine goes on when those that yielded before it have had their turn, and
  // what has arrived was seen to, or some of it where there is much: in the last 100 microseconds,
  // if not meanwhile. Awaitable on the poller's thread.
  class Yield final : public Turn {
   public:
    explicit Yield(Poller& poller) : Turn(poller) {}
    [[gnu::noinline]] void await_suspend(std::coroutine_handle<> caller) {
      caller_ = caller;
      poller_.yielded_.Push(*this);
    }
  };

  explicit Poller(std::unique_ptr<grpc::ServerCompletionQueue> queue);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // `begin`, if there is one, is the first that the thread does.
  void Start(const std::string& thread_name, std::function<void()> begin = nullptr);
  // Shuts the queue down, takes what it still holds, joins the thread. Idempotent.
  void Stop();

  grpc::ServerCompletionQueue* queue() { return queue_.get(); }

 private:
  class TurnList {
   public:
    bool empty() const { return first_ == nullptr; }
    void Push(Turn& turn) {
      (first_ == nullptr ? first_ : last_->next_) = &turn;
      last_ = &turn;
    }
    void Append(TurnList& others) {
      if (others.empty()) return;
      (first_ == nullptr ? first_ : last_->next_) = others.first_;
      last_ = others.last_;
      others = {};
    }
    // Resumes the first, which is in no list any more.
    void ResumeFirst() { std::exchange(first_, first_->next_)->caller_.resume(); }

   private:
    Turn* first_ = nullptr;
    Turn* last_ = nullptr;
  };

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
  // To the first, and to others until `end`.
  void GiveTurns(TurnList& list, Clock::time_point end);

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  Wake wake_{*this};
  std::mutex mutex_;
  grpc::Alarm alarm_;
  TurnList returning_;  // guarded by mutex_
  TurnList returned_;   // the thread's own, as the next
  TurnList yielded_;
  std::thread thread_;
  bool stopped_ = false;
};

}  // namespace trawl::rpc

#endif  // TRAWL_SERVICE_RPC_POLLER_H_
