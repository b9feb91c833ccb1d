#include "service/work_counts.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace trawl::service {
namespace {

using compute::Finding;
using compute::FindingList;

// The numbers of findings of each confidence, in one word: counting takes no more than an addition
// for each of them, which a dense list of names would notice otherwise.
constexpr int kBits = 21;
constexpr size_t kMostPacked = (size_t{1} << kBits) - 1;
constexpr std::array<uint64_t, compute::kMaxConfidence + 1> kOne = {0, 1, uint64_t{1} << kBits,
                                                                    uint64_t{1} << 2 * kBits};

// Nothing where they are of several kinds.
std::optional<uint64_t> CountOneKind(std::span<const Finding> findings) {
  const auto first = static_cast<unsigned>(findings.front().kind);
  unsigned other = 0;
  uint64_t packed = 0;
  for (const Finding& finding : findings) {
    other |= static_cast<unsigned>(finding.kind) ^ first;
    packed += kOne[static_cast<size_t>(finding.confidence)];
  }
  return other == 0 ? std::optional(packed) : std::nullopt;
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
  for (std::span<const Finding> rest(findings->begin(), findings->end()); !rest.empty();) {
    const auto block = rest.first(std::min(rest.size(), kMostPacked));
    rest = rest.subspan(block.size());
    if (const auto packed = CountOneKind(block)) {
      auto& counts = cells.findings[static_cast<size_t>(block.front().kind)];
      for (size_t confidence = 1; confidence < counts.size(); ++confidence) {
        const uint64_t count = *packed >> (confidence - 1) * kBits & kMostPacked;
        if (count > 0) counts[confidence].Add(count);
      }
    } else {
      AddEach(block, cells);
    }
  }
}

void WorkCounts::AddEach(std::span<const Finding> findings, Cells& cells) {
  PerFinding<uint64_t> counts{};
  for (const Finding& finding : findings) {
    ++counts[static_cast<size_t>(finding.kind)][static_cast<size_t>(finding.confidence)];
  }
  for (size_t kind = 0; kind < counts.size(); ++kind) {
    for (size_t confidence = 0; confidence < counts[kind].size(); ++confidence) {
      const uint64_t count = counts[kind][confidence];
      if (count > 0) cells.findings[kind][confidence].Add(count);
    }
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
