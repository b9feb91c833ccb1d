// A document in parts gives what it gives in one piece: however it is cut, with every kernel, and
// what is called final never changes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "compute/domain_detector.h"
#include "compute/engine.h"
#include "compute/stream_scanner.h"
#include "tests/support/documents.h"
#include "tests/support/reference_detector.h"
#include "tests/support/stream_driver.h"

namespace trawl::compute {
namespace {

using test::ReferenceFinding;
using testing::StreamDriver;

class DomainStreamTest : public ::testing::TestWithParam<const Kernel*> {
 protected:
  static const Ruleset& GetRuleset() {
    static const auto ruleset = Ruleset::Load({});
    return *ruleset;
  }

  std::vector<ReferenceFinding> Whole(const std::string& document, const ProcessOptions& options) {
    FindingList findings;
    detector_.Scan(document, {0, document.size()}, options.scan, findings);
    return test::ToReference(findings);
  }

  // In parts whose sizes next(left) gives, of chunks of at most `max_chunk_bytes`.
  template <typename NextSize>
  void ExpectSame(const std::string& document, const ProcessOptions& options,
                  uint64_t max_chunk_bytes, NextSize next) {
    const std::vector<ReferenceFinding> expected = Whole(document, options);
    const Engine engine(executor_, {&detector_},
                        {.min_chunk_bytes = 1, .max_chunk_bytes = max_chunk_bytes});
    std::vector<ReferenceFinding> found;
    StreamDriver driver(engine, options, Encoding::kUtf8, {},
                        [&](const StreamScanner::Window& window, const auto& lists) {
                          for (const FindingList& list : lists) {
                            const auto more = test::ToReference(list);
                            found.insert(found.end(), more.begin(), more.end());
                          }
                          ExpectFinal(window.final_until, found, expected);
                        });
    for (size_t at = 0; at < document.size();) {
      const size_t part = next(document.size() - at);
      driver.Feed(std::string_view(document).substr(at, part));
      at += part;
    }
    driver.End();
    ASSERT_EQ(found, expected) << ::testing::PrintToString(document);
  }

  // Found is a prefix, which holds all that begins before `final_until`.
  static void ExpectFinal(uint64_t final_until, const std::vector<ReferenceFinding>& found,
                          const std::vector<ReferenceFinding>& expected) {
    ASSERT_LE(found.size(), expected.size());
    if (found.size() == expected.size()) return;
    ASSERT_GE(expected[found.size()].begin, final_until);
  }

  test::RandomDocuments random_{17};
  Executor executor_{{.workers = 0}};
  const DomainDetector detector_{GetRuleset(), *GetParam()};
};

TEST_P(DomainStreamTest, RandomDocumentsMayComeInAnyParts) {
  for (int i = 0; i < 150; ++i) {
    const std::string document = random_.Next(i % 10 == 0 ? 400 : 60);
    ProcessOptions options;
    options.scan = random_.NextOptions();
    const uint64_t chunk_bytes = 1 + random_.Below(i % 2 == 0 ? 40 : 4000);
    ExpectSame(document, options, chunk_bytes, [](size_t) { return 1; });
    for (size_t most : {3, 50, 3000}) {
      ExpectSame(document, options, chunk_bytes, [&](size_t) { return random_.Below(most); });
    }
  }
}

TEST_P(DomainStreamTest, LongDocumentsMayBeCutAnywhere) {
  std::vector<std::string> documents = test::LongDocuments();
  ProcessOptions options;
  options.scan.min_confidence = Confidence::kLow;
  for (size_t i = random_.Below(8); i < documents.size(); i += 8) {
    const std::string document = documents[i] + " " + documents[random_.Below(documents.size())];
    ExpectSame(document, options, 256, [&](size_t) { return random_.Below(900); });
    const size_t cut = random_.Below(document.size());
    ExpectSame(document, options, 100'000,
               [&](size_t left) { return left == document.size() ? cut : left; });
  }
}

// What the contract says of going on after an error.
TEST_P(DomainStreamTest, AStreamThatBeginsContextBytesBeforeFindsTheRest) {
  ProcessOptions options;
  options.scan.min_confidence = Confidence::kLow;
  const Engine engine(executor_, {&detector_}, {});
  for (int i = 0; i < 50; ++i) {
    std::string document;
    while (document.size() < 6000) document += random_.Next(60);
    const uint64_t until = kContextBytes + random_.Below(document.size() - kContextBytes);
    std::vector<ReferenceFinding> expected;
    for (const auto& finding : Whole(document, options)) {
      if (finding.begin >= until) expected.push_back(finding);
    }
    std::vector<ReferenceFinding> found;
    const uint64_t begin = until - kContextBytes;
    StreamDriver driver(engine, options, Encoding::kUtf8, {}, [&](const auto&, const auto& lists) {
      for (const FindingList& list : lists) {
        for (auto finding : test::ToReference(list)) {
          finding.begin += begin;
          finding.end += begin;
          if (finding.begin >= until) found.push_back(finding);
        }
      }
    });
    driver.Feed(std::string_view(document).substr(begin));
    driver.End();
    ASSERT_EQ(found, expected) << until << " of " << ::testing::PrintToString(document);
  }
}

std::vector<const Kernel*> Kernels() {
  std::vector<const Kernel*> kernels;
  for (const Kernel& kernel : Kernel::All()) kernels.push_back(&kernel);
  return kernels;
}

INSTANTIATE_TEST_SUITE_P(Kernels, DomainStreamTest, ::testing::ValuesIn(Kernels()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

}  // namespace
}  // namespace trawl::compute
