// Counts what the engine did: chunks searched, how long they took, and what was found, whatever
// became of the calls that they belong to.
//
// Thread-safety: all members may be called from any thread.

#ifndef TRAWL_SERVICE_WORK_COUNTS_H_
#define TRAWL_SERVICE_WORK_COUNTS_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <span>

#include "compute/engine.h"
#include "compute/finding.h"
#include "service/duration_histogram.h"
#include "service/sharded.h"

namespace trawl::service {

class WorkCounts final : public compute::ChunkObserver {
 public:
  // By kind and confidence, as compute numbers them.
  template <typename Number>
  using PerFinding =
      std::array<std::array<Number, compute::kMaxConfidence + 1>, compute::kMaxKind + 1>;

  struct Totals {
    DurationTotals chunk_time{kChunkBounds};
    uint64_t failed_chunks = 0;
    uint64_t bytes = 0;
    PerFinding<uint64_t> findings{};
  };

  void Searched(uint64_t bytes, const compute::FindingList* findings,
                std::chrono::nanoseconds time) override;

  Totals totals() const;

 private:
  struct Cells {
    DurationHistogram<kChunkBounds> chunk_time;
    Count failed_chunks;
    Count bytes;
    PerFinding<Count> findings;
  };

  static void AddEach(std::span<const compute::Finding> findings, Cells& cells);

  Sharded<Cells> cells_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_WORK_COUNTS_H_
