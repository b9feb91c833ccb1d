// Each verdict of Explain, and which bytes have it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "compute/domain_detector.h"
#include "tests/support/documents.h"

namespace trawl::compute {
namespace {

using test::Repeat;

const DomainDetector& Detector() {
  static const auto ruleset = Ruleset::Load({});
  static const DomainDetector detector(*ruleset);
  return detector;
}

Explanation Explain(std::string_view document, std::string_view at,
                    const ScanOptions& options = {}) {
  return Detector().Explain(document, document.find(at), options);
}

Verdict VerdictOf(std::string_view document, std::string_view at, const ScanOptions& options = {}) {
  return Explain(document, at, options).verdict;
}

std::string_view RunOf(std::string_view document, std::string_view at,
                       const ScanOptions& options = {}) {
  const Explanation explanation = Explain(document, at, options);
  return document.substr(explanation.begin, explanation.end - explanation.begin);
}

std::string ValueOf(std::string_view document, std::string_view at,
                    const ScanOptions& options = {}) {
  const Explanation explanation = Explain(document, at, options);
  return explanation.host.has_value() ? std::string(explanation.host->value()) : "";
}

TEST(DomainExplainTest, AByteOfAFindingHasItsHost) {
  const Explanation explanation = Explain("see www.example.com now", "example");
  EXPECT_EQ(explanation.verdict, Verdict::kFinding);
  EXPECT_EQ(explanation.begin, 4u);
  EXPECT_EQ(explanation.end, 19u);
  ASSERT_TRUE(explanation.host.has_value());
  EXPECT_EQ(explanation.host->value(), "www.example.com");
  EXPECT_EQ(explanation.host->finding.begin, 4u);
  EXPECT_EQ(explanation.host->finding.confidence, Confidence::kHigh);
  EXPECT_TRUE(explanation.host->finding.reasons.Has(Reason::kAnchored));
}

TEST(DomainExplainTest, AHostBelowTheConfidenceAskedForIsStillGiven) {
  EXPECT_EQ(VerdictOf("edit setup.py", "py"), Verdict::kBelowMinConfidence);
  EXPECT_EQ(ValueOf("edit setup.py", "py"), "setup.py");
  EXPECT_EQ(VerdictOf("www.example.com.bak", "www"), Verdict::kBelowMinConfidence);
  EXPECT_EQ(VerdictOf("edit setup.py", "py", {.min_confidence = Confidence::kLow}),
            Verdict::kFinding);
  EXPECT_EQ(VerdictOf("EXAMPLE.Com", "Com", {.min_confidence = Confidence::kHigh}),
            Verdict::kBelowMinConfidence);
}

TEST(DomainExplainTest, WhatWasCutOffAHostIsOutsideIt) {
  EXPECT_EQ(VerdictOf("--example.com", "-"), Verdict::kOutsideHost);
  EXPECT_EQ(RunOf("--example.com", "-"), "--example.com");
  EXPECT_EQ(ValueOf("--example.com", "-"), "example.com");
  EXPECT_EQ(VerdictOf("foo-.example.com", "foo"), Verdict::kOutsideHost);
  EXPECT_EQ(VerdictOf("www.example.com.bak", "bak"), Verdict::kOutsideHost);
  EXPECT_EQ(ValueOf("www.example.com.bak", "bak"), "www.example.com");
  EXPECT_EQ(VerdictOf("a=%2Fexample.com", "2F"), Verdict::kOutsideHost);
  EXPECT_EQ(RunOf("a=%2Fexample.com", "2F"), "2Fexample.com");
  const std::string sentence = "it is example.com. Next";
  EXPECT_EQ(VerdictOf(sentence, ". N"), Verdict::kOutsideHost);
}

TEST(DomainExplainTest, WhatIsInNoHostSeparates) {
  EXPECT_EQ(VerdictOf("a b.com", " "), Verdict::kSeparator);
  EXPECT_EQ(RunOf("a b.com", " "), " ");
  EXPECT_EQ(VerdictOf("www.example..com", ".."), Verdict::kSeparator);
  EXPECT_EQ(VerdictOf("www.example..com", ".com"), Verdict::kSeparator);
  EXPECT_EQ(RunOf("example.com’s", "’"), "’");
  EXPECT_EQ(Detector().Explain("example.com’s", 13, {}).begin, 11u);
  EXPECT_EQ(RunOf("a\xFF\xFE"
                  "b.com",
                  "\xFE"),
            "\xFE");
  EXPECT_EQ(VerdictOf("a" + Repeat("\u00AD", 80) + "b.com", "\u00AD"), Verdict::kSeparator);
  const std::string url_defense = "https-3A__example.com_setup.py";
  EXPECT_EQ(VerdictOf(url_defense, "3A"), Verdict::kSeparator);
  EXPECT_EQ(VerdictOf(url_defense, "_setup"), Verdict::kSeparator);
  EXPECT_EQ(RunOf(url_defense, "example"), "example.com");
  EXPECT_EQ(RunOf(url_defense, "setup"), "setup.py");
}

TEST(DomainExplainTest, WithoutADotThatJoinsTwoLabelsThereIsNoHost) {
  EXPECT_EQ(VerdictOf("no name here", "name"), Verdict::kNoDot);
  EXPECT_EQ(RunOf("no name here", "me"), "name");
  EXPECT_EQ(VerdictOf("the end. And", "end"), Verdict::kNoDot);
  EXPECT_EQ(RunOf("the end. And", "."), "end.");
  EXPECT_EQ(VerdictOf(".bashrc", "bash"), Verdict::kNoDot);
  EXPECT_EQ(RunOf("日本語example.com", "本"), "日本語");
  EXPECT_EQ(VerdictOf("日本語example.com", "example"), Verdict::kFinding);
  const std::string row = Repeat("a", 1 << 20) + ".example.com";
  EXPECT_EQ(Detector().Explain(row, 1 << 19, {}).verdict, Verdict::kNoDot);
  EXPECT_EQ(VerdictOf(row, ".example"), Verdict::kOutsideHost);
  EXPECT_EQ(VerdictOf("evil[.]com", "[", {.defang = Defang::kOff}), Verdict::kSeparator);
  EXPECT_EQ(VerdictOf("evil[.]com", "evil", {.defang = Defang::kOff}), Verdict::kNoDot);
  EXPECT_EQ(VerdictOf("evil[.]com", "]"), Verdict::kFinding);
}

TEST(DomainExplainTest, LabelsMayBeTooFewOrNoTld) {
  EXPECT_EQ(VerdictOf("-.com", "com"), Verdict::kFewerThanTwoLabels);
  EXPECT_EQ(VerdictOf("report.nosuchtld", "report"), Verdict::kNoTld);
  EXPECT_EQ(VerdictOf("at 10.20.30.40", "30"), Verdict::kNoTld);
  EXPECT_EQ(VerdictOf("example.comé", "é"), Verdict::kNoTld);
}

TEST(DomainExplainTest, ATldOfTheCallersOwnCountsInUrlsOnly) {
  const ScanOptions in_urls = {.unknown_tld_in_urls = true};
  EXPECT_EQ(VerdictOf("report.nosuchtld", "report", in_urls), Verdict::kUnknownTldNotInUrl);
  EXPECT_EQ(VerdictOf("http://report.nosuchtld/", "report", in_urls), Verdict::kFinding);
}

TEST(DomainExplainTest, WhatFollowsTheTldMayForbidIt) {
  EXPECT_EQ(VerdictOf("libssl.so.1.1", "so"), Verdict::kDigitsAfterTld);
  EXPECT_EQ(VerdictOf("www.example.com-" + Repeat("a", 300), "example"), Verdict::kTailTooLong);
  EXPECT_EQ(VerdictOf("www.example.com." + Repeat("ab.", 900), "example"), Verdict::kTailTooLong);
}

TEST(DomainExplainTest, TheRegistrableLabelHasToBeValid) {
  EXPECT_EQ(VerdictOf("foo_bar.com", "foo"), Verdict::kInvalidRegistrableLabel);
  EXPECT_EQ(VerdictOf("example-.co.uk", "uk"), Verdict::kInvalidRegistrableLabel);
  EXPECT_EQ(VerdictOf("xn--.com", "com"), Verdict::kInvalidRegistrableLabel);
}

TEST(DomainExplainTest, AHostMayBeTooLong) {
  const std::string host = Repeat("abcdefghi.", 260) + "com";
  EXPECT_EQ(VerdictOf(host, "com"), Verdict::kTooLong);
  EXPECT_EQ(Detector().Explain(host, 0, {}).verdict, Verdict::kTooLong);
  const std::string endless = Repeat("abcdefghi.", 1 << 20) + "com";
  EXPECT_EQ(Detector().Explain(endless, 1 << 19, {}).verdict, Verdict::kTooLong);
}

TEST(DomainExplainTest, NamesThatAreLeftOut) {
  EXPECT_EQ(VerdictOf("on nas.local now", "nas"), Verdict::kSpecialUse);
  EXPECT_EQ(VerdictOf("on nas.home.arpa", "nas"), Verdict::kSpecialUse);
  EXPECT_EQ(VerdictOf("on nas.local now", "nas", {.special_use = true}), Verdict::kFinding);
  EXPECT_EQ(VerdictOf("http://nas.local/", "nas", {.unknown_tld_in_urls = true}),
            Verdict::kSpecialUse);
  EXPECT_EQ(VerdictOf("under co.uk too", "uk"), Verdict::kPublicSuffix);
  EXPECT_EQ(VerdictOf("http://co.uk/", "uk"), Verdict::kFinding);
  EXPECT_EQ(VerdictOf("john.doe.com@example.com", "doe"), Verdict::kLocalPart);
  EXPECT_EQ(VerdictOf("http://good-bank.com:80@evil-site.net/", "bank"), Verdict::kUserinfo);
}

TEST(DomainExplainTest, EveryByteOfACharacterAndOfADotIsTheSame) {
  for (const std::string_view document :
       {"see bücher.de", "see evil[dot]com", "see exam\u00ADple.com"}) {
    for (uint64_t i = 4; i < document.size(); ++i) {
      const Explanation explanation = Detector().Explain(document, i, {});
      EXPECT_EQ(explanation.verdict, Verdict::kFinding) << i << " of " << document;
      EXPECT_EQ(explanation.begin, 4u);
      EXPECT_EQ(explanation.end, document.size());
    }
  }
}

}  // namespace
}  // namespace trawl::compute
