#include "client/cli/meaning.h"

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(MeaningTest, EveryVerdictAndReasonOfTheContractHasASentenceOfItsOwn) {
  std::set<std::string> sentences;
  for (int verdict = 1; verdict <= v1::Verdict_MAX; ++verdict) {
    ASSERT_TRUE(v1::Verdict_IsValid(verdict));
    const std::string sentence(MeaningOf(static_cast<v1::Verdict>(verdict)));
    EXPECT_THAT(sentence, EndsWith(".")) << verdict;
    EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
  }
  for (int reason = 1; reason <= v1::Reason_MAX; ++reason) {
    ASSERT_TRUE(v1::Reason_IsValid(reason));
    const std::string sentence(MeaningOf(static_cast<v1::Reason>(reason)));
    EXPECT_THAT(sentence, EndsWith(".")) << reason;
    EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
  }
}

TEST(MeaningTest, AValueOfALaterContractHasItsNumber) {
  EXPECT_EQ(MeaningOf(static_cast<v1::Verdict>(999)), "");
  EXPECT_EQ(NameOf(static_cast<v1::Verdict>(999)), "999");
  EXPECT_EQ(MeaningOf(static_cast<v1::Reason>(999)), "");
  EXPECT_EQ(NameOf(static_cast<v1::Reason>(999)), "999");
  EXPECT_EQ(NameOf(v1::VERDICT_NO_DOT), "NO_DOT");
  EXPECT_EQ(NameOf(v1::REASON_FILE_TLD), "FILE_TLD");
  EXPECT_EQ(NameOf(v1::CONFIDENCE_LOW), "LOW");
}

TEST(MeaningTest, EveryVerdictIsInTheSemantics) {
  std::ifstream file(TRAWL_SOURCE_DIR "/docs/semantics.md");
  std::ostringstream text;
  text << file.rdbuf();
  for (int verdict = 1; verdict <= v1::Verdict_MAX; ++verdict) {
    EXPECT_THAT(text.str(), HasSubstr("| " + NameOf(static_cast<v1::Verdict>(verdict)) + " |"));
  }
}

}  // namespace
}  // namespace trawl::cli
