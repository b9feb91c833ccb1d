// How long things took: counts of durations in buckets between fixed bounds, and their sum.
//
// Bounds lie on what the project promises (5 ms, 10 ms, 50 ms, 2 s), so that the share of calls
// that kept a promise can be read off and need not be interpolated.
//
// Thread-safety: all members may be called from any thread. Meant to be a cell of Sharded.

#ifndef TRAWL_SERVICE_DURATION_HISTOGRAM_H_
#define TRAWL_SERVICE_DURATION_HISTOGRAM_H_

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "service/sharded.h"

namespace trawl::service {

template <size_t kCount>
constexpr auto Microseconds(const int (&numbers)[kCount]) {
  std::array<std::chrono::nanoseconds, kCount> durations{};
  for (size_t i = 0; i < kCount; ++i) durations[i] = std::chrono::microseconds(numbers[i]);
  return durations;
}

// Of calls and of waiting. What a bucket holds is at most its bound.
inline constexpr auto kCallBounds =
    Microseconds({100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000,
                  500'000, 1'000'000, 2'000'000, 5'000'000, 30'000'000});

// Of chunks, which are to keep a worker for at most 5 ms.
inline constexpr auto kChunkBounds =
    Microseconds({5, 10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000, 50'000});

// A histogram at one moment, or several added up.
struct DurationTotals {
  explicit DurationTotals(std::span<const std::chrono::nanoseconds> bucket_bounds)
      : bounds(bucket_bounds), counts(bounds.size() + 1) {}

  std::span<const std::chrono::nanoseconds> bounds;
  std::vector<uint64_t> counts;  // of each bucket alone; the last is beyond all bounds
  std::chrono::nanoseconds sum{0};
};

template <const auto& kBounds>
class DurationHistogram {
 public:
  void Add(std::chrono::nanoseconds duration) {
    const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), duration);
    counts_[static_cast<size_t>(bound - kBounds.begin())].Add();
    nanoseconds_.Add(static_cast<uint64_t>(duration.count()));
  }

  void AddTo(DurationTotals& totals) const {
    for (size_t i = 0; i < counts_.size(); ++i) totals.counts[i] += counts_[i].value();
    totals.sum += std::chrono::nanoseconds(nanoseconds_.value());
  }

 private:
  std::array<Count, kBounds.size() + 1> counts_;
  Count nanoseconds_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_DURATION_HISTOGRAM_H_
