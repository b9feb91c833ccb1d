// The process's one pool of compute threads, and the queue of work before it.
//
// An Executor owns a tbb::task_arena and the tbb::global_control that lets it have all its threads.
// It is made once at start, serves every request, and is destroyed last. Work comes as Jobs of
// numbered tasks. The arena's own queue is neither fair nor measurable (oneTBB enqueue is not
// FIFO), so the Executor keeps a ring of the jobs that still have tasks to begin; each worker takes
// ONE task of the first job and moves that job to the end. A job of thousands of tasks therefore
// delays a job of one task by at most one task per worker.
//
//   class Sum : public Executor::Job { ... };
//   Executor executor({.workers = 4});
//   Sum sum(...);                                  // lives until finished is called
//   executor.Submit(sum, 100, [&] { latch.count_down(); });
//
// Thread-safety: all members may be called from any thread, also from within a task.
// Lifetime: an Executor is destroyed when no job is submitted any more and all have finished.

#ifndef TRAWL_COMPUTE_EXECUTOR_H_
#define TRAWL_COMPUTE_EXECUTOR_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "absl/functional/any_invocable.h"

namespace trawl::compute {

class Executor {
 public:
  struct Options {
    // Threads of the arena, 0 to 256. With 0 there are none: Submit runs the job itself, in order.
    int workers = 1;
    // Added to the nice value of each worker, 0 to 19: threads that answer small calls are then
    // scheduled before those that compute. 0 leaves it.
    int nice = 0;
  };

  // A piece of work cut into tasks. The submitter owns it and keeps it until `finished`.
  class Job {
   public:
    virtual ~Job() = default;

    // Does one task; different tasks run on several threads at once, each task at most once, begun
    // in order of their numbers. Returns whether tasks that were not begun yet are still wanted;
    // false drops them. An exception must not leave it: it ends the process.
    virtual bool Run(size_t task) = 0;

    // Of content that all its tasks work on: what queued_bytes() counts, in equal shares.
    virtual uint64_t bytes() const { return 0; }

   private:
    friend class Executor;

    Job* next_in_ring_ = nullptr;
    size_t task_count_ = 0;
    size_t next_task_ = 0;
    size_t unfinished_tasks_ = 0;
    uint64_t queued_bytes_ = 0;  // of tasks not begun yet
    absl::AnyInvocable<void()> finished_;
  };

  explicit Executor(Options options);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Queues `job`. `finished` is called once, by the thread that ended its last task, when no task
  // of it runs or will run; it may destroy the job. With `task_count` 0 or without workers that is
  // before Submit returns.
  void Submit(Job& job, size_t task_count, absl::AnyInvocable<void()> finished);

  int workers() const { return options_.workers; }

  // Tasks not begun yet. A snapshot.
  size_t queued_tasks() const { return queued_tasks_.load(std::memory_order_relaxed); }
  uint64_t queued_bytes() const { return queued_bytes_.load(std::memory_order_relaxed); }

  // Workers that have a task or are about to take one. A snapshot.
  int busy_workers() const;

  // How long the tasks of others would keep a job waiting that were submitted now, until the last
  // of its `task_count` tasks is begun: from the tasks that go before it and the time that tasks
  // took lately. While tasks wait and none is begun, at least since when that is so.
  std::chrono::nanoseconds ExpectedWait(size_t task_count) const;

 private:
  class Arena;
  using Clock = std::chrono::steady_clock;

  void Work();
  Job* TakeTask(size_t& task, Clock::time_point& begun);
  void Sleep(std::unique_lock<std::mutex>& lock);
  void EndTask(Job& job, bool wanted);
  void RemoveFromRing(Job& job, Job& previous);

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable work_;     // woken_workers_ is not 0, or stopping_
  std::condition_variable stopped_;  // active_workers_ is 0
  bool stopping_ = false;
  Job* last_ = nullptr;          // of the ring; its next is the first
  size_t jobs_ = 0;              // in the ring
  Clock::time_point last_turn_;  // when a task was begun, or the ring last was empty
  std::chrono::duration<double, std::nano> task_time_{0};  // exponentially weighted mean
  int active_workers_ = 0;                                 // threads in, or on their way to, Work
  int sleeping_workers_ = 0;                               // of them, that nobody has woken
  int woken_workers_ = 0;                                  // that have not noticed it yet
  std::atomic<size_t> queued_tasks_ = 0;
  std::atomic<uint64_t> queued_bytes_ = 0;
  std::unique_ptr<Arena> arena_;
};

// Threads that this process may use: its CPU affinity, and the CPU quota of its cgroup (v1 or v2)
// rounded down; at least 1.
int AvailableCpus();

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_EXECUTOR_H_
