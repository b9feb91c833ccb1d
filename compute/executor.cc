// A worker is a task of the arena that loops: take one task of the ring's first job, run it, end
// it. There are at most as many of them as the arena has threads, and one is enqueued whenever a
// job arrives while too few are there. So the arena never holds more than `workers` tasks, and its
// order of execution does not matter.
//
// A worker that finds no task sleeps for a while before it leaves. Threads that the arena itself
// leaves without a task spin for about 120 microseconds of CPU before they sleep, as long as a
// small document takes, and take the CPU from those who answer.

#include "compute/executor.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_scheduler_observer.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include "compute/thread_priority.h"

namespace trawl::compute {
namespace {

// That a worker sleeps before it leaves.
constexpr std::chrono::milliseconds kPatience(50);

constexpr size_t kManyTasks = 1 << 20;

// In the mean time of tasks.
constexpr double kNewTaskWeight = 1.0 / 32;

// Lowers the priority of every thread that enters the arena: only workers do. It is absolute: a
// worker started by another inherits what that one has. Workers also give way after each task.
class NiceObserver final : public tbb::task_scheduler_observer {
 public:
  NiceObserver(tbb::task_arena& arena, int nice) : task_scheduler_observer(arena), priority_(nice) {
    if (nice > 0) observe(true);
  }
  ~NiceObserver() override { observe(false); }

  void on_scheduler_entry(bool) override { priority_.Apply(); }

 private:
  const ThreadPriority priority_;
};

// The quota of one cgroup directory in CPUs, or 0 for none.
int QuotaIn(const std::string& directory) {
  std::string quota;
  double period = 0;
  if (std::ifstream v2(directory + "/cpu.max"); v2 >> quota >> period) {
    if (quota == "max") return 0;
  } else {
    std::ifstream quota_file(directory + "/cpu.cfs_quota_us");
    std::ifstream period_file(directory + "/cpu.cfs_period_us");
    if (!(quota_file >> quota) || !(period_file >> period)) return 0;
  }
  double microseconds = std::strtod(quota.c_str(), nullptr);
  if (microseconds <= 0 || period <= 0) return 0;
  return std::max(1, static_cast<int>(microseconds / period));
}

// The smallest quota of the process's cgroup and its ancestors, or 0 for none. A line of
// /proc/self/cgroup is "ID:CONTROLLERS:PATH"; inside a container PATH is often "/".
int CgroupQuota() {
  int smallest = 0;
  std::ifstream cgroups("/proc/self/cgroup");
  for (std::string line; std::getline(cgroups, line);) {
    std::istringstream fields(line);
    std::string id, controllers, path;
    std::getline(fields, id, ':');
    std::getline(fields, controllers, ':');
    std::getline(fields, path);
    std::string root = "/sys/fs/cgroup";
    if (!controllers.empty()) {
      if (controllers.find("cpu") != 0 && controllers.find(",cpu") == std::string::npos) continue;
      root += "/" + controllers;
    }
    while (true) {
      if (int quota = QuotaIn(root + path); quota > 0) {
        smallest = smallest == 0 ? quota : std::min(smallest, quota);
      }
      if (path.empty()) break;
      path.resize(path.find_last_of('/') == std::string::npos ? 0 : path.find_last_of('/'));
    }
  }
  return smallest;
}

}  // namespace

class Executor::Arena {
 public:
  // A thread outside the arena (whoever enqueues) takes one of TBB's slots, hence one more.
  explicit Arena(const Options& options)
      : parallelism_(tbb::global_control::max_allowed_parallelism,
                     static_cast<size_t>(options.workers) + 1),
        arena_(options.workers, /*reserved_for_masters=*/0),
        observer_(arena_, options.nice) {}

  void Enqueue(Executor& executor) {
    arena_.enqueue([&executor] { executor.Work(); });
  }

 private:
  tbb::global_control parallelism_;
  tbb::task_arena arena_;
  NiceObserver observer_;
};

Executor::Executor(Options options)
    : options_(options), arena_(options.workers > 0 ? std::make_unique<Arena>(options) : nullptr) {}

Executor::~Executor() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  work_.notify_all();
  stopped_.wait(lock, [&] { return active_workers_ == 0; });
}

