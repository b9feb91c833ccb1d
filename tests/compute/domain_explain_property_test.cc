// Explain never disagrees with Scan, and sees no further than it says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compute/domain_detector.h"
#include "tests/support/documents.h"
#include "tests/support/reference_detector.h"

namespace trawl::compute {
namespace {

using test::ReferenceFinding;
using test::Repeat;

const DomainDetector& Detector() {
  static const auto ruleset = Ruleset::Load({});
  static const DomainDetector detector(*ruleset);
  return detector;
}

std::vector<ReferenceFinding> Scan(std::string_view document, const ScanOptions& options) {
  FindingList findings;
  Detector().Scan(document, {0, document.size()}, options, findings);
  return test::ToReference(findings);
}

std::optional<ReferenceFinding> HostOf(const Explanation& explanation) {
  if (!explanation.host.has_value()) return std::nullopt;
  FindingList list;
  list.Add(explanation.host->finding, explanation.host->value());
  return test::ToReference(list)[0];
}

std::optional<ReferenceFinding> Holding(const std::vector<ReferenceFinding>& findings,
                                        uint64_t offset) {
  for (const ReferenceFinding& finding : findings) {
    if (finding.begin <= offset && offset < finding.end) return finding;
  }
  return std::nullopt;
}

// What Scan finds in a document, held against what Explain says of its bytes.
class Comparison {
 public:
  Comparison(std::string_view document, const ScanOptions& options)
      : document_(document), options_(options), found_(Scan(document, options)) {
    ScanOptions all = options;
    all.min_confidence = Confidence::kLow;
    found_at_any_ = Scan(document, all);
  }

  const std::vector<ReferenceFinding>& found() const { return found_; }

  void ExpectAgreement(uint64_t offset) const {
    SCOPED_TRACE(::testing::Message()
                 << offset << " of " << ::testing::PrintToString(std::string(document_)));
    const Explanation explanation = Detector().Explain(document_, offset, options_);
    ASSERT_LE(explanation.begin, offset);
    ASSERT_LT(offset, explanation.end);
    ASSERT_LE(explanation.end, document_.size());
    const std::optional<ReferenceFinding> host = HostOf(explanation);
    const std::optional<ReferenceFinding> expected = Holding(found_, offset);
    const std::optional<ReferenceFinding> of_any = Holding(found_at_any_, offset);
    switch (explanation.verdict) {
      case Verdict::kFinding:
        ASSERT_TRUE(expected.has_value());
        ASSERT_EQ(*host, *expected);
        return;
      case Verdict::kBelowMinConfidence:
        ASSERT_TRUE(of_any.has_value());
        ASSERT_EQ(*host, *of_any);
        break;
      case Verdict::kOutsideHost:
        ASSERT_FALSE(of_any.has_value());
        ASSERT_THAT(found_at_any_, ::testing::Contains(*host));
        break;
      default:
        ASSERT_FALSE(of_any.has_value());
        ASSERT_FALSE(host.has_value());
        break;
    }
    ASSERT_FALSE(expected.has_value());
  }

  // With the bytes alone that Explain may look at.
  void ExpectLocality(uint64_t offset) const {
    const uint64_t begin = offset - std::min(offset, kExplainContextBytes);
    const uint64_t end = std::min(document_.size(), offset + kExplainContextBytes);
    const Explanation whole = Detector().Explain(document_, offset, options_);
    const Explanation window =
        Detector().Explain(document_.substr(begin, end - begin), offset - begin, options_);
    ASSERT_EQ(window.verdict, whole.verdict) << offset;
    ASSERT_EQ(window.begin + begin, whole.begin) << offset;
    ASSERT_EQ(window.end + begin, whole.end) << offset;
    ASSERT_EQ(window.host.has_value(), whole.host.has_value()) << offset;
    if (!whole.host.has_value()) return;
    ASSERT_EQ(window.host->value(), whole.host->value()) << offset;
    ASSERT_EQ(window.host->finding.begin + begin, whole.host->finding.begin) << offset;
    ASSERT_EQ(window.host->finding.reasons, whole.host->finding.reasons) << offset;
  }

