#include "client/cli/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace trawl::cli {

void Histogram::Record(absl::Duration value) {
  const int64_t nanoseconds = std::max<int64_t>(absl::ToInt64Nanoseconds(value), 0);
  ++buckets_[BucketOf(static_cast<uint64_t>(nanoseconds))];
  min_ = count_ == 0 ? nanoseconds : std::min(min_, nanoseconds);
  max_ = std::max(max_, nanoseconds);
  sum_ += static_cast<double>(nanoseconds);
  ++count_;
}

absl::Duration Histogram::Mean() const {
  return count_ == 0 ? absl::ZeroDuration() : absl::Nanoseconds(sum_ / static_cast<double>(count_));
}

absl::Duration Histogram::Quantile(double fraction) const {
  if (count_ == 0) return absl::ZeroDuration();
  const auto rank = static_cast<uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  uint64_t seen = 0;
  size_t bucket = 0;
  while ((seen += buckets_[bucket]) < std::clamp<uint64_t>(rank, 1, count_)) ++bucket;
  return absl::Nanoseconds(std::clamp(static_cast<int64_t>(MiddleOf(bucket)), min_, max_));
}

size_t Histogram::BucketOf(uint64_t value) {
  if (value < kPerOctave) return value;
  const int shift = std::bit_width(value) - 1 - kBits;
  return static_cast<size_t>(shift) * kPerOctave + (value >> shift);
}

uint64_t Histogram::MiddleOf(size_t bucket) {
  if (bucket < 2 * kPerOctave) return bucket;
  const size_t shift = bucket / kPerOctave - 1;
  const uint64_t lowest = (kPerOctave + bucket % kPerOctave) << shift;
  return lowest + (uint64_t{1} << shift) / 2;
}

}  // namespace trawl::cli
