#include "client/cli/content_generator.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

TEST(ContentGeneratorTest, HasTheSizeAskedFor) {
  for (const size_t bytes : {0, 1, 100, 65536, 1 << 20}) {
    EXPECT_EQ(GenerateContent(bytes).size(), bytes);
  }
}

TEST(ContentGeneratorTest, GivesTheSameBytesEveryTime) {
  EXPECT_EQ(GenerateContent(10000), GenerateContent(10000));
  EXPECT_EQ(GenerateContent(20000).substr(0, 10000), GenerateContent(10000));
}

TEST(ContentGeneratorTest, HoldsDomainsAndLines) {
  const std::string content = GenerateContent(10000);
  EXPECT_THAT(content, testing::HasSubstr("https://www."));
  EXPECT_THAT(content, testing::HasSubstr("\n"));
}

}  // namespace
}  // namespace trawl::cli
