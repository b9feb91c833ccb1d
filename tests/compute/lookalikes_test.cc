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
  auto lists = Lookalikes::Parse(
      "# comment\nversion 7\n\nfile py am\r\nword am is\nword_gtld zone\npath_file zone");
  ASSERT_TRUE(lists.ok()) << lists.status();
  EXPECT_EQ(lists->version(), 7);
  EXPECT_EQ(lists->Classes("py"), Lookalikes::kFile);
  EXPECT_EQ(lists->Classes("am"), Lookalikes::kFile | Lookalikes::kWord);
  EXPECT_EQ(lists->Classes("is"), Lookalikes::kWord);
  EXPECT_EQ(lists->Classes("zone"), Lookalikes::kWordGtld | Lookalikes::kPathFile);
  EXPECT_EQ(lists->Classes("com"), 0);
  EXPECT_EQ(lists->Classes(""), 0);
}

TEST(LookalikesTest, KnowsNewsgroupsByTheirFirstLabels) {
  auto lists = Lookalikes::Parse("version 1\nnewsgroup comp news.admin\n");
  ASSERT_TRUE(lists.ok()) << lists.status();
  EXPECT_TRUE(lists->IsNewsgroup("comp.sys.next"));
  EXPECT_TRUE(lists->IsNewsgroup("news.admin.net"));
  EXPECT_TRUE(lists->IsNewsgroup("news.admin.net-abuse.email"));
  EXPECT_FALSE(lists->IsNewsgroup("news.example.com"));
  EXPECT_FALSE(lists->IsNewsgroup("computer.sys.next"));
}

TEST(LookalikesTest, KnowsProductsToTheLetter) {
  auto lists = Lookalikes::Parse("version 1\nproduct ASP.NET Paint.NET\n");
  ASSERT_TRUE(lists.ok()) << lists.status();
  EXPECT_TRUE(lists->IsProduct("ASP.NET"));
  EXPECT_TRUE(lists->IsProduct("Paint.NET"));
  EXPECT_FALSE(lists->IsProduct("asp.net"));
  EXPECT_FALSE(lists->IsProduct("PAINT.NET"));
}

TEST(LookalikesTest, AnErrorNamesTheLine) {
  EXPECT_THAT(ErrorOf("version 1\nfile py\nwords is\n"), HasSubstr("line 3"));
  EXPECT_THAT(ErrorOf("version 1\nfile PY\n"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf("version 1\nnewsgroup news.admin.misc\n"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf("version 1\nnewsgroup comp.\n"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf("version 1\nproduct NET\n"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf("version 1\nproduct asp.net\n"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf("version 1\nproduct .NET\n"), HasSubstr("line 2"));
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
