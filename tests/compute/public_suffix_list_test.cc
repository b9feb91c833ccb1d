#include "compute/public_suffix_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace trawl::compute {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kList = R"(// VERSION: 2024-07-03_07-11-56_UTC
// ===BEGIN ICANN DOMAINS===
com
uk   anything after a space is no rule
co.uk
*.ck
!www.ck
jp
*.kawasaki.jp
!city.kawasaki.jp
// two forms of the same
рф
公司.cn
// ===END ICANN DOMAINS===
// ===BEGIN PRIVATE DOMAINS===
blogspot.com
*.compute.example
// ===END PRIVATE DOMAINS===
)";

PublicSuffixList Parse(std::string_view text) {
  auto list = PublicSuffixList::Parse(text);
  EXPECT_TRUE(list.ok()) << list.status();
  return list.ok() ? *std::move(list) : PublicSuffixList();
}

std::string ErrorOf(std::string_view text) {
  return std::string(PublicSuffixList::Parse(text).status().message());
}

// The public suffixes of `host` by the ICANN section and by both.
std::pair<std::string, std::string> SuffixesOf(const PublicSuffixList& list, std::string host) {
  auto suffixes = list.Find(host);
  return {host.substr(host.size() - suffixes.icann), host.substr(host.size() - suffixes.all)};
}

using Pair = std::pair<std::string, std::string>;

TEST(PublicSuffixListTest, FindsTheLongestRule) {
  PublicSuffixList list = Parse(kList);
  EXPECT_EQ(SuffixesOf(list, "example.com"), Pair("com", "com"));
  EXPECT_EQ(SuffixesOf(list, "www.example.co.uk"), Pair("co.uk", "co.uk"));
  EXPECT_EQ(SuffixesOf(list, "example.uk"), Pair("uk", "uk"));
  EXPECT_EQ(SuffixesOf(list, "co.uk"), Pair("co.uk", "co.uk"));
  EXPECT_EQ(SuffixesOf(list, "com"), Pair("com", "com"));
}

TEST(PublicSuffixListTest, TakesTheLastLabelWhereNoRuleFits) {
  PublicSuffixList list = Parse(kList);
  EXPECT_EQ(SuffixesOf(list, "a.b.unknown"), Pair("unknown", "unknown"));
  EXPECT_EQ(SuffixesOf(list, "ck"), Pair("ck", "ck"));
}

TEST(PublicSuffixListTest, AWildcardStandsForOneLabel) {
  PublicSuffixList list = Parse(kList);
  EXPECT_EQ(SuffixesOf(list, "a.b.ck"), Pair("b.ck", "b.ck"));
  EXPECT_EQ(SuffixesOf(list, "b.ck"), Pair("b.ck", "b.ck"));
  EXPECT_EQ(SuffixesOf(list, "x.a.b.kawasaki.jp"), Pair("b.kawasaki.jp", "b.kawasaki.jp"));
}

TEST(PublicSuffixListTest, AnExceptionPrevails) {
  PublicSuffixList list = Parse(kList);
  EXPECT_EQ(SuffixesOf(list, "www.ck"), Pair("ck", "ck"));
  EXPECT_EQ(SuffixesOf(list, "a.www.ck"), Pair("ck", "ck"));
  EXPECT_EQ(SuffixesOf(list, "a.city.kawasaki.jp"), Pair("kawasaki.jp", "kawasaki.jp"));
}

TEST(PublicSuffixListTest, TellsTheSectionsApart) {
  PublicSuffixList list = Parse(kList);
  EXPECT_EQ(SuffixesOf(list, "a.blogspot.com"), Pair("com", "blogspot.com"));
  EXPECT_EQ(SuffixesOf(list, "a.b.compute.example"), Pair("example", "b.compute.example"));
  EXPECT_TRUE(list.Find("a.blogspot.com").is_private());
  EXPECT_FALSE(list.Find("a.example.com").is_private());
}

TEST(PublicSuffixListTest, KeepsRulesInAForm) {
  PublicSuffixList list = Parse(kList);
  EXPECT_TRUE(list.IsTld("xn--p1ai"));
  EXPECT_EQ(SuffixesOf(list, "a.b.xn--55qx5d.cn"), Pair("xn--55qx5d.cn", "xn--55qx5d.cn"));
}

TEST(PublicSuffixListTest, TldsAreTheLastLabelsOfTheIcannSection) {
  EXPECT_THAT(Parse(kList).tlds(), ElementsAre("ck", "cn", "com", "jp", "uk", "xn--p1ai"));
  EXPECT_FALSE(Parse(kList).IsTld("example"));
  EXPECT_FALSE(Parse(kList).IsTld("blogspot.com"));
  EXPECT_FALSE(Parse(kList).IsTld(""));
}

TEST(PublicSuffixListTest, ReadsTheDateOfAListThatHasOne) {
  ASSERT_TRUE(Parse(kList).date().has_value());
  EXPECT_EQ(absl::FormatTime("%Y-%m-%d", *Parse(kList).date(), absl::UTCTimeZone()), "2024-07-03");
  EXPECT_FALSE(Parse("// ===BEGIN ICANN DOMAINS===\ncom\n").date().has_value());
}

TEST(PublicSuffixListTest, CountsRules) { EXPECT_EQ(Parse(kList).rule_count(), 12u); }

TEST(PublicSuffixListTest, ReadsLinesThatEndInCarriageReturns) {
  EXPECT_TRUE(Parse("// ===BEGIN ICANN DOMAINS===\r\ncom\r\n\r\n").IsTld("com"));
}

TEST(PublicSuffixListTest, AnErrorNamesTheLine) {
  EXPECT_THAT(ErrorOf("\xff\x01 is no list\n"), HasSubstr("line 1"));
  EXPECT_THAT(ErrorOf("// ===BEGIN ICANN DOMAINS===\ncom\nfoo..bar\n"), HasSubstr("line 3"));
  EXPECT_THAT(ErrorOf("// ===BEGIN ICANN DOMAINS===\nfoo_bar\n"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf("// ===BEGIN ICANN DOMAINS===\n!com\n"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf("com\n"), HasSubstr("line 1"));
}

TEST(PublicSuffixListTest, RefusesAListWithoutTlds) {
  EXPECT_FALSE(PublicSuffixList::Parse("").ok());
  EXPECT_FALSE(PublicSuffixList::Parse("// ===BEGIN PRIVATE DOMAINS===\ngithub.io\n").ok());
}

}  // namespace
}  // namespace trawl::compute
