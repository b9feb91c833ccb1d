#include "compute/lookalikes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace trawl::compute {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(std::string_view text) {
  return std::string(Lookalikes::Parse(text).status().message());
}

TEST(LookalikesTest, KnowsTheClassesOfATld) {
  auto lists =
      Lookalikes::Parse("# comment\nversion 7\n\nfile py am\r\nword am is\nword_gtld zone");
  ASSERT_TRUE(lists.ok()) << lists.status();
  EXPECT_EQ(lists->version(), 7);
  EXPECT_EQ(lists->Classes("py"), Lookalikes::kFile);
  EXPECT_EQ(lists->Classes("am"), Lookalikes::kFile | Lookalikes::kWord);
  EXPECT_EQ(lists->Classes("is"), Lookalikes::kWord);
  EXPECT_EQ(lists->Classes("zone"), Lookalikes::kWordGtld);
  EXPECT_EQ(lists->Classes("com"), 0);
  EXPECT_EQ(lists->Classes(""), 0);
}

TEST(LookalikesTest, AnErrorNamesTheLine) {
  EXPECT_THAT(ErrorOf("version 1\nfile py\nwords is\n"), HasSubstr("line 3"));
  EXPECT_THAT(ErrorOf("version 1\nfile PY\n"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf("file py\n"), HasSubstr("line 1"));
  EXPECT_THAT(ErrorOf("version x\n"), HasSubstr("line 1"));
  EXPECT_THAT(ErrorOf("version 1 2\n"), HasSubstr("line 1"));
  EXPECT_THAT(ErrorOf("version 1\nversion 2\n"), HasSubstr("line 2"));
}

TEST(LookalikesTest, RefusesAFileWithoutVersion) {
  EXPECT_FALSE(Lookalikes::Parse("").ok());
  EXPECT_FALSE(Lookalikes::Parse("# nothing\n").ok());
}

}  // namespace
}  // namespace trawl::compute
