// The examples of docs/semantics.md are true: lines of the form - `in` -> `CONFIDENCE:value`.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compute/domain_detector.h"
#include "tests/support/doc_examples.h"
#include "tests/support/reference_detector.h"

namespace trawl::compute {
namespace {

TEST(DomainSemanticsDocTest, ItsExamplesAreTrue) {
  const auto ruleset = Ruleset::Load({});
  ASSERT_TRUE(ruleset.ok());
  const DomainDetector detector(*ruleset);
  ScanOptions options;
  options.min_confidence = Confidence::kLow;
  const std::vector<test::DocExample> examples =
      test::ReadDocExamples(TRAWL_SOURCE_DIR "/docs/semantics.md");
  EXPECT_GE(examples.size(), 80u);
  for (const test::DocExample& example : examples) {
    FindingList findings;
    detector.Scan(example.in, {0, example.in.size()}, options, findings);
    std::vector<std::string> values;
    for (const auto& finding : test::ToReference(findings)) {
      values.push_back(test::GradedValue(finding));
    }
    EXPECT_EQ(values, example.out) << "line " << example.line << ": " << example.in;
  }
}

}  // namespace
}  // namespace trawl::compute
