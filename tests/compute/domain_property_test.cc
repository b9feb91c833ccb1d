// What holds for every document: how it is cut, and what is far from a finding, change nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "compute/domain_detector.h"
#include "compute/engine.h"
#include "compute/segment.h"
#include "tests/support/documents.h"
#include "tests/support/reference_detector.h"

namespace trawl::compute {
namespace {

using test::LongDocuments;
using test::ReferenceFinding;
using test::Repeat;

const Ruleset& GetRuleset() {
  static const auto ruleset = Ruleset::Load({});
  return *ruleset;
}

ScanOptions All() {
  ScanOptions options;
  options.min_confidence = Confidence::kLow;
  return options;
}

std::vector<ReferenceFinding> Scan(std::string_view document, std::vector<Chunk> chunks) {
  static const DomainDetector detector(GetRuleset());
  FindingList findings;
  for (Chunk chunk : chunks) detector.Scan(document, chunk, All(), findings);
  return test::ToReference(findings);
}

std::vector<ReferenceFinding> ScanWhole(std::string_view document) {
  return Scan(document, {{0, document.size()}});
}

uint64_t AnchorOf(const ReferenceFinding& finding) {
  return finding.end - finding.begin > kAnchorReach ? finding.end - kAnchorReach : finding.begin;
}

std::vector<ReferenceFinding> Shifted(std::vector<ReferenceFinding> findings, uint64_t by) {
  for (auto& finding : findings) finding.begin += by, finding.end += by;
  return findings;
}

std::vector<std::string> GoldenDocuments() {
  std::vector<std::string> documents;
  std::ifstream file(TRAWL_SOURCE_DIR "/tests/compute/data/domain_cases.jsonl");
  for (std::string line; std::getline(file, line);) {
    documents.push_back(nlohmann::json::parse(line)["in"]);
  }
  return documents;
}

// The property of the Detector interface: a chunk's findings are those anchored in it, and what is
// further than kContextBytes from the chunk does not matter.
void ExpectLocal(const std::string& document, const std::vector<ReferenceFinding>& whole,
                 Chunk chunk) {
  std::vector<ReferenceFinding> expected;
  for (const auto& finding : whole) {
    uint64_t anchor = AnchorOf(finding);
    if (anchor >= chunk.begin && anchor < chunk.end) expected.push_back(finding);
  }
  ASSERT_EQ(Scan(document, {chunk}), expected)
      << chunk.begin << ".." << chunk.end << " of " << ::testing::PrintToString(document);
  const uint64_t begin = chunk.begin - std::min(chunk.begin, kContextBytes);
  const uint64_t end = std::min<uint64_t>(document.size(), chunk.end + kContextBytes);
  auto truncated = Scan(std::string_view(document).substr(begin, end - begin),
                        {{chunk.begin - begin, chunk.end - begin}});
  ASSERT_EQ(Shifted(truncated, begin), expected)
      << "truncated, " << chunk.begin << ".." << chunk.end << " of "
      << ::testing::PrintToString(document);
}

TEST(DomainPropertyTest, GoldenDocumentsMayBeCutAnywhere) {
  for (const std::string& document : GoldenDocuments()) {
    const auto whole = ScanWhole(document);
    for (uint64_t cut = 0; cut <= document.size(); ++cut) {
      ASSERT_EQ(Scan(document, {{0, cut}, {cut, document.size()}}), whole)
          << cut << " of " << document;
    }
    for (uint32_t count = 1; count <= 64; ++count) {
      ASSERT_EQ(Scan(document, CutIntoChunks(document.size(), count, 1, 1, 1 << 20)), whole)
          << count << " chunks of " << document;
    }
  }
}

TEST(DomainPropertyTest, FillerShiftsFindings) {
  for (const std::string& document : GoldenDocuments()) {
    const auto whole = ScanWhole(document);
    for (size_t size : {1, 17, 63, 64, 1023, 1024, 1025, 2048}) {
      const std::string filler = Repeat("word ", size).substr(0, size - 1) + " ";
      const std::string framed = filler + document + " " + filler;
      ASSERT_EQ(ScanWhole(framed), Shifted(whole, size)) << size << " and " << document;
      for (uint64_t cut = size; cut <= size + document.size(); ++cut) {
        ASSERT_EQ(Scan(framed, {{0, cut}, {cut, framed.size()}}), Shifted(whole, size))
            << cut << " of " << framed;
      }
    }
  }
}

TEST(DomainPropertyTest, LongDocumentsMayBeCutAnywhere) {
  test::RandomDocuments random(7);
  for (const std::string& document : LongDocuments()) {
    const auto whole = ScanWhole(document);
    for (uint32_t count : {2, 3, 7, 64}) {
      ASSERT_EQ(Scan(document, CutIntoChunks(document.size(), count, 1, 1, 1 << 20)), whole)
          << count << " chunks of " << document;
    }
    for (int i = 0; i < 8; ++i) {
      uint64_t begin = random.Below(document.size());
      uint64_t end = begin + random.Below(document.size() - begin + 1);
      ExpectLocal(document, whole, {begin, end});
    }
    for (const auto& finding : whole) {
      const uint64_t anchor = AnchorOf(finding);
      ExpectLocal(document, whole, {anchor, anchor + 1});
    }
    for (int64_t near : {0, 11, 640, 1024}) {
      const int64_t at = static_cast<int64_t>(document.size()) - near;
      if (at > 0)
        ExpectLocal(document, whole, {static_cast<uint64_t>(at) - 1, static_cast<uint64_t>(at)});
    }
  }
}

TEST(DomainPropertyTest, LongDocumentsAreFoundAsByReference) {
  for (const std::string& document : LongDocuments()) {
    ASSERT_EQ(ScanWhole(document), test::FindDomainsByReference(GetRuleset(), document, All()))
        << ::testing::PrintToString(document);
  }
}

TEST(DomainPropertyTest, RandomDocumentsMayBeCutAnywhere) {
  test::RandomDocuments documents(41);
  for (int i = 0; i < 1'000; ++i) {
    const std::string document = documents.Next(i % 10 == 0 ? 400 : 30);
    const auto whole = ScanWhole(document);
    const size_t step = 1 + document.size() / 64;
    for (uint64_t cut = 0; cut <= document.size(); cut += step) {
      ASSERT_EQ(Scan(document, {{0, cut}, {cut, document.size()}}), whole)
          << cut << " of " << ::testing::PrintToString(document);
    }
    for (uint32_t count : {2, 5, 33, 4096}) {
      ASSERT_EQ(Scan(document, CutIntoChunks(document.size(), count, 1, 1, 1 << 20)), whole)
          << count << " chunks of " << ::testing::PrintToString(document);
    }
    for (int k = 0; k < 4; ++k) {
      uint64_t begin = documents.Below(document.size());
      uint64_t end = begin + documents.Below(document.size() - begin + 1);
      ExpectLocal(document, whole, {begin, end});
    }
  }
}

TEST(DomainPropertyTest, FindingsDoNotOverlapAndAreInOrder) {
  test::RandomDocuments documents(43);
  for (int i = 0; i < 5'000; ++i) {
    const std::string document = documents.Next(60);
    uint64_t end = 0;
    uint64_t anchor = 0;
    for (const auto& finding : ScanWhole(document)) {
      ASSERT_GE(finding.begin, end) << ::testing::PrintToString(document);
      ASSERT_GT(finding.end, finding.begin);
      ASSERT_LE(finding.end, document.size());
      ASSERT_LE(finding.value.size(), 253u);
      ASSERT_TRUE(anchor == 0 || AnchorOf(finding) > anchor);
      end = finding.end;
      anchor = AnchorOf(finding);
    }
  }
}

}  // namespace
}  // namespace trawl::compute
