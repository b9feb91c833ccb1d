// The cost is linear for every kind: a mebibyte of any row is scanned, in few chunks and in many,
// before the test's time limit; no time is asserted, since other work may share the machine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "compute/engine.h"
#include "tests/support/documents.h"
#include "tests/support/kind_scan.h"

namespace trawl::test {
namespace {

constexpr uint64_t kMebibyte = 1 << 20;

TEST(KindsCostTest, AMebibyteOfAnyRowIsScannedToItsEnd) {
  const auto ruleset = compute::Ruleset::Load({});
  ASSERT_TRUE(ruleset.ok());
  const AllKindsScan scan(*ruleset);
  for (std::string_view unit : {"://",
                                "http://",
                                "http://a.co/",
                                "http://a.co/(",
                                "http://1/",
                                "@",
                                "a@",
                                "me@a.co ",
                                "me@a.co",
                                "%40",
                                "(at)",
                                "1.",
                                "1.1.1.1.",
                                "1.1.1.1 ",
                                "1[.]",
                                ":",
                                "::",
                                "a:",
                                "1:1",
                                "f::",
                                "f",
                                "0f",
                                "_",
                                "s__",
                                "hxxp__a.co",
                                "http:\\/\\/a.co\\/",
                                "[::1]",
                                "//1",
                                "@1",
                                "http://a@",
                                "=40",
                                "'",
                                "a'"}) {
    const std::string row = Repeat(unit, kMebibyte);
    const auto whole = scan.Run(row, {}, AllKinds(compute::Nesting::kOutermost),
                                compute::CutIntoChunks(row.size(), 4, 1, 1, kMebibyte));
    const auto parts = scan.Run(row, {}, AllKinds(compute::Nesting::kOutermost),
                                compute::CutIntoChunks(row.size(), 64, 1, 1, kMebibyte));
    EXPECT_EQ(whole.size(), parts.size()) << unit;
  }
  const std::string url = "http://example.com/" + Repeat("(", kMebibyte);
  EXPECT_EQ(scan.Run(url, {}, AllKinds(), {{0, url.size()}}).size(), 2u);
}

}  // namespace
}  // namespace trawl::test
