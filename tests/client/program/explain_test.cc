#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/client/temporary_directory.h"
#include "tests/client/trawl_process.h"
#include "tests/support/fake_content_service.h"

namespace trawl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ExplainTest : public testing::Test {
 protected:
  ProcessResult Explain(std::vector<std::string> arguments, const ProcessInput& input = {}) {
    arguments.insert(arguments.begin(), {"--server", server_.address(), "explain"});
    return RunTrawl(arguments, input);
  }

  // The server says that bytes begin to end of what it is sent are a run, and a name where the
  // verdict has one.
  void Answer(v1::Verdict verdict, uint64_t begin, uint64_t end) {
    server_.AnswerExplain([=](const auto&, auto& response) {
      response.set_verdict(verdict);
      response.set_begin(begin);
      response.set_end(end);
      if (verdict > v1::VERDICT_OUTSIDE_HOST) return grpc::Status::OK;
      v1::Finding& finding = *response.mutable_finding();
      finding.set_kind(v1::KIND_DOMAIN);
      finding.set_begin(begin);
      finding.set_end(end);
      finding.set_value("a.example");
      finding.set_confidence(v1::CONFIDENCE_MEDIUM);
      finding.add_reasons(v1::REASON_BARE);
      finding.add_reasons(v1::REASON_LEFT_CUT);
      return grpc::Status::OK;
    });
  }

  FakeContentService server_;
  const TemporaryDirectory directory_;
};

