#include "client/cli/histogram.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

int64_t Exact(const std::vector<int64_t>& sorted, double fraction) {
  const auto rank = static_cast<size_t>(std::ceil(fraction * static_cast<double>(sorted.size())));
  return sorted[std::max<size_t>(rank, 1) - 1];
}

void ExpectCloseToExact(std::vector<int64_t> values) {
  Histogram histogram;
  for (const int64_t value : values) histogram.Record(absl::Nanoseconds(value));
  std::sort(values.begin(), values.end());
  for (const double fraction : {0.0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
    const auto exact = static_cast<double>(Exact(values, fraction));
    const auto found = static_cast<double>(absl::ToInt64Nanoseconds(histogram.Quantile(fraction)));
    EXPECT_LE(std::abs(found - exact), exact / 256) << fraction;
  }
  EXPECT_EQ(histogram.count(), values.size());
  EXPECT_EQ(histogram.min(), absl::Nanoseconds(values.front()));
  EXPECT_EQ(histogram.max(), absl::Nanoseconds(values.back()));
}

TEST(HistogramTest, QuantilesAreCloseToThoseOfTheSortedValues) {
  std::mt19937_64 random(1);
  std::vector<int64_t> latencies;
  std::lognormal_distribution<double> distribution(12, 2);
  for (int i = 0; i < 100000; ++i) {
    latencies.push_back(static_cast<int64_t>(distribution(random)));
  }
  ExpectCloseToExact(latencies);
}

TEST(HistogramTest, EveryOctaveIsCovered) {
  std::mt19937_64 random(2);
  for (int bit = 0; bit < 62; ++bit) {
    std::vector<int64_t> values;
    for (int i = 0; i < 1000; ++i) {
      values.push_back(int64_t{1} << bit | static_cast<int64_t>(random() % (int64_t{1} << bit)));
    }
    ExpectCloseToExact(values);
  }
}

TEST(HistogramTest, SmallValuesAreExact) {
  Histogram histogram;
  for (int64_t value = 0; value < 256; ++value) histogram.Record(absl::Nanoseconds(value));
  for (int64_t value = 0; value < 256; ++value) {
    EXPECT_EQ(histogram.Quantile(static_cast<double>(value + 1) / 256), absl::Nanoseconds(value));
  }
  EXPECT_EQ(histogram.Mean(), absl::Nanoseconds(127.5));
}

TEST(HistogramTest, AQuantileIsTheSmallestValueThatEnoughValuesDoNotExceed) {
  Histogram histogram;
  for (const int value : {10, 20, 30}) histogram.Record(absl::Nanoseconds(value));
  EXPECT_EQ(histogram.Quantile(0.33), absl::Nanoseconds(10));
  EXPECT_EQ(histogram.Quantile(0.34), absl::Nanoseconds(20));
  EXPECT_EQ(histogram.Quantile(0.5), absl::Nanoseconds(20));
  EXPECT_EQ(histogram.Quantile(0.67), absl::Nanoseconds(30));
}

TEST(HistogramTest, TheLongestDurationHasABucket) {
  const absl::Duration longest = absl::Nanoseconds(std::numeric_limits<int64_t>::max());
  Histogram histogram;
  histogram.Record(longest);
  EXPECT_EQ(histogram.Quantile(0.5), longest);
}

TEST(HistogramTest, NegativeValuesCountAsZero) {
  Histogram histogram;
  histogram.Record(absl::Nanoseconds(-5));
  EXPECT_EQ(histogram.count(), 1u);
  EXPECT_EQ(histogram.max(), absl::ZeroDuration());
}

TEST(HistogramTest, AnEmptyOneIsAllZero) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.Quantile(0.99), absl::ZeroDuration());
  EXPECT_EQ(histogram.Mean(), absl::ZeroDuration());
}

}  // namespace
}  // namespace trawl::cli
