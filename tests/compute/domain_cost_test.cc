// The cost is linear: a mebibyte of any row is scanned in well under a second. Were it quadratic,
// the scan would not end before the test's time limit; no time is asserted, since other work may
// share the machine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "compute/domain_detector.h"
#include "tests/support/documents.h"

namespace trawl::compute {
namespace {

constexpr uint64_t kMebibyte = 1 << 20;

// In chunks of `chunk_bytes`.
size_t Count(const DomainDetector& detector, std::string_view document, uint64_t chunk_bytes) {
  FindingList findings;
  for (uint64_t begin = 0; begin < document.size(); begin += chunk_bytes) {
    const uint64_t end = std::min<uint64_t>(begin + chunk_bytes, document.size());
    detector.Scan(document, {begin, end}, {}, findings);
  }
  return findings.size();
}

TEST(DomainCostTest, AMebibyteOfAnyRowIsScannedToItsEnd) {
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
                                "a[.]com ",   "a[.]com",
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
    const std::string row = test::Repeat(unit, kMebibyte);
    EXPECT_EQ(Count(detector, row, kMebibyte), Count(detector, row, kMebibyte / 64)) << unit;
  }
}

TEST(DomainCostTest, AMebibyteOfOneLabelIsNotWalkedOver) {
  const auto ruleset = Ruleset::Load({});
  ASSERT_TRUE(ruleset.ok());
  const DomainDetector detector(*ruleset);
  const std::string row = test::Repeat("a", kMebibyte);
  EXPECT_EQ(Count(detector, row + ".example.com", 2 * kMebibyte), 1u);
  EXPECT_EQ(Count(detector, "example.com." + row, 2 * kMebibyte), 0u);
  EXPECT_EQ(Count(detector, test::Repeat("abcdefghi.", kMebibyte) + "com", 2 * kMebibyte), 0u);
}

}  // namespace
}  // namespace trawl::compute