TEST_F(ExplainTest, OfAFindingTellsTheNameAndItsReasons) {
  Answer(v1::VERDICT_FINDING, 4, 13);
  const ProcessResult result = Explain({"-", "6"}, {.stdin_bytes = "see a.example now"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(
      Lines(result.out),
      ElementsAre("byte 6 (0x65): e", "run 4-13: a.>e<xample",
                  "FINDING: it is part of a domain name, which is reported.",
                  "a.example (4-13): MEDIUM",
                  "  BARE: a word in text: nothing left of it says that a host follows.",
                  "  LEFT_CUT: what is left of it is no label, and was cut off: at most MEDIUM."));
}

TEST_F(ExplainTest, AnyOtherVerdictExits1) {
  const ProcessInput input = {.stdin_bytes = "a b"};
  Answer(v1::VERDICT_NO_DOT, 0, 1);
  const ProcessResult result = Explain({"-", "0"}, input);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(Lines(result.out),
              ElementsAre("byte 0 (0x61): a", "run 0-1: >a<",
                          "NO_DOT: it could be part of a domain name, but no dot near it joins two "
                          "labels of its run."));
  Answer(v1::VERDICT_SEPARATOR, 1, 2);
  EXPECT_THAT(Lines(Explain({"-", "1"}, input).out),
              ElementsAre("byte 1 (0x20):  ", testing::StartsWith("SEPARATOR: ")));
  Answer(v1::VERDICT_BELOW_MIN_CONFIDENCE, 0, 1);
  EXPECT_EQ(Explain({"-", "0"}, input).exit_code, 1);
  Answer(static_cast<v1::Verdict>(999), 0, 1);
  EXPECT_THAT(Explain({"-", "0"}, input).out, HasSubstr("\n999: this trawl does not know it\n"));
}

TEST_F(ExplainTest, OnlyAWindowIsSentAndOffsetsAreThoseOfTheFile) {
  constexpr uint64_t kOffset = 1'000'001;
  constexpr uint64_t kReach = 64 << 10;
  std::string content(2'000'000, ' ');
  content.replace(kOffset - 1, 9, "a.example");
  const std::string file = directory_.Write("large", content);
  Answer(v1::VERDICT_FINDING, kReach, kReach + 9);
  for (const std::string& offset : {std::string("1000001"), std::string("0xF4241")}) {
    const ProcessResult result = Explain({file, offset});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(Lines(result.out), AllOf(testing::Contains("run 1000000-1000009: a>.<example"),
                                         testing::Contains("a.example (1000000-1000009): MEDIUM")));
  }
  EXPECT_THAT(Explain({"-", "1000001"}, {.stdin_bytes = content}).out,
              HasSubstr("run 1000000-1000009: a>.<example\n"));
  ASSERT_THAT(server_.explain_requests(), SizeIs(3));
  for (const v1::ExplainRequest& request : server_.explain_requests()) {
    EXPECT_EQ(request.data(), content.substr(kOffset - 1 - kReach, 2 * kReach + 2));
    EXPECT_EQ(request.offset(), kReach + 1);
  }
}

TEST_F(ExplainTest, JsonIsOneObjectWithTheOffsetsOfTheFile) {
  const std::string file = directory_.Write("a", std::string(100'000, ' ') + "a.example");
  Answer(v1::VERDICT_FINDING, 100'000 - 34'464, 100'009 - 34'464);
  const ProcessResult result = Explain({"--json", file, "100000"});
  EXPECT_EQ(result.exit_code, 0);
  ASSERT_THAT(Lines(result.out), SizeIs(1));
  EXPECT_EQ(json::parse(result.out), json({{"file", file},
                                           {"offset", 100'000},
                                           {"verdict", "VERDICT_FINDING"},
                                           {"begin", 100'000},
                                           {"end", 100'009},
                                           {"finding",
                                            {{"kind", "KIND_DOMAIN"},
                                             {"begin", 100'000},
                                             {"end", 100'009},
                                             {"value", "a.example"},
                                             {"registrable_domain", ""},
                                             {"confidence", "CONFIDENCE_MEDIUM"},
                                             {"reasons", {"REASON_BARE", "REASON_LEFT_CUT"}}}}}));
}

TEST_F(ExplainTest, OptionsReachTheServer) {
  Explain({"-", "0", "--min-confidence", "low", "--defang", "aggressive", "--special-use",
           "--unknown-tld", "in-urls", "--encoding", "utf16be", "--unicode"},
          {.stdin_bytes = "x"});
  ASSERT_THAT(server_.explain_requests(), SizeIs(1));
  const v1::ProcessOptions options = server_.explain_requests()[0].options();
  EXPECT_EQ(options.min_confidence(), v1::CONFIDENCE_LOW);
  EXPECT_EQ(options.defang(), v1::DEFANG_MODE_AGGRESSIVE);
  EXPECT_TRUE(options.special_use());
  EXPECT_EQ(options.unknown_tld(), v1::UNKNOWN_TLD_IN_URLS);
  EXPECT_EQ(options.encoding(), v1::ENCODING_UTF16BE);
  EXPECT_TRUE(options.unicode_values());
}

TEST_F(ExplainTest, AByteOrderMarkIsSeenFromFarAway) {
  std::string content = "\xff\xfe";
  for (int i = 0; i < 100'000; ++i) content += std::string(" \0", 2);
  content += std::string("b\0\xfc\0.\0d\0e\0", 10);
  Answer(v1::VERDICT_FINDING, 65'534, 65'544);
  const std::string little = directory_.Write("little", content);
  EXPECT_THAT(Explain({little, "200005", "--encoding", "auto"}).out,
              AllOf(HasSubstr("byte 200005 (0x00): \u00FC\n"),
                    HasSubstr("run 200002-200012: b>\u00FC<.de\n")));
  const std::string plain = directory_.Write("plain", std::string(300'000, ' '));
  Explain({plain, "200005", "--encoding", "auto"});
  content[0] = '\xfe';
  content[1] = '\xff';
  Explain({directory_.Write("big", content), "200005", "--encoding", "auto"});
  ASSERT_THAT(server_.explain_requests(), SizeIs(3));
  EXPECT_EQ(server_.explain_requests()[0].options().encoding(), v1::ENCODING_UTF16LE);
  EXPECT_EQ(server_.explain_requests()[1].options().encoding(), v1::ENCODING_UTF8);
  EXPECT_EQ(server_.explain_requests()[2].options().encoding(), v1::ENCODING_UTF16BE);
}

TEST_F(ExplainTest, TheWholeCharacterIsShownAndControlsAreEscaped) {
  const std::string content = "\033]0;b\u00FCx\xc3\x01";
  Answer(v1::VERDICT_NO_DOT, 0, content.size());
  for (const char* offset : {"5", "6"}) {
    EXPECT_THAT(Explain({"-", offset}, {.stdin_bytes = content}).out,
                HasSubstr(": \u00FC\nrun 0-10: \\u{1b}]0;b>\u00FC<x\\xc3\\u{1}\n"));
  }
  EXPECT_THAT(Explain({"-", "8"}, {.stdin_bytes = content}).out,
              HasSubstr("byte 8 (0xc3): \\xc3\nrun 0-10: \\u{1b}]0;b\u00FCx>\\xc3<\\u{1}\n"));
  EXPECT_THAT(Explain({"-", "5", "--color", "always"}, {.stdin_bytes = content}).out,
              HasSubstr("\\u{1b}]0;b\033[1;31m\u00FC\033[mx"));
}

TEST_F(ExplainTest, WhatTheServerSaysOfPlacesThatWereNotSentIsNotBelieved) {
  Answer(v1::VERDICT_FINDING, 7, ~uint64_t{0});
  EXPECT_THAT(Explain({"-", "2"}, {.stdin_bytes = "a.example"}).out,
              HasSubstr("run 2-9: >e<xample\n"));
}

TEST_F(ExplainTest, ErrorsAreOneLine) {
  const std::string file = directory_.Write("a", "12345");
  ProcessResult result = Explain({file, "5"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(Lines(result.err),
              ElementsAre("trawl: " + file + ": there is no byte 5: it has 5 bytes, from 0 on"));
  result = Explain({directory_.path() + "/missing", "0"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(Lines(result.err), ElementsAre(HasSubstr("missing: No such file")));
  server_.AnswerExplain(
      [](const auto&, auto&) { return grpc::Status(grpc::StatusCode::INTERNAL, "broken"); });
  result = Explain({file, "0"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(Lines(result.err),
              ElementsAre(AllOf(HasSubstr(file), HasSubstr("INTERNAL: broken"))));
}

}  // namespace
}  // namespace trawl
