#include "compute/finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trawl::compute {
namespace {

TEST(FindingListTest, KeepsValuesApart) {
  FindingList list;
  list.Add({.begin = 3, .end = 18, .registrable_size = 11}, "www.example.com");
  list.Add({.begin = 20, .end = 25, .registrable_size = 0}, "co.uk");
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list.value(list[0]), "www.example.com");
  EXPECT_EQ(list.registrable_domain(list[0]), "example.com");
  EXPECT_EQ(list.value(list[1]), "co.uk");
  EXPECT_EQ(list.registrable_domain(list[1]), "");
}

TEST(ReasonsTest, HoldsWhatWasAdded) {
  Reasons reasons = {Reason::kBare, Reason::kPublicSuffix};
  EXPECT_TRUE(reasons.Has(Reason::kBare));
  EXPECT_TRUE(reasons.Has(Reason::kPublicSuffix));
  EXPECT_FALSE(reasons.Has(Reason::kAnchored));
  EXPECT_NE(reasons, (Reasons{Reason::kBare}));
}

}  // namespace
}  // namespace trawl::compute
