// Counts of values from 1 ns to centuries, in fixed memory (58 KiB), with quantiles exact to 0.4 %.
//
// The buckets are log-linear, as those of HdrHistogram (http://hdrhistogram.org): values below 128
// have one bucket each; every octave above is cut into 128 buckets of equal width. A quantile is
// the middle of its bucket, so it is off by at most half a width: 1/256 of the value.
//
//   Histogram latencies;
//   latencies.Record(absl::Microseconds(70));
//   latencies.Quantile(0.99);
//
// Not for several threads at once.
#ifndef TRAWL_CLIENT_CLI_HISTOGRAM_H_
#define TRAWL_CLIENT_CLI_HISTOGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace trawl::cli {

class Histogram {
 public:
  // A negative value counts as 0.
  void Record(absl::Duration value);

  uint64_t count() const { return count_; }
  // Exact. Zero while nothing is recorded, as all that follow.
  absl::Duration min() const { return absl::Nanoseconds(min_); }
  absl::Duration max() const { return absl::Nanoseconds(max_); }
  absl::Duration Mean() const;

  // The smallest value that at least `fraction` (0 to 1) of all values do not exceed.
  absl::Duration Quantile(double fraction) const;

 private:
  static constexpr int kBits = 7;
  static constexpr size_t kPerOctave = size_t{1} << kBits;

  static size_t BucketOf(uint64_t value);
  static uint64_t MiddleOf(size_t bucket);

  // Values are int64 nanoseconds: the highest octave is that of bit 62.
  std::array<uint64_t, (63 - kBits + 1)* kPerOctave> buckets_ = {};
  uint64_t count_ = 0;
  double sum_ = 0;
  int64_t min_ = 0;
  int64_t max_ = 0;
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_HISTOGRAM_H_
