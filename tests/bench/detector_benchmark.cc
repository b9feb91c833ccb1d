// How fast the detector is, beside memory and regular expressions on the same bytes.
//
//   detector_benchmark --suite=detector|linearity [--corpus=DIRECTORY] [--benchmark_...]
//
// Rows are named SUITE/ENGINE/INPUT/BYTES. Engines: each kernel of the detector with the full
// rules, `memcpy`, and the regex peers built in. `detector`: all inputs over 1 MiB, which stays in
// the cache, and three over 64 MiB, which does not. `linearity`: the best and the scalar kernel
// over the adversarial inputs and prose, at sizes from 16 KiB to 16 MiB. The detector works as the
// engine drives it, a chunk of 256 KiB at a time; so what is not linear within a chunk shows
// between 16 KiB and 256 KiB, what is not linear beyond it between 1 MiB and 16 MiB.
//
// A peer that would need longer than kPeerPatience for a pass gets a prefix of the input; the
// counter `bytes` says how much it was.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "compute/domain_detector.h"
#include "compute/kernel.h"
#include "compute/ruleset.h"
#include "tests/bench/inputs.h"
#include "tests/bench/regex_peer.h"

namespace trawl::bench {
namespace {

using Clock = std::chrono::steady_clock;
using compute::DomainDetector;
using compute::FindingList;
using compute::Kernel;

constexpr size_t kChunkBytes = 256 << 10;
constexpr size_t kHotBytes = 1 << 20;
constexpr size_t kColdBytes = 64 << 20;
constexpr size_t kCorpusBytes = 4 << 20;
constexpr std::chrono::milliseconds kPeerPatience{100};

// The inputs by name and size, made when first asked for and kept.
class Inputs {
 public:
  explicit Inputs(const std::string& corpus) {
    for (auto& [folder, bytes] : ReadCorpus(corpus, kCorpusBytes)) {
      names_.push_back(absl::StrCat("corpus-", folder));
      inputs_[{names_.back(), 0}] = std::move(bytes);
    }
  }

  const std::vector<std::string>& corpus_names() const { return names_; }

  // `bytes` 0: a part of the corpus.
  const std::string& Get(const std::string& name, size_t bytes) {
    std::string& input = inputs_[{name, bytes}];
    if (input.empty()) input = MakeInput(name, bytes);
    return input;
  }

 private:
  std::vector<std::string> names_;
  std::map<std::pair<std::string, size_t>, std::string> inputs_;
};

void Report(benchmark::State& state, size_t bytes, uint64_t findings) {
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
  state.counters["bytes"] = static_cast<double>(bytes);
  state.counters["findings"] = static_cast<double>(findings);
}

void Copy(benchmark::State& state, std::string_view text) {
  const auto copy = std::make_unique<char[]>(text.size());
  for (auto _ : state) {
    std::memcpy(copy.get(), text.data(), text.size());
    benchmark::DoNotOptimize(copy.get());
    benchmark::ClobberMemory();
  }
  Report(state, text.size(), 0);
}

void Detect(benchmark::State& state, const DomainDetector& detector, std::string_view text) {
  FindingList findings;
  uint64_t count = 0;
  for (auto _ : state) {
    count = 0;
    for (size_t begin = 0; begin < text.size(); begin += kChunkBytes) {
      findings.Clear();
      detector.Scan(text, {begin, std::min(begin + kChunkBytes, text.size())}, {}, findings);
      count += findings.size();
    }
    benchmark::DoNotOptimize(count);
  }
  Report(state, text.size(), count);
}

// The longest prefix, by powers of two, of which a pass ends in time.
std::string_view Bearable(RegexPeer& peer, std::string_view text) {
  for (size_t bytes = std::min<size_t>(4 << 10, text.size());; bytes *= 2) {
    if (bytes >= text.size()) return text;
    const auto begin = Clock::now();
    const bool ok = peer.CountMatches(text.substr(0, bytes)).ok();
    if (!ok || Clock::now() - begin > kPeerPatience / 2) return text.substr(0, bytes);
  }
}

void Match(benchmark::State& state, RegexPeer& peer, std::string_view text) {
  const std::string_view part = Bearable(peer, text);
  uint64_t count = 0;
  for (auto _ : state) {
    const auto matches = peer.CountMatches(part);
    if (!matches.ok()) {
      state.SkipWithError(std::string(matches.status().message()).c_str());
      break;
    }
    benchmark::DoNotOptimize(count = *matches);
  }
  Report(state, part.size(), count);
}

class Suite {
 public:
  Suite(std::string name, Inputs& inputs, const compute::Ruleset& ruleset)
      : name_(std::move(name)), inputs_(inputs) {
    for (const Kernel& kernel : Kernel::All()) {
      detectors_.emplace_back(kernel.name, std::make_unique<DomainDetector>(ruleset, kernel));
    }
  }

