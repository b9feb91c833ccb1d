// The detectors of all kinds against the slow and obvious ones, on random documents.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/kind_documents.h"
#include "tests/support/kind_scan.h"
#include "tests/support/reference_kinds.h"

namespace trawl::test {
namespace {

using compute::Kind;
using compute::Nesting;

const compute::Ruleset& GetRuleset() {
  static const auto ruleset = compute::Ruleset::Load({});
  return *ruleset;
}

TEST(KindsReferenceTest, BothFindTheSame) {
  const AllKindsScan scan(GetRuleset());
  KindDocuments documents(20260101);
  std::map<Kind, size_t> found;
  for (int i = 0; i < 12'000; ++i) {
    const std::string document = documents.Next(i % 50 == 0 ? 80 : 12);
    const compute::ScanOptions options = documents.NextOptions();
    const auto nesting = static_cast<Nesting>(i % 3);
    const std::vector<KindFinding> findings =
        scan.Run(document, options, AllKinds(nesting), {{0, document.size()}});
    for (const KindFinding& finding : findings) ++found[finding.kind];
    ASSERT_EQ(findings, FindKindsByReference(GetRuleset(), document, options, nesting))
        << ::testing::PrintToString(document);
  }
  for (int kind = 1; kind <= compute::kMaxKind; ++kind) {
    EXPECT_GT(found[static_cast<Kind>(kind)], 100u) << NameOf(static_cast<Kind>(kind));
  }
}

TEST(KindsReferenceTest, LongUrlsAreCutAlike) {
  const AllKindsScan scan(GetRuleset());
  compute::ScanOptions options;
  for (const std::string unit : {"a", "a/", "(", "(a)", "http://a.co/", ".", "\u00E9", "/.",
                                 "&amp;", "\\/", "%20", "a,", "[.]", "a[.]b"}) {
    for (const size_t size : {8172, 8173, 8174, 8200}) {
      const std::string document = "x http://a.example.com/" + Repeat(unit, size) + " y";
      ASSERT_EQ(scan.Run(document, options, AllKinds(), {{0, document.size()}}),
                FindKindsByReference(GetRuleset(), document, options, Nesting::kAll))
          << unit << " " << size;
    }
  }
}

}  // namespace
}  // namespace trawl::test
