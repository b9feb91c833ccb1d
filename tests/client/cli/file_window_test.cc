#include "client/cli/file_window.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/temporary_directory.h"

namespace trawl::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr char kDigits[] = "0123456789abcdefghij";

class FileWindowTest : public testing::Test {
 protected:
  const TemporaryDirectory directory_;
  const std::string file_ = directory_.Write("digits", kDigits);
};

TEST_F(FileWindowTest, HoldsTheByteAndWhatIsAroundIt) {
  const auto window = ReadWindow(file_, 10, 3);
  ASSERT_TRUE(window.ok()) << window.status();
  EXPECT_EQ(window->head, "01");
  EXPECT_EQ(window->begin, 6u) << "an even offset";
  EXPECT_EQ(window->bytes, "6789abcd");
}

TEST_F(FileWindowTest, EndsWhereTheFileEnds) {
  for (uint64_t offset = 0; offset < sizeof kDigits - 1; ++offset) {
    for (uint64_t reach : {0, 1, 2, 5, 100}) {
      const auto window = ReadWindow(file_, offset, reach);
      ASSERT_TRUE(window.ok()) << window.status();
      EXPECT_EQ(window->head, "01");
      EXPECT_EQ(window->begin % 2, 0u);
      EXPECT_LE(window->begin, offset - std::min(offset, reach));
      const size_t end = std::min<size_t>(sizeof kDigits - 1, offset + reach + 1);
      EXPECT_THAT(window->bytes,
                  StartsWith(std::string(kDigits).substr(window->begin, end - window->begin)));
      EXPECT_LE(window->bytes.size(), end - window->begin + 1);
    }
  }
}

TEST_F(FileWindowTest, AFileOfOneByteHasThatByte) {
  const auto window = ReadWindow(directory_.Write("one", "x"), 0, 100);
  ASSERT_TRUE(window.ok()) << window.status();
  EXPECT_EQ(window->head, "x");
  EXPECT_EQ(window->bytes, "x");
}

TEST_F(FileWindowTest, AnOffsetBehindTheEndIsAnErrorWithTheSize) {
  for (uint64_t offset : {uint64_t{20}, uint64_t{21}, uint64_t{1} << 40, ~uint64_t{0}}) {
    const auto window = ReadWindow(file_, offset, 4);
    EXPECT_EQ(window.status().code(), absl::StatusCode::kOutOfRange);
    EXPECT_THAT(std::string(window.status().message()),
                HasSubstr("no byte " + std::to_string(offset) + ": it has 20 bytes"));
  }
  EXPECT_FALSE(ReadWindow(directory_.Write("empty", ""), 0, 4).ok());
}

TEST_F(FileWindowTest, OfALargeFileOnlyTheWindowIsRead) {
  constexpr uint64_t kSize = uint64_t{8} << 40;
  const std::string sparse = directory_.Write("sparse", "head");
  if (truncate(sparse.c_str(), kSize) != 0) GTEST_SKIP() << "no files of 8 TiB here";
  const auto window = ReadWindow(sparse, kSize - 1, 10);
  ASSERT_TRUE(window.ok()) << window.status();
  EXPECT_EQ(window->head, "he");
  EXPECT_EQ(window->begin, kSize - 12);
  EXPECT_EQ(window->bytes, std::string(12, '\0'));
}

TEST_F(FileWindowTest, WhatCannotBeReadIsAnError) {
  EXPECT_THAT(std::string(ReadWindow(file_ + ".missing", 0, 4).status().message()),
              HasSubstr("No such file"));
  EXPECT_THAT(std::string(ReadWindow(directory_.path(), 0, 4).status().message()),
              HasSubstr("directory"));
}

}  // namespace
}  // namespace trawl::cli
