// Of all kinds too, a document in parts gives what it gives in one piece, and a caller may go on
// after an error without sending all again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "compute/engine.h"
#include "compute/stream_scanner.h"
#include "tests/support/kind_documents.h"
#include "tests/support/kind_scan.h"
#include "tests/support/reference_kinds.h"
#include "tests/support/stream_driver.h"

namespace trawl::test {
namespace {

using compute::Encoding;
using compute::Engine;
using compute::Nesting;
using testing::StreamDriver;

class KindsStreamTest : public ::testing::TestWithParam<Nesting> {
 protected:
  KindsStreamTest() {
    options_.wanted = AllKinds(GetParam());
    options_.scan.min_confidence = compute::Confidence::kLow;
  }

  std::vector<KindFinding> Whole(const std::string& document) const {
    return scan_.Run(document, options_.scan, options_.wanted, {{0, document.size()}});
  }

  // What a stream of `document` in parts of fewer than `most` bytes finds.
  std::vector<KindFinding> Streamed(std::string_view document, uint64_t max_chunk_bytes,
                                    size_t most) {
    const Engine engine(executor_, scan_.detectors(), {.max_chunk_bytes = max_chunk_bytes});
    std::vector<KindFinding> found;
    StreamDriver driver(engine, options_, Encoding::kUtf8, {}, [&](const auto&, const auto& lists) {
      for (const compute::FindingList& list : lists) {
        const auto more = ToKindFindings(list);
        found.insert(found.end(), more.begin(), more.end());
      }
    });
    for (size_t at = 0; at < document.size();) {
      const size_t part = random_.Below(most);
      driver.Feed(document.substr(at, part));
      at += part;
    }
    driver.End();
    return found;
  }

  std::string LongDocument(size_t bytes) {
    std::string document;
    while (document.size() < bytes) document += random_.Next(60);
    return document;
  }

  KindDocuments random_{21};
  compute::Executor executor_{{.workers = 0}};
  const compute::Ruleset ruleset_ = *compute::Ruleset::Load({});
  const AllKindsScan scan_{ruleset_};
  compute::ProcessOptions options_;
};

TEST_P(KindsStreamTest, ADocumentMayComeInAnyParts) {
  for (int i = 0; i < 40; ++i) {
    const std::string document = LongDocument(4'000);
    const auto expected = Whole(document);
    for (size_t most : {20, 3000}) {
      ASSERT_EQ(Streamed(document, 200 + random_.Below(3000), most), expected)
          << ::testing::PrintToString(document);
    }
  }
}

// What the contract says of ProcessContentStreamResponse.scanned_until.
TEST_P(KindsStreamTest, AStreamThatBeginsTheReachBeforeFindsTheRest) {
  uint64_t left = 0;
  uint64_t longest = 0;
  for (const compute::Detector* detector : scan_.detectors()) {
    left = std::max(left, detector->reach().left);
    longest = std::max(longest, detector->longest());
  }
  const uint64_t before = left + (GetParam() == Nesting::kAll ? 0 : longest);
  for (int i = 0; i < 40; ++i) {
    const std::string document = LongDocument(before + 2'000);
    const uint64_t until = before + random_.Below(document.size() - before);
    const uint64_t begin = until - before;
    auto expected = Whole(document);
    std::erase_if(expected, [&](const KindFinding& finding) { return finding.begin < until; });
    auto found = Streamed(std::string_view(document).substr(begin), 100'000, 5000);
    for (auto& finding : found) finding.begin += begin, finding.end += begin;
    std::erase_if(found, [&](const KindFinding& finding) { return finding.begin < until; });
    ASSERT_EQ(found, expected) << until << " of " << ::testing::PrintToString(document);
  }
}

std::string NameOfNesting(const ::testing::TestParamInfo<Nesting>& nesting) {
  switch (nesting.param) {
    case Nesting::kAll:
      return "All";
    case Nesting::kOutermost:
      return "Outermost";
    case Nesting::kDomainsOnly:
      return "DomainsOnly";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(Nestings, KindsStreamTest,
                         ::testing::Values(Nesting::kAll, Nesting::kOutermost,
                                           Nesting::kDomainsOnly),
                         NameOfNesting);

}  // namespace
}  // namespace trawl::test
