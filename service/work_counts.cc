#include "service/work_counts.h"

#include <cstddef>

namespace trawl::service {
namespace {

using compute::Confidence;
using compute::FindingList;
using compute::Kind;

struct Tally {
  uint64_t all = 0;
  uint64_t low = 0;
  uint64_t high = 0;
};

// By kind. Findings of one kind mostly follow each other, and are counted in registers.
std::array<Tally, compute::kMaxKind + 1> CountByKind(const FindingList& findings) {
  std::array<Tally, compute::kMaxKind + 1> tallies{};
  for (auto finding = findings.begin(); finding != findings.end();) {
    const Kind kind = finding->kind;
    Tally run;
    for (; finding != findings.end() && finding->kind == kind; ++finding) {
      ++run.all;
      run.low += finding->confidence == Confidence::kLow ? 1 : 0;
      run.high += finding->confidence == Confidence::kHigh ? 1 : 0;
    }
    Tally& tally = tallies[static_cast<size_t>(kind)];
    tally.all += run.all;
    tally.low += run.low;
    tally.high += run.high;
  }
  return tallies;
}

}  // namespace

void WorkCounts::Searched(uint64_t bytes, const FindingList* findings,
                          std::chrono::nanoseconds time) {
  Cells& cells = cells_.OfThread();
  cells.chunk_time.Add(time);
  if (findings == nullptr) {
    cells.failed_chunks.Add();
    return;
  }
  cells.bytes.Add(bytes);
  if (findings->empty()) return;
  const auto tallies = CountByKind(*findings);
  for (size_t kind = 0; kind < tallies.size(); ++kind) {
    const auto& [all, low, high] = tallies[kind];
    if (all == 0) continue;
    auto& counts = cells.findings[kind];
    if (low > 0) counts[static_cast<size_t>(Confidence::kLow)].Add(low);
    if (high > 0) counts[static_cast<size_t>(Confidence::kHigh)].Add(high);
    if (all > low + high) counts[static_cast<size_t>(Confidence::kMedium)].Add(all - low - high);
  }
}

WorkCounts::Totals WorkCounts::totals() const {
  Totals totals;
  cells_.ForEach([&](const Cells& cells) {
    cells.chunk_time.AddTo(totals.chunk_time);
    totals.failed_chunks += cells.failed_chunks.value();
    totals.bytes += cells.bytes.value();
    for (size_t kind = 0; kind < totals.findings.size(); ++kind) {
      for (size_t confidence = 0; confidence < totals.findings[kind].size(); ++confidence) {
        totals.findings[kind][confidence] += cells.findings[kind][confidence].value();
      }
    }
  });
  return totals;
}

}  // namespace trawl::service