  void AddDetectors(const std::string& input, size_t bytes, bool all) {
    for (const auto& [kernel, detector] : detectors_) {
      if (!all && kernel != Kernel::Best().name && kernel != "scalar") continue;
      Add(kernel, input, bytes, [&detector = *detector](auto& state, std::string_view text) {
        Detect(state, detector, text);
      });
    }
  }
  void AddCopy(const std::string& input, size_t bytes) { Add("memcpy", input, bytes, Copy); }
  void AddPeers(const std::string& input, size_t bytes) {
    for (const NamedPeer& named : RegexPeers()) {
      Add(named.name, input, bytes,
          [&peer = *named.peer](auto& state, std::string_view text) { Match(state, peer, text); });
    }
  }

 private:
  template <typename Run>
  void Add(std::string_view engine, const std::string& input, size_t bytes, Run run) {
    const std::string row = absl::StrCat(name_, "/", std::string(engine), "/", input, "/", bytes);
    benchmark::RegisterBenchmark(row.c_str(), [this, input, bytes, run](benchmark::State& state) {
      run(state, inputs_.Get(input, bytes));
    });
  }

  const std::string name_;
  Inputs& inputs_;
  std::vector<std::pair<std::string_view, std::unique_ptr<DomainDetector>>> detectors_;
};

void AddDetectorRows(Suite& suite, const Inputs& inputs) {
  const auto add = [&suite](const std::string& input, size_t bytes, bool all) {
    suite.AddCopy(input, bytes);
    suite.AddDetectors(input, bytes, all);
    suite.AddPeers(input, bytes);
  };
  for (const InputKind& kind : InputKinds()) add(std::string(kind.name), kHotBytes, true);
  for (const std::string& name : inputs.corpus_names()) add(name, 0, false);
  for (const char* name : {"prose", "weblog", "dense"}) {
    suite.AddCopy(name, kColdBytes);
    suite.AddDetectors(name, kColdBytes, false);
  }
}

void AddLinearityRows(Suite& suite) {
  for (const InputKind& kind : InputKinds()) {
    if (!kind.adversarial && kind.name != "prose") continue;
    for (size_t bytes : {16 << 10, 256 << 10, 1 << 20, 16 << 20}) {
      suite.AddDetectors(std::string(kind.name), bytes, false);
    }
  }
}

// The value of `--flag=VALUE` among the arguments, which is taken out.
std::string TakeFlag(const std::string& flag, int& argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (!argument.starts_with(flag + "=")) continue;
    std::rotate(argv + i, argv + i + 1, argv + argc);
    --argc;
    return argument.substr(flag.size() + 1);
  }
  return "";
}

int Main(int argc, char** argv) {
  const std::string name = TakeFlag("--suite", argc, argv);
  Inputs inputs(TakeFlag("--corpus", argc, argv));
  benchmark::Initialize(&argc, argv);
  if ((name != "detector" && name != "linearity") ||
      benchmark::ReportUnrecognizedArguments(argc, argv)) {
    std::cerr << "usage: detector_benchmark --suite=detector|linearity [--corpus=DIRECTORY]\n";
    return 2;
  }
  const auto ruleset = compute::Ruleset::Load({});
  if (!ruleset.ok()) {
    std::cerr << "detector_benchmark: " << std::string(ruleset.status().message()) << "\n";
    return 1;
  }
  benchmark::AddCustomContext("regex", kDomainRegex);
  benchmark::AddCustomContext("best_kernel", std::string(Kernel::Best().name));
  Suite suite(name, inputs, *ruleset);
  if (name == "detector") {
    AddDetectorRows(suite, inputs);
  } else {
    AddLinearityRows(suite);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace trawl::bench

int main(int argc, char** argv) { return trawl::bench::Main(argc, argv); }
