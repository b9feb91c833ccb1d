#include "tests/bench/load_figures.h"

#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "absl/time/time.h"

namespace trawl::bench {

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return absl::ToDoubleSeconds(absl::DurationFromTimeval(usage.ru_utime) +
                               absl::DurationFromTimeval(usage.ru_stime));
}

void LoadFigures::Succeed(Clock::time_point begin, Clock::time_point now, const Window& window) {
  ++all_calls;
  if (!window.Contains(now)) return;
  ++calls;
  latencies.Record(absl::FromChrono(now - begin));
}

void LoadFigures::Fail(const std::string& error) {
  ++failed;
  if (first_error.empty()) first_error = error;
}

std::string LoadFigures::Json() const {
  const double rate = static_cast<double>(calls) / seconds;
  const nlohmann::ordered_json json = {
      {"calls", calls},
      {"all_calls", all_calls},
      {"failed", failed},
      {"first_error", first_error},
      {"content_bytes", content_bytes},
      {"reply_bytes", reply_bytes},
      {"findings", findings},
      {"seconds", seconds},
      {"calls_per_second", rate},
      {"bytes_per_second", rate * static_cast<double>(content_bytes)},
      {"p50_us", absl::ToDoubleMicroseconds(latencies.Quantile(0.5))},
      {"p99_us", absl::ToDoubleMicroseconds(latencies.Quantile(0.99))},
      {"max_us", absl::ToDoubleMicroseconds(latencies.max())},
      {"client_cpu_seconds", CpuSeconds()},
  };
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace trawl::bench
