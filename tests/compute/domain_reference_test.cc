// The fast detector against the slow and obvious one, on random documents.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "compute/domain_detector.h"
#include "tests/support/documents.h"
#include "tests/support/reference_detector.h"

namespace trawl::compute {
namespace {

void ExpectAsReference(const Ruleset& ruleset, const DomainDetector& detector,
                       const std::string& document, const ScanOptions& options, size_t& found) {
  FindingList findings;
  detector.Scan(document, {0, document.size()}, options, findings);
  found += findings.size();
  ASSERT_EQ(test::ToReference(findings), test::FindDomainsByReference(ruleset, document, options))
      << ::testing::PrintToString(document);
}

TEST(DomainReferenceTest, BothFindTheSame) {
  const auto ruleset = Ruleset::Load({});
  ASSERT_TRUE(ruleset.ok());
  const DomainDetector detector(*ruleset);
  test::RandomDocuments documents(20240229);
  size_t found = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string document = documents.Next(i % 50 == 0 ? 200 : 14);
    ExpectAsReference(*ruleset, detector, document, documents.NextOptions(), found);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(found, 2'000u);
}

TEST(DomainReferenceTest, BothFindTheSameInOtherScripts) {
  const auto ruleset = Ruleset::Load({});
  ASSERT_TRUE(ruleset.ok());
  const DomainDetector detector(*ruleset);
  test::RandomDocuments documents(20240301);
  size_t found = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string document = documents.NextInScripts(i % 50 == 0 ? 100 : 4);
    ScanOptions options = documents.NextOptions();
    if (i % 2 == 0) options.min_confidence = Confidence::kMedium;
    ExpectAsReference(*ruleset, detector, document, options, found);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(found, 20'000u);
}

}  // namespace
}  // namespace trawl::compute
