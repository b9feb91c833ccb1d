#include "compute/ruleset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "compute/built_in_data.h"

namespace trawl::compute {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr char kSmallList[] = "// ===BEGIN ICANN DOMAINS===\ncom\norg\n";

std::string WriteFile(const std::string& name, const std::string& text) {
  std::string path = ::testing::TempDir() + "/ruleset_test_" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(RulesetTest, LoadsWithoutFiles) {
  auto ruleset = Ruleset::Load({});
  ASSERT_TRUE(ruleset.ok()) << ruleset.status();
  EXPECT_TRUE(ruleset->public_suffixes.IsTld("com"));
  EXPECT_GT(ruleset->public_suffixes.rule_count(), 5000u);
  EXPECT_EQ(ruleset->lookalikes.Classes("py"), Lookalikes::kFile);
  EXPECT_THAT(ruleset->unicode_version, MatchesRegex("[0-9]+\\.[0-9]+"));
  EXPECT_THAT(
      ruleset->version,
      MatchesRegex("[0-9]+\\+psl\\.[0-9a-f]{8}\\+look\\.[0-9]+\\.[0-9a-f]{8}\\+unicode\\..*"));
}

TEST(RulesetTest, TheBuiltInListsParse) {
  auto list = PublicSuffixList::Parse(kBuiltInPublicSuffixList);
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_GT(list->tlds().size(), 1000u);
  EXPECT_TRUE(Lookalikes::Parse(kBuiltInLookalikes).ok());
}

TEST(RulesetTest, LoadsTheFilesItIsGiven) {
  std::string list = WriteFile("list", kSmallList);
  std::string lookalikes = WriteFile("lookalikes", "version 42\nfile org\n");
  auto ruleset = Ruleset::Load({list, lookalikes});
  ASSERT_TRUE(ruleset.ok()) << ruleset.status();
  EXPECT_EQ(ruleset->public_suffix_source, list);
  EXPECT_EQ(ruleset->public_suffixes.rule_count(), 2u);
  EXPECT_EQ(ruleset->lookalikes.Classes("org"), Lookalikes::kFile);
  EXPECT_THAT(ruleset->version, HasSubstr("look.42"));
  EXPECT_FALSE(ruleset->public_suffix_date.has_value());
}

TEST(RulesetTest, TheVersionTellsDataApart) {
  auto one = Ruleset::Load({WriteFile("one", kSmallList), ""});
  auto two = Ruleset::Load({WriteFile("two", std::string(kSmallList) + "net\n"), ""});
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_NE(one->version, two->version);
}

TEST(RulesetTest, AnErrorNamesTheFile) {
  auto missing = Ruleset::Load({"/no/such/list", ""});
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("/no/such/list"));
  auto directory = Ruleset::Load({"", ::testing::TempDir()});
  EXPECT_THAT(std::string(directory.status().message()), HasSubstr(::testing::TempDir()));
  std::string path = WriteFile("broken", "version 1\nfile OOPS\n");
  auto broken = Ruleset::Load({"", path});
  EXPECT_THAT(std::string(broken.status().message()), HasSubstr(path));
  EXPECT_THAT(std::string(broken.status().message()), HasSubstr("line 2"));
}

}  // namespace
}  // namespace trawl::compute