 private:
  const std::string_view document_;
  const ScanOptions options_;
  const std::vector<ReferenceFinding> found_;
  std::vector<ReferenceFinding> found_at_any_;
};

void ExpectAgreementEverywhere(const std::string& document, const ScanOptions& options) {
  const Comparison comparison(document, options);
  for (uint64_t offset = 0; offset < document.size(); ++offset) {
    ASSERT_NO_FATAL_FAILURE(comparison.ExpectAgreement(offset));
  }
}

TEST(DomainExplainPropertyTest, GoldenDocumentsAreExplainedAsTheyAreScanned) {
  std::ifstream file(TRAWL_SOURCE_DIR "/tests/compute/data/domain_cases.jsonl");
  int cases = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    const std::string document = nlohmann::json::parse(line)["in"];
    for (Confidence confidence : {Confidence::kLow, Confidence::kMedium, Confidence::kHigh}) {
      for (bool special_use : {false, true}) {
        for (Defang defang : {Defang::kOff, Defang::kOn, Defang::kAggressive}) {
          ASSERT_NO_FATAL_FAILURE(
              ExpectAgreementEverywhere(document, {.min_confidence = confidence,
                                                   .defang = defang,
                                                   .special_use = special_use,
                                                   .unknown_tld_in_urls = special_use}));
        }
      }
    }
  }
  EXPECT_GE(cases, 123);
}

TEST(DomainExplainPropertyTest, RandomDocumentsAreExplainedAsTheyAreScanned) {
  test::RandomDocuments documents(47);
  std::map<Verdict, int> verdicts;
  for (int i = 0; i < 6'000; ++i) {
    const std::string document = documents.Next(i % 50 == 0 ? 200 : 14);
    ScanOptions options = documents.NextOptions();
    if (i % 2 == 0) options.min_confidence = Confidence::kMedium;
    ASSERT_NO_FATAL_FAILURE(ExpectAgreementEverywhere(document, options));
    for (uint64_t offset = 0; offset < document.size(); offset += 3) {
      ++verdicts[Detector().Explain(document, offset, options).verdict];
    }
  }
  EXPECT_GE(verdicts.size(), kMaxVerdict - 1u) << "random documents reach too little";
}

TEST(DomainExplainPropertyTest, LongDocumentsAreExplainedAsTheyAreScanned) {
  for (const std::string& document : test::LongDocuments()) {
    const Comparison comparison(document, {});
    for (uint64_t offset = 0; offset < document.size(); offset += 97) {
      ASSERT_NO_FATAL_FAILURE(comparison.ExpectAgreement(offset));
    }
    for (const ReferenceFinding& finding : comparison.found()) {
      for (uint64_t edge : {finding.begin, finding.end}) {
        const uint64_t end = std::min(document.size(), edge + 3);
        for (uint64_t offset = edge - std::min<uint64_t>(edge, 3); offset < end; ++offset) {
          ASSERT_NO_FATAL_FAILURE(comparison.ExpectAgreement(offset));
        }
      }
    }
  }
}

TEST(DomainExplainPropertyTest, WhatIsFarAwayDoesNotMatter) {
  for (const std::string& document : test::LongDocuments()) {
    const std::string framed = document + " " + document + document + document;
    const Comparison comparison(framed, {});
    for (uint64_t offset = 0; offset < framed.size(); offset += 211) {
      ASSERT_NO_FATAL_FAILURE(comparison.ExpectLocality(offset));
    }
  }
}

// The document begins and ends in memory that must not be read.
TEST(DomainExplainPropertyTest, WhatIsFarAwayIsNotRead) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t side = (kExplainContextBytes + page - 1) / page * page;
  const size_t size = 2 * side + (size_t{1} << 20);
  const size_t middle = size / 2 / page * page;
  void* const memory = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  char* const bytes = static_cast<char*>(memory);
  ASSERT_EQ(mprotect(bytes + middle - side, 2 * side, PROT_READ | PROT_WRITE), 0);
  for (std::string_view unit : {"a",      ".",      "-",        "_",
                                "a.",     "a@",     "%25",      "\\",
                                "[.]a",   " dot ",  "\u00E9",   "\u00E9.",
                                "\u00AD", "\u3042", "\u3042a.", "https-3A__a_",
                                "\xC3",   "com.",   "a.com-",   "http://a.com@"}) {
    const std::string row = Repeat(unit, 2 * side);
    std::memcpy(bytes + middle - side, row.data(), 2 * side);
    for (Defang defang : {Defang::kOn, Defang::kAggressive}) {
      for (size_t offset = middle - 3; offset < middle + 3; ++offset) {
        const Explanation explanation =
            Detector().Explain({bytes, size}, offset, {.defang = defang});
        ASSERT_LE(explanation.begin, offset);
        ASSERT_GT(explanation.end, offset);
      }
    }
  }
  munmap(memory, size);
}

}  // namespace
}  // namespace trawl::compute
