// That every kernel, and the quick way of deciding with every option, finds the same.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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

std::vector<ReferenceFinding> Scan(const DomainDetector& detector, std::string_view document,
                                   Confidence min_confidence, uint64_t chunk_bytes) {
  ScanOptions options;
  options.min_confidence = min_confidence;
  FindingList findings;
  for (uint64_t begin = 0; begin < document.size(); begin += chunk_bytes) {
    const uint64_t end = std::min<uint64_t>(begin + chunk_bytes, document.size());
    detector.Scan(document, {begin, end}, options, findings);
  }
  return test::ToReference(findings);
}

// Pieces that are simple, nearly simple and not simple at all, next to each other.
std::string Mixture(test::RandomDocuments& random) {
  static constexpr std::string_view kPieces[] = {"example.com",
                                                 "www.example.co.uk",
                                                 "a.b.c.d.example.org",
                                                 "setup.py",
                                                 "user.name",
                                                 "this.auto",
                                                 "e.g.",
                                                 "1.2.3.4",
                                                 "Example.Com",
                                                 "EXAMPLE.COM",
                                                 "x.io",
                                                 "com.example.app",
                                                 "foo-bar.example.net",
                                                 "foo_bar.example.net",
                                                 "-x.com",
                                                 "x.com-",
                                                 "_dmarc.example.com",
                                                 "a--b.com",
                                                 "xn--bcher-kva.de",
                                                 "example.com-based",
                                                 "example.com_x",
                                                 "lib.so.1",
                                                 "https-3A__www.example.com_path",
                                                 "hxxp__example.com",
                                                 "github.io",
                                                 "x.github.io",
                                                 "mail.blogspot.com",
                                                 "example.photography",
                                                 "host.home.arpa",
                                                 "a.local",
                                                 "b\u00FCcher.de",
                                                 "example\u3002com",
                                                 "evil[.]example[.]com",
                                                 "www[.]example(.)co{.}uk",
                                                 "www.evil[.]Com",
                                                 "a[.]b.io",
                                                 "1[.]2[.]3[.]4",
                                                 "setup[.]py",
                                                 "foo-bar[.]net",
                                                 "foo_bar[.]net",
                                                 "x[.]com[.",
                                                 "hxxps://",
                                                 "[.]",
                                                 "(dot)",
                                                 "\\.",
                                                 "[",
                                                 "]",
                                                 "(",
                                                 ")",
                                                 "{",
                                                 "}",
                                                 "\\",
                                                 "\\n",
                                                 "%2F",
                                                 "%",
                                                 "=3D",
                                                 "=",
                                                 " ",
                                                 " ",
                                                 "\n",
                                                 "\t",
                                                 "\"",
                                                 "'",
                                                 "<",
                                                 ">",
                                                 ",",
                                                 ";",
                                                 ":",
                                                 ":8080",
                                                 "/",
                                                 "//",
                                                 "://",
                                                 "http://",
                                                 "https://user@",
                                                 "@",
                                                 "user@",
                                                 "?",
                                                 "?q",
                                                 "#",
                                                 "#a",
                                                 ".",
                                                 "..",
                                                 "*.",
                                                 "+",
                                                 "\u201C",
                                                 "\u201D",
                                                 "\u3042",
                                                 "\u200B",
                                                 "\xFF",
                                                 "\x1B[31m",
                                                 "a",
                                                 "-",
                                                 "_",
                                                 "0",
                                                 "word word "};
  std::string document;
  const size_t pieces = 1 + random.Below(60);
  for (size_t i = 0; i < pieces; ++i) document += kPieces[random.Below(std::size(kPieces))];
  return document;
}

TEST(DomainKernelTest, EveryKernelFindsWhatTheReferenceFinds) {
  std::vector<DomainDetector> detectors;
  for (const Kernel& kernel : Kernel::All()) detectors.emplace_back(GetRuleset(), kernel);
  test::RandomDocuments random(11);
  for (int round = 0; round < 4000; ++round) {
    const std::string document = Mixture(random);
    for (Confidence least : {Confidence::kLow, Confidence::kMedium, Confidence::kHigh}) {
      ScanOptions options;
      options.min_confidence = least;
      const auto expected = test::FindDomainsByReference(GetRuleset(), document, options);
      const DomainDetector& detector = detectors[static_cast<size_t>(round) % detectors.size()];
      ASSERT_EQ(Scan(detector, document, least, document.size()), expected)
          << ::testing::PrintToString(document);
      ASSERT_EQ(Scan(detector, document, least, 1 + random.Below(document.size())), expected)
          << ::testing::PrintToString(document);
    }
  }
}

TEST(DomainKernelTest, LabelsOfAllLengthsAreFound) {
  const DomainDetector detector(GetRuleset());
  for (size_t size = 1; size <= 70; ++size) {
    for (const std::string& tail : {std::string(), std::string(".com"), std::string(".a.com")}) {
      const std::string document =
          "some words www.example." + std::string(size, 'b') + tail + " and words to its right";
      EXPECT_EQ(Scan(detector, document, Confidence::kMedium, document.size()),
                test::FindDomainsByReference(GetRuleset(), document, {}))
          << document;
    }
  }
}

TEST(DomainKernelTest, LongDocumentsAreTheSameForEveryKernelAndCut) {
  test::RandomDocuments random(12);
  std::string document;
  while (document.size() < 40'000) document += Mixture(random);
  const auto expected = Scan(DomainDetector(GetRuleset(), *Kernel::Find("scalar")), document,
                             Confidence::kMedium, document.size());
  EXPECT_GT(expected.size(), 100u);
  for (const Kernel& kernel : Kernel::All()) {
    const DomainDetector detector(GetRuleset(), kernel);
    for (uint64_t chunk_bytes : {63, 64, 65, 1000, 4095, 4096, 4097, 16384, 40'000}) {
      EXPECT_EQ(Scan(detector, document, Confidence::kMedium, chunk_bytes), expected)
          << kernel.name << ", chunks of " << chunk_bytes;
    }
  }
}

}  // namespace
}  // namespace trawl::compute
