// What holds for every document and every kind: how it is cut, which kernel runs, and what is far
// from a finding, change nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "compute/engine.h"
#include "tests/support/kind_documents.h"
#include "tests/support/kind_scan.h"
#include "tests/support/reference_kinds.h"

namespace trawl::test {
namespace {

using compute::Chunk;
using compute::Confidence;
using compute::CutIntoChunks;
using compute::Kernel;
using compute::Kind;
using compute::KindScan;
using compute::Nesting;
using compute::ScanOptions;
using compute::WantedKinds;

const compute::Ruleset& GetRuleset() {
  static const auto ruleset = compute::Ruleset::Load({});
  return *ruleset;
}

const AllKindsScan& Best() {
  static const AllKindsScan scan(GetRuleset());
  return scan;
}

ScanOptions All() {
  ScanOptions options;
  options.min_confidence = Confidence::kLow;
  return options;
}

std::vector<KindFinding> Scan(std::string_view document, const WantedKinds& wanted,
                              const std::vector<Chunk>& chunks) {
  return Best().Run(document, All(), wanted, chunks);
}

std::vector<KindFinding> Shifted(std::vector<KindFinding> findings, uint64_t by) {
  for (auto& finding : findings) finding.begin += by, finding.end += by;
  return findings;
}

// Some kinds, some nesting.
WantedKinds SomeKinds(KindDocuments& random) {
  WantedKinds wanted = AllKinds(static_cast<Nesting>(random.Below(3)));
  if (random.Below(2) == 0) return wanted;
  std::erase_if(wanted.kinds, [&](Kind) { return random.Below(2) == 0; });
  return wanted;
}

// A chunk's findings are those that begin in it, and what is further away than the published reach
// does not matter.
void ExpectLocal(const std::string& document, const WantedKinds& wanted,
                 const std::vector<KindFinding>& whole, Chunk chunk) {
  std::vector<KindFinding> expected;
  for (const auto& finding : whole) {
    if (finding.begin >= chunk.begin && finding.begin < chunk.end) expected.push_back(finding);
  }
  ASSERT_EQ(Scan(document, wanted, {chunk}), expected)
      << chunk.begin << ".." << chunk.end << " of " << ::testing::PrintToString(document);
  const compute::Reach reach = KindScan::ReachOf(Best().detectors(), wanted);
  const uint64_t begin = chunk.begin - std::min(chunk.begin, reach.left);
  const uint64_t end = std::min<uint64_t>(document.size(), chunk.end + reach.right);
  ASSERT_EQ(Shifted(Scan(std::string_view(document).substr(begin, end - begin), wanted,
                         {{chunk.begin - begin, chunk.end - begin}}),
                    begin),
            expected)
      << "truncated, " << chunk.begin << ".." << chunk.end << " of "
      << ::testing::PrintToString(document);
}

TEST(KindsPropertyTest, RandomDocumentsMayBeCutAnywhere) {
  KindDocuments documents(5);
  for (int i = 0; i < 1'500; ++i) {
    const std::string document = documents.Next(i % 10 == 0 ? 100 : 20);
    const WantedKinds wanted = SomeKinds(documents);
    const auto whole = Scan(document, wanted, {{0, document.size()}});
    const size_t step = 1 + document.size() / 48;
    for (uint64_t cut = 0; cut <= document.size(); cut += step) {
      ASSERT_EQ(Scan(document, wanted, {{0, cut}, {cut, document.size()}}), whole)
          << cut << " of " << ::testing::PrintToString(document);
    }
    for (uint32_t count : {3, 33, 4096}) {
      ASSERT_EQ(Scan(document, wanted, CutIntoChunks(document.size(), count, 1, 1, 1 << 20)), whole)
          << count << " chunks of " << ::testing::PrintToString(document);
    }
    if (wanted.kinds.size() < 2) continue;
    for (int k = 0; k < 4; ++k) {
      const uint64_t begin = documents.Below(document.size());
      ExpectLocal(document, wanted, whole,
                  {begin, begin + documents.Below(document.size() - begin + 1)});
    }
  }
}

// Findings that are as long as they may be, inside others, at the ends of their reach.
TEST(KindsPropertyTest, LongDocumentsMayBeCutAnywhere) {
  KindDocuments random(6);
  for (std::string_view unit : {"a", "/", "(", "a.", "a@", "1.", "1:", ":", "f", "http://a.co/",
                                "me@a.co/", "1.2.3.4/", "\u00E9", "%20", "\u00AD"}) {
    for (const size_t size : {50, 300, 1000, 8100, 9000}) {
      const std::string row = Repeat(unit, size);
      for (const std::string& document :
           {"x http://a.example.com/" + row + "?u=me@b.example.org&v=http://c.com/ d.net",
            row + "me@example.com " + row + " 1.2.3.4 http://[2001:db8::1]/" + row,
            "http://user:" + row + "@example.com/ http://" + row + ".example.com/x"}) {
        const WantedKinds wanted = AllKinds(static_cast<Nesting>(random.Below(3)));
        const auto whole = Scan(document, wanted, {{0, document.size()}});
        for (uint32_t count : {2, 7, 64}) {
          ASSERT_EQ(Scan(document, wanted, CutIntoChunks(document.size(), count, 1, 1, 1 << 20)),
                    whole)
              << count << " chunks, " << unit << " " << size;
        }
        const size_t step = 1 + whole.size() / 16;
        for (size_t i = 0; i < whole.size(); i += step) {
          ExpectLocal(document, wanted, whole, {whole[i].begin, whole[i].begin + 1});
        }
      }
    }
  }
}

TEST(KindsPropertyTest, FindingsAreInOneOrder) {
  KindDocuments documents(7);
  for (int i = 0; i < 2'000; ++i) {
    const std::string document = documents.Next(60);
    const auto whole = Scan(document, AllKinds(), {{0, document.size()}});
    const auto key = [](const KindFinding& f) { return std::tuple(f.begin, ~f.end, f.kind); };
    for (size_t k = 0; k < whole.size(); ++k) {
      ASSERT_LT(whole[k].begin, whole[k].end);
      ASSERT_LE(whole[k].end, document.size());
      if (k == 0) continue;
      ASSERT_LT(key(whole[k - 1]), key(whole[k])) << ::testing::PrintToString(document);
    }
  }
}

TEST(KindsPropertyTest, ADomainIsFoundAlikeWithAndWithoutOtherKinds) {
  KindDocuments documents(8);
  for (int i = 0; i < 1'000; ++i) {
    const std::string document = documents.Next(60);
    const std::vector<Chunk> chunks = CutIntoChunks(document.size(), 5, 1, 1, 1 << 20);
    auto all = Scan(document, AllKinds(), chunks);
    std::erase_if(all, [](const KindFinding& f) { return f.kind != Kind::kDomain; });
    ASSERT_EQ(Scan(document, {}, chunks), all) << ::testing::PrintToString(document);
  }
}

TEST(KindsPropertyTest, AllKernelsFindTheSame) {
  for (const Kernel& kernel : Kernel::All()) {
    const AllKindsScan scan(GetRuleset(), kernel);
    KindDocuments documents(9);
    for (int i = 0; i < 1'000; ++i) {
      const std::string document = documents.Next(200);
      ASSERT_EQ(scan.Run(document, All(), AllKinds(), {{0, document.size()}}),
                Scan(document, AllKinds(), {{0, document.size()}}))
          << kernel.name << " on " << ::testing::PrintToString(document);
    }
  }
}

// Through the executor, with any number of workers.
TEST(KindsPropertyTest, FindingsDoNotDependOnTheNumberOfChunksAndWorkers) {
  KindDocuments documents(10);
  for (int workers : {1, 2, 5}) {
    compute::Executor executor({.workers = workers});
    const compute::Engine engine(executor, Best().detectors(), {});
    std::string document;
    while (document.size() < 30'000) document += documents.Next(200) + " me@example.com ";
    compute::ProcessOptions options;
    options.scan = All();
    options.wanted = AllKinds(Nesting::kDomainsOnly);
    const auto expected = Scan(document, options.wanted, {{0, document.size()}});
    for (options.chunk_count = 1; options.chunk_count <= 64; options.chunk_count *= 2) {
      std::vector<KindFinding> found;
      const auto report = engine.Process(document, options);
      ASSERT_TRUE(report.ok());
      for (const auto& list : report->chunks) {
        const auto part = ToKindFindings(list);
        found.insert(found.end(), part.begin(), part.end());
      }
      ASSERT_EQ(found, expected) << options.chunk_count << " chunks, " << workers << " workers";
    }
  }
}

}  // namespace
}  // namespace trawl::test
