#include "client/cli/progress.h"

#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

TEST(ProgressTest, TellsBytesShareAndRate) {
  EXPECT_EQ(ProgressLine("a.log", 1 << 20, 4 << 20, absl::Seconds(2)),
            "a.log: 1 MiB of 4 MiB, 25 %, 0.524 MB/s");
}

TEST(ProgressTest, TellsNoShareOfAnUnknownTotal) {
  EXPECT_EQ(ProgressLine("-", 2000000, std::nullopt, absl::Seconds(1)), "-: 1.907 MiB, 2 MB/s");
}

TEST(ProgressTest, AFileThatGrewIsAtMostDone) {
  EXPECT_EQ(ProgressLine("a\n", 2048, 1024, absl::ZeroDuration()),
            "a\\u{a}: 2 KiB of 1 KiB, 100 %");
}

}  // namespace
}  // namespace trawl::cli
