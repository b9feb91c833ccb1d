// The golden cases, those of our own for what the golden ones touch once or not at all, and those
// of bytes that JSON cannot hold.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "compute/domain_detector.h"
#include "tests/support/documents.h"
#include "tests/support/reference_detector.h"

namespace trawl::compute {
namespace {

using test::Repeat;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct GoldenCase {
  int line = 0;
  std::string in;
  std::vector<std::string> out;
};

std::vector<GoldenCase> ReadCases(const std::string& name) {
  std::vector<GoldenCase> cases;
  std::ifstream file(TRAWL_SOURCE_DIR "/tests/compute/data/" + name);
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    auto json = nlohmann::json::parse(line);
    cases.push_back({++number, json["in"], json["out"]});
  }
  return cases;
}

const DomainDetector& Detector() {
  static const auto ruleset = Ruleset::Load({});
  static const DomainDetector detector(*ruleset);
  return detector;
}

std::vector<test::ReferenceFinding> Scan(std::string_view document) {
  FindingList findings;
  ScanOptions options;
  options.min_confidence = Confidence::kLow;
  Detector().Scan(document, {0, document.size()}, options, findings);
  return test::ToReference(findings);
}

std::vector<std::string> Values(std::string_view document) {
  std::vector<std::string> values;
  for (const auto& finding : Scan(document)) values.push_back(test::GradedValue(finding));
  return values;
}

class DomainGoldenTest : public ::testing::TestWithParam<GoldenCase> {};

TEST_P(DomainGoldenTest, IsFound) { EXPECT_EQ(Values(GetParam().in), GetParam().out); }

std::string LineOf(const ::testing::TestParamInfo<GoldenCase>& golden) {
  return "Line" + std::to_string(golden.param.line);
}

INSTANTIATE_TEST_SUITE_P(Cases, DomainGoldenTest,
                         ::testing::ValuesIn(ReadCases("domain_cases.jsonl")), LineOf);
INSTANTIATE_TEST_SUITE_P(OwnCases, DomainGoldenTest,
                         ::testing::ValuesIn(ReadCases("own_cases.jsonl")), LineOf);

TEST(DomainBytesTest, B0ThereAreAllCases) {
  EXPECT_EQ(ReadCases("domain_cases.jsonl").size(), 123u);
  EXPECT_GE(ReadCases("own_cases.jsonl").size(), 123u);
}

TEST(DomainBytesTest, B1IllFormedBytesSeparate) {
  EXPECT_THAT(Values("\xff"
                     "example.com\xfe"),
              ElementsAre("HIGH:example.com"));
}

TEST(DomainBytesTest, B2ABrokenSequenceGluesNothing) {
  EXPECT_THAT(Values("ex\xC3"
                     "ample.com"),
              ElementsAre("MEDIUM:ample.com"));
}

TEST(DomainBytesTest, B3ASplitSequenceIsRead) {
  const std::string_view document =
      "\xE2\x80\x8B"
      "example.com";
  auto findings = Scan(document);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].begin, 3u);
  for (size_t cut = 1; cut < document.size(); ++cut) {
    FindingList list;
    Detector().Scan(document, {0, cut}, {}, list);
    Detector().Scan(document, {cut, document.size()}, {}, list);
    EXPECT_EQ(test::ToReference(list), findings) << cut;
  }
}

TEST(DomainBytesTest, B4Utf16IsNotRead) {
  const std::string_view document("e\0x\0a\0m\0p\0l\0e\0.\0c\0o\0m\0", 22);
  EXPECT_THAT(Values(document), IsEmpty());
}

TEST(DomainBytesTest, B5RowsGiveNothing) {
  for (std::string_view unit : {"a", ".", "-", "a.", "a-", "://", "%25", "\\", "[.]"}) {
    EXPECT_THAT(Values(Repeat(unit, 1 << 20)), IsEmpty()) << unit;
  }
  auto mails = Scan(Repeat("a@b.com\n", 1 << 20));
  ASSERT_EQ(mails.size(), 131072u);
  for (size_t i = 0; i < mails.size(); ++i) {
    ASSERT_EQ(test::GradedValue(mails[i]), "HIGH:b.com");
    ASSERT_EQ(mails[i].begin, 8 * i + 2);
  }
}

TEST(DomainBytesTest, B6ALongLabelIsCutOff) {
  EXPECT_THAT(Values(Repeat("a", 1 << 20) + ".example.com"), ElementsAre("MEDIUM:example.com"));
}

TEST(DomainBytesTest, B7AnEndlessHostIsNone) {
  EXPECT_THAT(Values(Repeat("abcdefghi.", 1'000'000) + "com"), IsEmpty());
}

TEST(DomainBytesTest, B10OverlongFormsAndSurrogatesSeparate) {
  EXPECT_THAT(Values("example\xC0\xAE"
                     "com"),
              IsEmpty());
  EXPECT_THAT(Values("\xED\xA0\x80"
                     "example.com"),
              ElementsAre("HIGH:example.com"));
}

}  // namespace
}  // namespace trawl::compute
