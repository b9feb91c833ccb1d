#include "service/line_budget.h"

#include <gtest/gtest.h>

namespace trawl::service {
namespace {

using std::chrono::milliseconds;

constexpr LineBudget::Clock::time_point kBegin{std::chrono::hours(1)};

TEST(LineBudgetTest, TakesSoManyLinesASecondAndTellsHowManyItDidNot) {
  LineBudget budget;
  for (uint64_t i = 0; i < LineBudget::kLinesPerSecond; ++i) {
    EXPECT_EQ(budget.Take("A", kBegin + milliseconds(i)), 0u);
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(budget.Take("A", kBegin + milliseconds(999)), std::nullopt);
  EXPECT_EQ(budget.suppressed().at("A"), 5u);
  EXPECT_EQ(budget.Take("A", kBegin + milliseconds(1000)), 5u);
  EXPECT_EQ(budget.Take("A", kBegin + milliseconds(1001)), 0u) << "told once";
  EXPECT_TRUE(budget.suppressed().empty());
}

TEST(LineBudgetTest, OneReasonTakesNothingFromAnother) {
  LineBudget budget;
  while (budget.Take("A", kBegin).has_value()) {
  }
  EXPECT_EQ(budget.Take("B", kBegin), 0u);
}

TEST(LineBudgetTest, EveryLineIsTakenOrCountedAsSuppressed) {
  LineBudget budget;
  uint64_t lines = 0;
  uint64_t suppressed = 0;
  constexpr uint64_t kAll = 100'000;
  for (uint64_t i = 0; i < kAll; ++i) {
    const auto told = budget.Take("A", kBegin + milliseconds(i));
    if (!told.has_value()) continue;
    ++lines;
    suppressed += *told;
  }
  EXPECT_EQ(lines, kAll / 1000 * LineBudget::kLinesPerSecond);
  EXPECT_EQ(lines + suppressed + budget.suppressed().at("A"), kAll);
}

}  // namespace
}  // namespace trawl::service
