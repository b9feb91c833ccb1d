// The cost is linear: sixteen times as much of any row takes about sixteen times as long. The bound
// is loose, as other work may share the machine; anything quadratic exceeds it by far.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "compute/domain_detector.h"
#include "tests/support/documents.h"

namespace trawl::compute {
namespace {

using test::Repeat;
using Clock = std::chrono::steady_clock;

double SecondsFor(const DomainDetector& detector, std::string_view document) {
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    FindingList findings;
    Clock::time_point start = Clock::now();
    detector.Scan(document, {0, document.size()}, {}, findings);
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return best;
}

TEST(DomainCostTest, IsLinear) {
  const auto ruleset = Ruleset::Load({});
  ASSERT_TRUE(ruleset.ok());
  const DomainDetector detector(*ruleset);
  for (std::string_view unit : {"a",          ".",
                                "-",          "_",
                                "a.",         "a-",
                                "a_",         "a@b.com\n",
                                "://",        "%25",
                                "\\",         "[.]",
                                "a[.]",       "com.",
                                "abcdefghi.", "a.b ",
                                "a.com-",     "a.com_",
                                "a.com+",     "http://a.com@",
                                "\\na.com",   "https-3A__a.com_",
                                "-3A__",      "\u00E9",
                                "\u00E9.",    "\u3042.com",
                                "a\u3042",    "a\u3042.",
                                "a\u00AD.",   "\u200B",
                                "a.\u200B",   "\xFF",
                                "a.com\xFF",  "(dot)",
                                "a(dot)",     "\u3002"}) {
    constexpr size_t kSmall = 16 << 10;
    const double small = SecondsFor(detector, Repeat(unit, kSmall));
    const double large = SecondsFor(detector, Repeat(unit, 16 * kSmall));
    EXPECT_LT(large, 16 * 8 * small + 0.02) << unit;
  }
  const std::string row = Repeat("a", 1 << 20);
  EXPECT_LT(SecondsFor(detector, row + ".example.com"), 0.2);
  EXPECT_LT(SecondsFor(detector, "example.com." + row), 0.2);
}

}  // namespace
}  // namespace trawl::compute
