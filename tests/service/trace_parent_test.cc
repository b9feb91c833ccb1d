#include "service/trace_parent.h"

#include <gtest/gtest.h>

#include <string>

namespace trawl::service {
namespace {

constexpr char kTraceId[] = "0af7651916cd43dd8448eb211c80319c";
constexpr char kParentId[] = "b7ad6b7169203331";
constexpr char kGood[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceParentTest, OfTheStandardsFormIsTakenOver) {
  for (const std::string& header :
       {std::string(kGood), std::string("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"),
        std::string("fe-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff"),
        std::string(
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-later.versions/add")}) {
    const auto trace = ParseTraceParent(header);
    ASSERT_TRUE(trace.has_value()) << header;
    EXPECT_EQ(trace->trace_id, kTraceId);
    EXPECT_EQ(trace->parent_id, kParentId);
  }
}

TEST(TraceParentTest, WithOneByteChangedToOtherThanADigitIsAsIfItWereNotThere) {
  const std::string good = kGood;
  for (size_t i = 0; i < good.size(); ++i) {
    for (char c : {'G', 'A', 'g', ' ', '-', '\0', '\xff', '"'}) {
      std::string bad = good;
      if (bad[i] == c) continue;
      bad[i] = c;
      EXPECT_FALSE(ParseTraceParent(bad).has_value()) << bad;
    }
  }
}

TEST(TraceParentTest, OfAnyOtherLengthIsAsIfItWereNotThere) {
  const std::string good = kGood;
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ParseTraceParent(good.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(ParseTraceParent(good + "-").has_value()) << "version 00 ends with its flags";
  EXPECT_FALSE(ParseTraceParent(good + " ").has_value());
  EXPECT_FALSE(ParseTraceParent("01" + good.substr(2) + "x").has_value()) << "no dash";
}

TEST(TraceParentTest, OfNoVersionOrWithAnIdOfZerosIsAsIfItWereNotThere) {
  for (const char* header : {"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                             "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                             "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"}) {
    EXPECT_FALSE(ParseTraceParent(header).has_value()) << header;
  }
}

}  // namespace
}  // namespace trawl::service
