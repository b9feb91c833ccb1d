// Domains through the whole engine: any number of chunks and workers, any place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compute/domain_detector.h"
#include "compute/engine.h"
#include "compute/ruleset.h"
#include "tests/support/documents.h"

namespace trawl::test {
namespace {

using compute::Confidence;
using compute::Engine;
using compute::Executor;
using compute::Finding;
using compute::FindingList;
using compute::ProcessOptions;
using compute::Report;

struct Found {
  uint64_t begin;
  uint64_t end;
  std::string value;
  uint64_t reasons;
  Confidence confidence;
  friend bool operator==(const Found&, const Found&) = default;
};

class DomainEngineTest : public testing::TestWithParam<int> {
 protected:
  std::vector<Found> Process(const compute::Document& document, uint32_t chunk_count) {
    ProcessOptions options;
    options.scan.min_confidence = Confidence::kLow;
    options.chunk_count = chunk_count;
    const Report report = engine_.Process(document, options).value();
    std::vector<Found> found;
    for (const FindingList& list : report.chunks) {
      for (const Finding& finding : list) {
        found.push_back({finding.begin, finding.end, std::string(list.value(finding)),
                         finding.reasons.bits(), finding.confidence});
      }
    }
    return found;
  }

  const compute::Ruleset ruleset_ = compute::Ruleset::Load({}).value();
  const compute::DomainDetector detector_{ruleset_};
  Executor executor_{{.workers = GetParam()}};
  const Engine engine_{executor_, {&detector_}, {}};
};

TEST_P(DomainEngineTest, ADomainIsFoundOnceWhereverTheBordersFall) {
  for (size_t before = 0; before < 40; ++before) {
    const std::string document =
        std::string(before, ' ') + "example.com" + std::string(40 - before, ' ');
    for (uint32_t chunks = 1; chunks <= document.size(); ++chunks) {
      const std::vector<Found> found = Process(document, chunks);
      ASSERT_EQ(found.size(), 1u) << before << " bytes before, " << chunks << " chunks";
      EXPECT_EQ(found[0].begin, before);
      EXPECT_EQ(found[0].end, before + 11);
      EXPECT_EQ(found[0].value, "example.com");
    }
  }
}

TEST_P(DomainEngineTest, FindingsDoNotDependOnTheNumberOfChunks) {
  RandomDocuments documents(GetParam());
  for (int round = 0; round < 5; ++round) {
    std::string document;
    while (document.size() < 20'000) document += documents.Next(200) + " see example.com. ";
    const std::vector<Found> expected = Process(document, 1);
    ASSERT_GT(expected.size(), 10u);
    for (uint32_t chunks = 2; chunks <= 64; ++chunks) {
      ASSERT_EQ(Process(document, chunks), expected) << chunks << " chunks, round " << round;
    }
  }
}

TEST_P(DomainEngineTest, FindingsDoNotDependOnThePiecesThatADocumentCameIn) {
  RandomDocuments documents(GetParam() + 100);
  for (int round = 0; round < 8; ++round) {
    std::string document;
    while (document.size() < 60'000) document += documents.Next(200) + " see example.com. ";
    const std::vector<Found> expected = Process(document, 1);
    for (size_t most : {1000, 5000, 20'000, 59'000}) {
      std::vector<std::string_view> pieces;
      for (std::string_view left = document; !left.empty();) {
        pieces.push_back(left.substr(0, 1 + documents.Below(most)));
        left.remove_prefix(pieces.back().size());
      }
      for (uint32_t chunks : {1, 3, 64}) {
        ASSERT_EQ(Process(compute::Document(pieces), chunks), expected)
            << chunks << " chunks, pieces of up to " << most << ", round " << round;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Workers, DomainEngineTest, testing::Values(0, 1, 2, 3, 4, 5, 6, 7, 8),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace trawl::test
