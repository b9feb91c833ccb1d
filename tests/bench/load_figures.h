// What a load client measured, and the part of a run in which it measures.
//
// A run is a warm-up and a window of measuring after it. A call counts when its answer comes within
// the window, wherever it began: with few long calls nothing else is unbiased.

#ifndef TRAWL_TESTS_BENCH_LOAD_FIGURES_H_
#define TRAWL_TESTS_BENCH_LOAD_FIGURES_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "client/cli/histogram.h"

namespace trawl::bench {

using Clock = std::chrono::steady_clock;

struct Window {
  // Begins the warm-up now.
  Window(double warm_up_seconds, double seconds)
      : begin(Clock::now() + Nanoseconds(warm_up_seconds)), end(begin + Nanoseconds(seconds)) {}

  bool Contains(Clock::time_point time) const { return time >= begin && time < end; }

  const Clock::time_point begin;
  const Clock::time_point end;

 private:
  static std::chrono::nanoseconds Nanoseconds(double seconds) {
    return std::chrono::nanoseconds(static_cast<int64_t>(seconds * 1e9));
  }
};

// Processor time that this process has used so far.
double CpuSeconds();

struct LoadFigures {
  // Calls with an answer of success.
  uint64_t all_calls = 0;  // warm-up and what was under way at the end included
  uint64_t calls = 0;      // within the window, as the latencies
  cli::Histogram latencies;
  uint64_t failed = 0;
  std::string first_error;
  uint64_t content_bytes = 0;  // of one call
  uint64_t reply_bytes = 0;    // of the last answer
  uint64_t findings = 0;       // in the last answer
  double seconds = 0;          // of the window

  // An answer at `now`; the call began at `begin`.
  void Succeed(Clock::time_point begin, Clock::time_point now, const Window& window);
  void Fail(const std::string& error);

  // One object, with the processor time that this process has used so far.
  std::string Json() const;
};

}  // namespace trawl::bench

#endif  // TRAWL_TESTS_BENCH_LOAD_FIGURES_H_
