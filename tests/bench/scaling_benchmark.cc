// What the engine makes of more workers and of larger documents.
//
//   scaling_benchmark [--benchmark_filter=^INPUT/BYTES/WORKERS/] [--benchmark_...]
//
// Rows are named INPUT/BYTES/WORKERS/real_time. One process for each row gives its peak of memory,
// the counter `peak_bytes`; the document itself is part of that. A row that would not leave a
// quarter of the available memory free is skipped with an error.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "compute/domain_detector.h"
#include "compute/engine.h"
#include "compute/executor.h"
#include "compute/ruleset.h"
#include "tests/bench/inputs.h"

namespace trawl::bench {
namespace {

constexpr uint64_t kWorkerBytes = 64 << 20;

// A line of a file of /proc that gives kilobytes, as "VmHWM:   1024 kB"; in bytes.
uint64_t KilobytesLine(const char* path, std::string_view key) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with(key)) return std::stoull(line.substr(key.size())) << 10;
  }
  return 0;
}

void Process(benchmark::State& state, const compute::Ruleset& ruleset, const std::string& input,
             uint64_t bytes, int workers) {
  // The document, the findings, and as much again of both for the reading of a page cache.
  if (2 * bytes + bytes / 2 > KilobytesLine("/proc/meminfo", "MemAvailable:") / 4 * 3) {
    state.SkipWithError("too little memory is available");
    return;
  }
  const std::string document = MakeInput(input, bytes);
  const compute::DomainDetector detector(ruleset);
  compute::Executor executor({.workers = workers});
  const compute::Engine engine(executor, {&detector}, {});
  uint64_t findings = 0;
  for (auto _ : state) {
    const auto report = engine.Process(document, {});
    if (!report.ok() || !report->errors.empty()) {
      state.SkipWithError("the engine failed");
      return;
    }
    findings = report->total_count;
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
  state.counters["bytes"] = static_cast<double>(bytes);
  state.counters["findings"] = static_cast<double>(findings);
  state.counters["peak_bytes"] = static_cast<double>(KilobytesLine("/proc/self/status", "VmHWM:"));
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const auto ruleset = compute::Ruleset::Load({});
  if (!ruleset.ok()) {
    std::cerr << "scaling_benchmark: " << std::string(ruleset.status().message()) << "\n";
    return 1;
  }
  const int cpus = compute::AvailableCpus();
  for (const std::string input : {"prose", "weblog"}) {
    const auto add = [&](uint64_t bytes, int workers) {
      benchmark::RegisterBenchmark(
          absl::StrCat(input, "/", bytes, "/", workers).c_str(),
          [&ruleset = *ruleset, input, bytes, workers](benchmark::State& state) {
            Process(state, ruleset, input, bytes, workers);
          })
          ->UseRealTime();
    };
    for (int workers = 1; workers < cpus; workers *= 2) add(kWorkerBytes, workers);
    for (uint64_t bytes = 1 << 10; bytes <= 1 << 30; bytes *= 4) add(bytes, cpus);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace trawl::bench

int main(int argc, char** argv) { return trawl::bench::Main(argc, argv); }