void Executor::Submit(Job& job, size_t task_count, absl::AnyInvocable<void()> finished) {
  if (task_count == 0) {
    finished();
    return;
  }
  if (arena_ == nullptr) {
    for (size_t task = 0; task < task_count && job.Run(task); ++task) {
    }
    finished();
    return;
  }
  job.task_count_ = task_count;
  job.next_task_ = 0;
  job.unfinished_tasks_ = task_count;
  job.queued_bytes_ = job.bytes();
  job.finished_ = std::move(finished);

  int wake = 0;
  int enqueue = 0;
  {
    std::lock_guard lock(mutex_);
    if (last_ == nullptr) {
      job.next_in_ring_ = &job;
      last_turn_ = Clock::now();
    } else {
      job.next_in_ring_ = last_->next_in_ring_;
      last_->next_in_ring_ = &job;
    }
    last_ = &job;
    ++jobs_;
    queued_tasks_.fetch_add(task_count, std::memory_order_relaxed);
    queued_bytes_.fetch_add(job.queued_bytes_, std::memory_order_relaxed);
    const int wanted = static_cast<int>(std::min<size_t>(task_count, kManyTasks));
    wake = std::min(wanted, sleeping_workers_);
    sleeping_workers_ -= wake;
    woken_workers_ += wake;
    enqueue = std::min(wanted - wake, options_.workers - active_workers_);
    active_workers_ += enqueue;
  }
  for (int i = 0; i < wake; ++i) work_.notify_one();
  for (int i = 0; i < enqueue; ++i) arena_->Enqueue(*this);
}

void Executor::Work() {
  size_t task = 0;
  Clock::time_point begun;
  while (Job* job = TakeTask(task, begun)) {
    EndTask(*job, job->Run(task));
    ThreadPriority::GiveWay();
  }
}

// `begun` is when the thread's previous task was, if there was one.
Executor::Job* Executor::TakeTask(size_t& task, Clock::time_point& begun) {
  std::unique_lock lock(mutex_);
  if (begun != Clock::time_point()) {
    task_time_ += (Clock::now() - begun - task_time_) * kNewTaskWeight;
  }
  Sleep(lock);
  if (last_ == nullptr) {
    if (--active_workers_ == 0) stopped_.notify_all();
    return nullptr;
  }
  Job* first = last_->next_in_ring_;
  const uint64_t share = first->queued_bytes_ / (first->task_count_ - first->next_task_);
  first->queued_bytes_ -= share;
  queued_bytes_.fetch_sub(share, std::memory_order_relaxed);
  task = first->next_task_++;
  last_turn_ = begun = Clock::now();
  queued_tasks_.fetch_sub(1, std::memory_order_relaxed);
  if (first->next_task_ < first->task_count_) {
    last_ = first;
  } else {
    RemoveFromRing(*first, *last_);
  }
  return first;
}

// Until there is a task, but not for long. Who is woken counts no longer as sleeping, though it has
// not noticed yet: else the next job would take it for one that it can wake.
void Executor::Sleep(std::unique_lock<std::mutex>& lock) {
  const Clock::time_point end = Clock::now() + kPatience;
  for (bool patient = true; patient && last_ == nullptr && !stopping_;) {
    ++sleeping_workers_;
    patient = work_.wait_until(lock, end, [this] { return woken_workers_ > 0 || stopping_; });
    --(woken_workers_ > 0 ? woken_workers_ : sleeping_workers_);
  }
}

void Executor::RemoveFromRing(Job& job, Job& previous) {
  if (&job == &previous) {
    last_ = nullptr;
  } else {
    previous.next_in_ring_ = job.next_in_ring_;
    if (last_ == &job) last_ = &previous;
  }
  job.next_in_ring_ = nullptr;
  --jobs_;
}

void Executor::EndTask(Job& job, bool wanted) {
  absl::AnyInvocable<void()> finished;
  {
    std::lock_guard lock(mutex_);
    if (!wanted && job.next_task_ < job.task_count_) {
      size_t dropped = job.task_count_ - std::exchange(job.next_task_, job.task_count_);
      job.unfinished_tasks_ -= dropped;
      queued_tasks_.fetch_sub(dropped, std::memory_order_relaxed);
      queued_bytes_.fetch_sub(std::exchange(job.queued_bytes_, 0), std::memory_order_relaxed);
      Job* previous = last_;
      while (previous->next_in_ring_ != &job) previous = previous->next_in_ring_;
      RemoveFromRing(job, *previous);
    }
    if (--job.unfinished_tasks_ > 0) return;
    finished = std::move(job.finished_);
  }
  finished();
}

// In turn, each job in the ring has a task begun for each task of the new one, as far as it has
// some.
std::chrono::nanoseconds Executor::ExpectedWait(size_t task_count) const {
  std::lock_guard lock(mutex_);
  if (last_ == nullptr) return std::chrono::nanoseconds(0);
  const size_t before = std::min(queued_tasks(), jobs_ * std::min(task_count, kManyTasks));
  const auto turns = task_time_ * static_cast<double>(before) / options_.workers;
  return std::max(std::chrono::duration_cast<std::chrono::nanoseconds>(turns),
                  std::chrono::nanoseconds(Clock::now() - last_turn_));
}

int Executor::busy_workers() const {
  std::lock_guard lock(mutex_);
  return active_workers_ - sleeping_workers_;
}

int AvailableCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int cpus = 1;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cpus = std::max(1, CPU_COUNT(&set));
  int quota = CgroupQuota();
  return quota > 0 ? std::min(cpus, quota) : cpus;
}

}  // namespace trawl::compute
