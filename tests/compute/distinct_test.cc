#include "compute/distinct.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trawl::compute {
namespace {

TEST(DistinctTest, CountsOverAllChunksInOrderOfFirstOccurrence) {
  Report report;
  report.bytes = 100;
  report.chunks.resize(3);
  report.chunks[0].Add({.begin = 5, .end = 16, .confidence = Confidence::kLow}, "b.example.org");
  report.chunks[0].Add({.begin = 20, .end = 31, .registrable_size = 11}, "example.com");
  report.chunks[2].Add({.begin = 70, .end = 81, .confidence = Confidence::kMedium},
                       "b.example.org");
  std::vector<DistinctValue> values = DistinctValues(report);
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0].value, "b.example.org");
  EXPECT_EQ(values[0].count, 2u);
  EXPECT_EQ(values[0].first_begin, 5u);
  EXPECT_EQ(values[0].highest_confidence, Confidence::kMedium);
  EXPECT_EQ(values[1].value, "example.com");
  EXPECT_EQ(values[1].registrable_domain, "example.com");
  EXPECT_EQ(values[1].count, 1u);
}

TEST(DistinctTest, OfNothingIsNothing) { EXPECT_TRUE(DistinctValues(Report()).empty()); }

}  // namespace
}  // namespace trawl::compute
