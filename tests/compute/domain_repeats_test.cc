// Hosts that come again and again, which the detector remembers for the length of a scan: they are
// found as if each were the only one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compute/domain_detector.h"
#include "compute/kernel.h"
#include "tests/support/documents.h"
#include "tests/support/reference_detector.h"

namespace trawl::compute {
namespace {

using test::ReferenceFinding;

const Ruleset& GetRuleset() {
  static const auto ruleset = Ruleset::Load({});
  return *ruleset;
}

// One of each kernel.
std::vector<std::unique_ptr<DomainDetector>> Detectors() {
  std::vector<std::unique_ptr<DomainDetector>> detectors;
  for (const Kernel& kernel : Kernel::All()) {
    detectors.push_back(std::make_unique<DomainDetector>(GetRuleset(), kernel));
  }
  return detectors;
}

std::vector<ReferenceFinding> Scan(const DomainDetector& detector, std::string_view document,
                                   const ScanOptions& options, std::vector<Chunk> chunks) {
  FindingList findings;
  for (Chunk chunk : chunks) detector.Scan(document, chunk, options, findings);
  return test::ToReference(findings);
}

std::vector<ReferenceFinding> ScanWhole(const DomainDetector& detector, std::string_view document) {
  return Scan(detector, document, {}, {{0, document.size()}});
}

ScanOptions AnyOptions(test::RandomDocuments& random) {
  ScanOptions options = random.NextOptions();
  options.min_confidence = static_cast<Confidence>(1 + random.Below(3));
  return options;
}

// Enough of the host for a scan to remember it, and one that makes it begin to, since small
// documents are not worth it.
std::string Often(std::string_view host) {
  return test::Repeat("a@" + std::string(host) + "\n", 6'000) + "b_.example.org\n";
}

TEST(DomainRepeatsTest, RandomHostsAreFoundAsByReference) {
  const auto detectors = Detectors();
  test::RandomDocuments random(20261127);
  size_t found = 0;
  for (int i = 0; i < 120; ++i) {
    const std::string document = random.NextWithRepeats(i % 5 == 0 ? 1'500 : 400);
    const ScanOptions options = AnyOptions(random);
    const auto expected = test::FindDomainsByReference(GetRuleset(), document, options);
    found += expected.size();
    for (const auto& detector : detectors) {
      ASSERT_EQ(Scan(*detector, document, options, {{0, document.size()}}), expected)
          << ::testing::PrintToString(document);
    }
  }
  EXPECT_GT(found, 10'000u);
}

TEST(DomainRepeatsTest, RandomHostsMayBeCutAnywhere) {
  const DomainDetector detector(GetRuleset());
  test::RandomDocuments random(11);
  for (int i = 0; i < 200; ++i) {
    const std::string document = random.NextWithRepeats(1'000);
    const ScanOptions options = AnyOptions(random);
    const auto whole = Scan(detector, document, options, {{0, document.size()}});
    for (int k = 0; k < 8; ++k) {
      const uint64_t cut = random.Below(document.size());
      ASSERT_EQ(Scan(detector, document, options, {{0, cut}, {cut, document.size()}}), whole)
          << cut << " of " << ::testing::PrintToString(document);
    }
  }
}

// The same bytes mean different things by what is next to them.
TEST(DomainRepeatsTest, NeighboursCountEachTime) {
  constexpr std::array<std::string_view, 12> kHosts = {
      "b.com",     "x.com",       "setup.py", "this.com",  "foo.app",
      "com.a.app", "www.a.dev",   "a.co.uk",  "github.io", "abcdefghijklm.example.com",
      "co.uk",     "example.name"};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kNeighbours = {{
      {" ", " "},
      {"a@", " "},
      {" @", " "},
      {"http://", " "},
      {"http://", "/x"},
      {"http://", "@b "},
      {"http://", ":p@b.org "},
      {"hxxp://", "/"},
      {"//", " "},
      {"/", " "},
      {"///", "/"},
      {" ", "/"},
      {" ", ":80/"},
      {" ", ":x"},
      {"= ", ";"},
      {"==", " "},
      {"print(", ")"},
      {"(", "("},
      {"[at]", " "},
      {"a@", "[.]uk "},
      {" ", "[.]uk "},
      {" ", "\u3002uk "},
      {"\u00E9", " "},
      {"a@", "\u00E9 "},
      {"\"", "\"@b "},
      {"\x1b[31m", " "},
  }};
  const auto detectors = Detectors();
  for (std::string_view host : kHosts) {
    std::string document = Often(host);
    for (const auto& [left, right] : kNeighbours) {
      for (const auto& [next_left, next_right] : kNeighbours) {
        document.append(left).append(host).append(right).append("\n");
        document.append(next_left).append(host).append(next_right).append("\n");
      }
    }
    const auto expected = test::FindDomainsByReference(GetRuleset(), document, {});
    for (const auto& detector : detectors) {
      ASSERT_EQ(ScanWhole(*detector, document), expected) << host;
    }
  }
}

// One byte more, less or changed, or one in capitals, is another host.
TEST(DomainRepeatsTest, HostsThatDifferInOneByteAreDifferent) {
  const auto detectors = Detectors();
  for (size_t size : {1, 3, 4, 5, 11, 12, 13, 20, 27, 28, 29, 44, 51, 52, 53, 60}) {
    const std::string host = test::Repeat("abcdefghijklmnop.", size).substr(0, size - 1) + "x.com";
    std::string document = Often(host);
    for (size_t i = 0; i < host.size(); ++i) {
      for (const char c : {'q', 'Q', '1', '-', '.', '_', '@', ' '}) {
        std::string other = host;
        other[i] = c;
        document += "a@" + host + "\na@" + other + "\n" + other + "\n";
      }
      document += "a@" + host.substr(i) + "\na@" + host.substr(0, i) + "\n";
    }
    const auto expected = test::FindDomainsByReference(GetRuleset(), document, {});
    for (const auto& detector : detectors) {
      ASSERT_EQ(ScanWhole(*detector, document), expected) << host;
    }
  }
}

// More than can be remembered, of which each is remembered for a while.
TEST(DomainRepeatsTest, ManyHostsTakeTurns) {
  const auto detectors = Detectors();
  for (size_t count : {2, 100, 128, 500, 5'000}) {
    std::string document;
    for (size_t i = 0; i < 12'000; ++i) {
      document += "a@x" + std::to_string(i % count * 7'919) + (i % 3 == 0 ? ".com\n" : ".co.uk\n");
    }
    const auto found = ScanWhole(*detectors.front(), document);
    ASSERT_EQ(found.size(), 12'000u);
    for (size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].value, document.substr(found[i].begin, found[i].end - found[i].begin));
      ASSERT_EQ(document[found[i].begin - 1], '@');
      ASSERT_EQ(document[found[i].end], '\n');
    }
    for (const auto& detector : detectors) ASSERT_EQ(ScanWhole(*detector, document), found);
  }
}

}  // namespace
}  // namespace trawl::compute
