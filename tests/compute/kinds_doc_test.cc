// The examples of docs/kinds.md are true: lines of the form - `in` -> `KIND CONFIDENCE:value`.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/doc_examples.h"
#include "tests/support/kind_scan.h"
#include "tests/support/reference_kinds.h"

namespace trawl::test {
namespace {

std::string Shown(const KindFinding& finding) {
  static const char* const kConfidences[] = {"", "LOW", "MEDIUM", "HIGH"};
  return NameOf(finding.kind) + " " + kConfidences[static_cast<int>(finding.confidence)] + ":" +
         finding.value;
}

TEST(KindsDocTest, ItsExamplesAreTrue) {
  const auto ruleset = compute::Ruleset::Load({});
  ASSERT_TRUE(ruleset.ok());
  const AllKindsScan scan(*ruleset);
  compute::ScanOptions options;
  options.min_confidence = compute::Confidence::kLow;
  const std::vector<DocExample> examples = ReadDocExamples(TRAWL_SOURCE_DIR "/docs/kinds.md");
  EXPECT_GE(examples.size(), 50u);
  for (const DocExample& example : examples) {
    std::vector<std::string> shown;
    for (const auto& finding :
         scan.Run(example.in, options, AllKinds(), {{0, example.in.size()}})) {
      if (finding.kind != compute::Kind::kDomain) shown.push_back(Shown(finding));
    }
    EXPECT_EQ(shown, example.out) << "line " << example.line << ": " << example.in;
  }
}

}  // namespace
}  // namespace trawl::test
