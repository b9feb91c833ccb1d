#include "client/cli/load.h"

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <limits>
#include <mutex>

namespace trawl::cli {
namespace {

using Clock = std::chrono::steady_clock;

class Load {
 public:
  Load(client::Client& client, const LoadOptions& options) : client_(client), options_(options) {
    if (options_.duration) end_ = start_ + absl::ToChronoNanoseconds(*options_.duration);
    if (options_.requests) limit_ = *options_.requests;
  }

  LoadResult Run(const std::stop_token& stop);

 private:
  void RunClosed(const std::stop_token& stop);
  void RunOpen(const std::stop_token& stop);
  bool ClaimNext();
  void Start(Clock::time_point due);
  void Finish(Clock::time_point due, const absl::Status& status);

  client::Client& client_;
  const LoadOptions& options_;
  const v1::PingRequest ping_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point end_ = Clock::time_point::max();
  uint64_t limit_ = std::numeric_limits<uint64_t>::max();

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool ended_ = false;
  uint64_t started_ = 0;
  int outstanding_ = 0;
  LoadResult result_;
};

LoadResult Load::Run(const std::stop_token& stop) {
  if (options_.rate) {
    RunOpen(stop);
  } else {
    RunClosed(stop);
  }
  std::unique_lock lock(mutex_);
  ended_ = true;
  changed_.wait(lock, [this] { return outstanding_ == 0; });
  result_.elapsed = absl::FromChrono(Clock::now() - start_);
  return result_;
}

void Load::RunClosed(const std::stop_token& stop) {
  for (int i = 0; i < options_.concurrency && ClaimNext(); ++i) Start(Clock::now());
  std::unique_lock lock(mutex_);
  const auto all_made = [this] { return started_ == limit_ || outstanding_ == 0; };
  if (options_.duration) {
    changed_.wait_until(lock, stop, end_, all_made);
  } else {
    changed_.wait(lock, stop, all_made);
  }
}

void Load::RunOpen(const std::stop_token& stop) {
  const auto due_at = [this](uint64_t call) {
    return start_ +
           std::chrono::nanoseconds(std::llround(static_cast<double>(call) * 1e9 / *options_.rate));
  };
  std::unique_lock lock(mutex_);
  uint64_t next = 0;
  for (; next < limit_ && due_at(next) < end_ && !stop.stop_requested(); ++next) {
    const Clock::time_point due = due_at(next);
    if (Clock::now() < due) changed_.wait_until(lock, stop, due, [] { return false; });
    const auto room = [this] { return outstanding_ < options_.concurrency; };
    if (options_.duration) {
      changed_.wait_until(lock, stop, end_, room);
    } else {
      changed_.wait(lock, stop, room);
    }
    if (stop.stop_requested() || !room()) break;
    ++started_;
    ++outstanding_;
    lock.unlock();
    Start(due);
    lock.lock();
  }
  if (stop.stop_requested()) return;
  for (; next < limit_ && due_at(next) < end_; ++next) ++result_.not_started;
}

bool Load::ClaimNext() {
  const std::lock_guard lock(mutex_);
  if (ended_ || started_ == limit_ || Clock::now() >= end_) return false;
  ++started_;
  ++outstanding_;
  return true;
}

void Load::Start(Clock::time_point due) {
  if (options_.method == LoadOptions::Method::kPing) {
    client_.PingAsync(ping_, {}, [this, due](const absl::StatusOr<v1::PingResponse>& response) {
      Finish(due, response.status());
    });
  } else {
    client_.ProcessContentAsync(
        options_.request, {},
        [this, due](const absl::StatusOr<v1::ProcessContentResponse>& response) {
          Finish(due, response.status());
        });
  }
}

void Load::Finish(Clock::time_point due, const absl::Status& status) {
  const absl::Duration latency = absl::FromChrono(Clock::now() - due);
  {
    const std::lock_guard lock(mutex_);
    if (status.ok()) {
      ++result_.ok;
      if (options_.method == LoadOptions::Method::kProcess) {
        result_.bytes += options_.request.data().size();
      }
      result_.latencies.Record(latency);
    } else {
      ++result_.errors[status.code()];
      if (result_.first_error.ok()) result_.first_error = status;
    }
  }
  const bool next = !options_.rate && ClaimNext();
  if (next) Start(Clock::now());
  const std::lock_guard lock(mutex_);
  --outstanding_;
  changed_.notify_all();
}

}  // namespace

LoadResult RunLoad(client::Client& client, const LoadOptions& options,
                   const std::stop_token& stop) {
  return Load(client, options).Run(stop);
}

}  // namespace trawl::cli
