#include "compute/domain_detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/reference_detector.h"

namespace trawl::compute {
namespace {

using test::GradedValue;
using test::ReferenceFinding;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DomainDetectorTest : public ::testing::Test {
 protected:
  DomainDetectorTest() { options_.min_confidence = Confidence::kLow; }

  static const Ruleset& GetRuleset() {
    static const auto ruleset = Ruleset::Load({});
    return *ruleset;
  }

  std::vector<ReferenceFinding> Scan(std::string_view document) const {
    FindingList findings;
    detector_.Scan(document, {0, document.size()}, options_, findings);
    return test::ToReference(findings);
  }

  std::vector<std::string> Values(std::string_view document) const {
    std::vector<std::string> values;
    for (const auto& finding : Scan(document)) values.push_back(GradedValue(finding));
    return values;
  }

  // Of the only finding.
  Reasons ReasonsOf(std::string_view document) const {
    FindingList findings;
    detector_.Scan(document, {0, document.size()}, options_, findings);
    EXPECT_EQ(findings.size(), 1u) << document;
    return findings.empty() ? Reasons() : findings[0].reasons;
  }

  // The bytes of the only finding.
  std::string_view SpanOf(std::string_view document) const {
    auto findings = Scan(document);
    EXPECT_EQ(findings.size(), 1u) << document;
    if (findings.empty()) return {};
    return document.substr(findings[0].begin, findings[0].end - findings[0].begin);
  }

  ScanOptions options_;
  const DomainDetector detector_{GetRuleset()};
};

TEST_F(DomainDetectorTest, SpansAreBytesOfTheDocument) {
  EXPECT_EQ(SpanOf("see Example.COM."), "Example.COM");
  EXPECT_EQ(SpanOf("evil[.]co[.]uk/"), "evil[.]co[.]uk");
  EXPECT_EQ(SpanOf("*.example.com"), "example.com");
  EXPECT_EQ(SpanOf("http://example.com./x"), "example.com");
  EXPECT_EQ(SpanOf("exam\u200Bple.com\u200B"), "exam\u200Bple.com");
  EXPECT_EQ(SpanOf("_b\u00FCcher.de_"), "b\u00FCcher.de");
  EXPECT_EQ(SpanOf("a=%252Fexample.com%252F"), "example.com");
}

TEST_F(DomainDetectorTest, GivesTheRegistrableDomain) {
  auto registrable = [this](std::string_view document) {
    return Scan(document).at(0).registrable_domain;
  };
  EXPECT_EQ(registrable("a.b.example.co.uk"), "example.co.uk");
  EXPECT_EQ(registrable("a.foo.github.io"), "foo.github.io");
  EXPECT_EQ(registrable("github.io"), "github.io");
  EXPECT_EQ(registrable("http://co.uk/"), "");
}

TEST_F(DomainDetectorTest, SaysWhy) {
  EXPECT_EQ(ReasonsOf("example.com"), Reasons({Reason::kBare}));
  EXPECT_EQ(ReasonsOf("http://example.com"), Reasons({Reason::kAnchored}));
  EXPECT_EQ(ReasonsOf("www.example.com:80"), Reasons({Reason::kAnchored, Reason::kEvidence}));
  EXPECT_EQ(ReasonsOf("//example.com"), Reasons({Reason::kSchemeRelative}));
  EXPECT_EQ(ReasonsOf("/example.com"), Reasons({Reason::kPath}));
  EXPECT_EQ(ReasonsOf("@example.com"), Reasons({Reason::kBare, Reason::kAtWithoutLocalPart}));
  EXPECT_EQ(ReasonsOf("setup.py"), Reasons({Reason::kBare, Reason::kFileTld}));
  EXPECT_EQ(ReasonsOf("done.It"),
            Reasons({Reason::kBare, Reason::kWordTld, Reason::kTitleCaseTld}));
  EXPECT_EQ(ReasonsOf("user.name="), Reasons({Reason::kBare, Reason::kWordTld, Reason::kCode}));
  EXPECT_EQ(ReasonsOf("this.ee"), Reasons({Reason::kBare, Reason::kCode}));
  EXPECT_EQ(ReasonsOf("12.com"), Reasons({Reason::kBare, Reason::kNumericLabel}));
  EXPECT_EQ(ReasonsOf("x=n.gm;y"), Reasons({Reason::kBare, Reason::kShortLabel}));
  EXPECT_EQ(ReasonsOf("typeof box.io"), Reasons({Reason::kBare, Reason::kCode}));
  EXPECT_EQ(ReasonsOf("\\Windows\\in.com"), Reasons({Reason::kPath, Reason::kFileTld}));
  EXPECT_EQ(ReasonsOf("http://a!example.com"), Reasons({Reason::kBare, Reason::kLeftCut}));
  EXPECT_EQ(ReasonsOf("com.acme.online"),
            Reasons({Reason::kBare, Reason::kReverseDns, Reason::kDottedWords}));
  EXPECT_EQ(
      ReasonsOf("alt.example.online-x"),
      Reasons({Reason::kBare, Reason::kHyphenCut, Reason::kReverseDns, Reason::kDottedWords}));
  EXPECT_EQ(ReasonsOf("VB.NET"), Reasons({Reason::kBare, Reason::kWordTld}));
  EXPECT_EQ(ReasonsOf("/main.cf"), Reasons({Reason::kPath, Reason::kFileTld}));
  EXPECT_EQ(ReasonsOf("/Spy.AD"), Reasons({Reason::kPath, Reason::kTitleCaseTld}));
  EXPECT_EQ(ReasonsOf("a-.example.com"), Reasons({Reason::kBare, Reason::kLeftCut}));
  EXPECT_EQ(ReasonsOf("example.com.bak"), Reasons({Reason::kBare, Reason::kRightCut}));
  EXPECT_EQ(ReasonsOf("example.com-x"), Reasons({Reason::kBare, Reason::kHyphenCut}));
  EXPECT_EQ(ReasonsOf("example.com_x"), Reasons({Reason::kBare, Reason::kUnderscoreCut}));
  EXPECT_EQ(ReasonsOf("\u3042example.com"), Reasons({Reason::kBare, Reason::kScriptCut}));
  EXPECT_EQ(ReasonsOf("example.com\u3042"), Reasons({Reason::kBare, Reason::kScriptCut}));
  EXPECT_EQ(ReasonsOf("_example.com"), Reasons({Reason::kBare, Reason::kUnderscoreTrimmed}));
  EXPECT_EQ(ReasonsOf("ex\xC3"
                      "ample.com"),
            Reasons({Reason::kBare, Reason::kNextToInvalid}));
  EXPECT_EQ(ReasonsOf("http://example.com./x"),
            Reasons({Reason::kAnchored, Reason::kTrailingDot, Reason::kEvidence}));
}

TEST_F(DomainDetectorTest, SaysHowItIsWritten) {
  EXPECT_EQ(ReasonsOf("*.example.com"), Reasons({Reason::kBare, Reason::kWildcard}));
  EXPECT_EQ(ReasonsOf("example[.]com"), Reasons({Reason::kBare, Reason::kDefanged}));
  EXPECT_EQ(ReasonsOf("hxxp[:]//example.com"), Reasons({Reason::kAnchored, Reason::kDefanged}));
  EXPECT_EQ(ReasonsOf("example\\.com"), Reasons({Reason::kBare, Reason::kEscapedDot}));
  EXPECT_EQ(ReasonsOf("example\u3002com"), Reasons({Reason::kBare, Reason::kUnicodeDot}));
  EXPECT_EQ(ReasonsOf("ex\u00ADample.com"), Reasons({Reason::kBare, Reason::kHidden}));
  EXPECT_EQ(ReasonsOf("ex\u0430mple.com"), Reasons({Reason::kBare, Reason::kMixedScript}));
  EXPECT_EQ(ReasonsOf("abc.onion"), Reasons({Reason::kBare, Reason::kSpecialUse}));
  EXPECT_EQ(ReasonsOf("github.io"), Reasons({Reason::kBare, Reason::kPublicSuffix}));
}

TEST_F(DomainDetectorTest, LeavesOutWhatIsBelowTheConfidenceAskedFor) {
  options_.min_confidence = Confidence::kMedium;
  EXPECT_THAT(Values("setup.py /example.com example.org"),
              ElementsAre("MEDIUM:example.com", "HIGH:example.org"));
  options_.min_confidence = Confidence::kHigh;
  EXPECT_THAT(Values("setup.py /example.com example.org"), ElementsAre("HIGH:example.org"));
}

TEST_F(DomainDetectorTest, SpecialUseNamesAreOptional) {
  const std::string_view document = "a.local b.test c.home.arpa d.onion e.in-addr.arpa";
  EXPECT_THAT(Values(document), ElementsAre("HIGH:d.onion", "HIGH:e.in-addr.arpa"));
  options_.special_use = true;
  EXPECT_THAT(Values(document), ElementsAre("HIGH:a.local", "HIGH:b.test", "HIGH:c.home.arpa",
                                            "HIGH:d.onion", "HIGH:e.in-addr.arpa"));
}

TEST_F(DomainDetectorTest, UnknownTldsInUrlsAreOptional) {
  const std::string_view document = "http://a.corp/ b.corp http://10.0.0.1/ http://c.local/";
  EXPECT_THAT(Values(document), IsEmpty());
  options_.unknown_tld_in_urls = true;
  EXPECT_THAT(Values(document), ElementsAre("MEDIUM:a.corp"));
  EXPECT_THAT(Values("http://a.4/ http://a.0x4f/ http://a.0X/ http://a.0xg/ http://a.4f/"),
              ElementsAre("MEDIUM:a.0xg", "MEDIUM:a.4f"));
}

TEST_F(DomainDetectorTest, WhatLooksLikeCodeOrAFileIsLowOnlyWhereNothingSpeaksForAHost) {
  EXPECT_THAT(
      Values("http://this.ee //this.ee this[.]ee this.ee:80 x@this.ee"),
      ElementsAre("HIGH:this.ee", "HIGH:this.ee", "HIGH:this.ee", "HIGH:this.ee", "HIGH:this.ee"));
  EXPECT_THAT(Values("http://n.gm n[.]gm n.gm:80 x@n.gm"),
              ElementsAre("HIGH:n.gm", "HIGH:n.gm", "HIGH:n.gm", "HIGH:n.gm"));
  EXPECT_THAT(
      Values("http://main.cf /main[.]cf http://VB.NET VB.NET:80 VB[.]NET"),
      ElementsAre("HIGH:main.cf", "MEDIUM:main.cf", "HIGH:vb.net", "HIGH:vb.net", "HIGH:vb.net"));
  EXPECT_THAT(Values("http://Spy.AD/ /Spy[.]AD"), ElementsAre("HIGH:spy.ad", "MEDIUM:spy.ad"));
}

TEST_F(DomainDetectorTest, NamesOfSpecialUseMayBeShort) {
  EXPECT_THAT(Values("a.onion a.ip6.arpa"), ElementsAre("HIGH:a.onion", "HIGH:a.ip6.arpa"));
}

TEST_F(DomainDetectorTest, TheCaseOfATldCountsInEveryScript) {
  EXPECT_THAT(Values("/\u043F\u0440.\u0420\u0424"), ElementsAre("LOW:xn--o1ac.xn--p1ai"));
  EXPECT_THAT(Values("/\u4F8B.\u4E2D\u56FD"), ElementsAre("MEDIUM:xn--fsq.xn--fiqs8s"));
}

TEST_F(DomainDetectorTest, UndoingIsOptional) {
  options_.defang = Defang::kOff;
  EXPECT_THAT(Values("example[.]com http:\\\\setup.py example\\.com"), ElementsAre("LOW:setup.py"));
}

TEST_F(DomainDetectorTest, SpacedDotsAreForTheAggressive) {
  const std::string_view document = "example . com, www dot example dot com.";
  EXPECT_THAT(Values(document), IsEmpty());
  options_.defang = Defang::kAggressive;
  EXPECT_THAT(Values(document), ElementsAre("LOW:example.com", "LOW:www.example.com"));
}

TEST_F(DomainDetectorTest, AJoinerThatFitsIsPartOfTheLabel) {
  EXPECT_THAT(Values("\u0646\u0627\u0645\u0647\u200C\u0627\u06CC.com"),
              ElementsAre("HIGH:xn--mgba3gch31f060k.com"));
  EXPECT_THAT(Values("exa\u200Cmple.com"), ElementsAre("HIGH:example.com"));
  EXPECT_THAT(Values("\u0BB9\u0BCD\u200D.com"), ElementsAre("HIGH:xn--dmc4b194h.com"));
  EXPECT_THAT(Values("exam\u200D.com"), ElementsAre("HIGH:exam.com"));
  EXPECT_THAT(Values("\u200D.com a.\u200D.com"), ElementsAre());
}

TEST_F(DomainDetectorTest, LongRowsOfIgnorablesTearWhatTheyJoin) {
  std::string row;
  for (int i = 0; i < 21; ++i) row += "\u200B";
  EXPECT_THAT(Values("exam" + row + "ple.com"), ElementsAre("HIGH:example.com"));
  row += "\u200B";
  EXPECT_THAT(Values("exam" + row + "ple.com"), IsEmpty());
  EXPECT_THAT(Values("example.com" + row + "x"), IsEmpty());
  EXPECT_THAT(Values("(" + row + "example.com" + row + ")"), ElementsAre("HIGH:example.com"));
  std::string long_row;
  for (int i = 0; i < 400; ++i) long_row += "\u200B";
  EXPECT_THAT(Values("exam" + long_row + "ple.com"), IsEmpty());
  EXPECT_THAT(Values("example.com" + long_row + ")"), ElementsAre("HIGH:example.com"));
}

TEST_F(DomainDetectorTest, CountsOctetsFromTheRight) {
  auto labels = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "abcdefghi.";
    return text;
  };
  EXPECT_EQ(Values(labels(24) + "example.com").size(), 1u);
  EXPECT_THAT(Values(labels(25) + "example.com"), IsEmpty());
  EXPECT_EQ(Values(labels(25) + "-." + labels(24) + "example.com").size(), 1u);
}

TEST_F(DomainDetectorTest, ASpanHasAtMost1024Bytes) {
  auto host = [](size_t ignorables) {
    std::string text;
    for (int i = 0; i < 16; ++i) {
      text += "ab";
      for (size_t k = 0; k < ignorables; ++k) text += "\u00AD";
      text += ".";
    }
    return text + "example.com";
  };
  EXPECT_EQ(Values(host(30)).size(), 1u);  // 16 * 63 + 11 bytes
  EXPECT_THAT(Values(host(31)), IsEmpty());
}

TEST_F(DomainDetectorTest, ATailHasAtMost256Bytes) {
  EXPECT_THAT(Values("example.com-" + std::string(255, 'a')), ElementsAre("MEDIUM:example.com"));
  EXPECT_THAT(Values("example.com-" + std::string(256, 'a')), IsEmpty());
}

TEST_F(DomainDetectorTest, UserinfoIsNoHost) {
  EXPECT_THAT(Values("http://good.com:80@evil.net/"), ElementsAre("HIGH:evil.net"));
  EXPECT_THAT(Values("http://good.com/@evil.net/"),
              ElementsAre("HIGH:good.com", "MEDIUM:evil.net"));
  EXPECT_THAT(Values("<a href=\"http://good.com\">me@mail.org</a>"),
              ElementsAre("HIGH:good.com", "HIGH:mail.org"));
}

TEST_F(DomainDetectorTest, SurvivesAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_THAT(Values(bytes), IsEmpty());
  for (int i = 0; i < 256; ++i) {
    const std::string c(1, static_cast<char>(i));
    Values(c);
    Values("." + c);
    Values(c + ".");
    Values("a" + c + ".com");
    Values("a." + c + "com");
  }
}

TEST_F(DomainDetectorTest, AppendsToTheList) {
  FindingList findings;
  detector_.Scan("a.com", {0, 5}, options_, findings);
  detector_.Scan("b.com", {0, 5}, options_, findings);
  EXPECT_EQ(findings.size(), 2u);
  detector_.Scan("", {0, 0}, options_, findings);
  EXPECT_EQ(findings.size(), 2u);
}

}  // namespace
}  // namespace trawl::compute
