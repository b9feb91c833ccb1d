// What Explain answers, with this build's own detector.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using SetOptions = std::function<void(v1::ProcessOptions&)>;

class ExplainTest : public ::testing::Test {
 protected:
  grpc::Status Call(const v1::ExplainRequest& request, v1::ExplainResponse& response) {
    grpc::ClientContext context;
    return server_.stub().Explain(&context, request, &response);
  }

  v1::ExplainResponse Explain(const v1::ExplainRequest& request) {
    v1::ExplainResponse response;
    const grpc::Status status = Call(request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  v1::ExplainResponse Explain(const std::string& content, const std::string& at,
                              const SetOptions& set = nullptr) {
    v1::ExplainRequest request;
    request.set_data(content);
    request.set_offset(content.find(at));
    if (set) set(*request.mutable_options());
    return Explain(request);
  }

  void ExpectInvalid(const v1::ExplainRequest& request, const std::string& reason,
                     const std::string& field, const std::string& value, const std::string& limit) {
    v1::ExplainResponse response;
    const grpc::Status status = Call(request, response);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
    EXPECT_THAT(status.error_message(),
                AllOf(HasSubstr(field), HasSubstr(value), HasSubstr(limit)));
    const Details details = DetailsOf(status);
    EXPECT_EQ(details.info.reason(), reason);
    ASSERT_EQ(details.bad_request.field_violations_size(), 1);
    EXPECT_EQ(details.bad_request.field_violations(0).field(), field);
  }

  TestServer server_;
};

TEST_F(ExplainTest, OfAFindingGivesTheFinding) {
  const v1::ExplainResponse response = Explain("see www.example.com:80/x", "ample");
  EXPECT_EQ(response.verdict(), v1::VERDICT_FINDING);
  EXPECT_EQ(response.begin(), 4u);
  EXPECT_EQ(response.end(), 19u);
  EXPECT_EQ(response.finding().value(), "www.example.com");
  EXPECT_EQ(response.finding().registrable_domain(), "example.com");
  EXPECT_EQ(response.finding().kind(), v1::KIND_DOMAIN);
  EXPECT_EQ(response.finding().begin(), 4u);
  EXPECT_EQ(response.finding().end(), 19u);
  EXPECT_EQ(response.finding().confidence(), v1::CONFIDENCE_HIGH);
  EXPECT_THAT(response.finding().reasons(),
              ::testing::ElementsAre(v1::REASON_ANCHORED, v1::REASON_EVIDENCE));
  EXPECT_FALSE(response.ruleset().version().empty());
}

TEST_F(ExplainTest, EveryVerdictComesOverTheWire) {
  const SetOptions in_urls = [](auto& options) {
    options.set_unknown_tld(v1::UNKNOWN_TLD_IN_URLS);
  };
  std::string endless;
  for (int i = 0; i < 300; ++i) endless += "abcdefghi.";
  struct Expected {
    v1::Verdict verdict;
    std::string content;
    std::string at;
    SetOptions set = nullptr;
  };
  std::set<v1::Verdict> seen;
  for (const Expected& expected : {
           Expected{v1::VERDICT_FINDING, "at example.com", "com"},
           Expected{v1::VERDICT_BELOW_MIN_CONFIDENCE, "edit setup.py", "py"},
           Expected{v1::VERDICT_OUTSIDE_HOST, "--example.com", "-"},
           Expected{v1::VERDICT_SEPARATOR, "at example.com", " "},
           Expected{v1::VERDICT_NO_DOT, "at example.com", "at"},
           Expected{v1::VERDICT_FEWER_THAN_TWO_LABELS, "-.com", "com"},
           Expected{v1::VERDICT_NO_TLD, "a.nosuchtld", "nosuch"},
           Expected{v1::VERDICT_DIGITS_AFTER_TLD, "libssl.so.1", "so"},
           Expected{v1::VERDICT_TAIL_TOO_LONG, "example.com-" + std::string(300, 'a'), "com"},
           Expected{v1::VERDICT_INVALID_REGISTRABLE_LABEL, "foo_bar.com", "foo"},
           Expected{v1::VERDICT_TOO_LONG, endless + "com", "abc"},
           Expected{v1::VERDICT_SPECIAL_USE, "nas.local", "nas"},
           Expected{v1::VERDICT_UNKNOWN_TLD_NOT_IN_URL, "a.nosuchtld", "nosuch", in_urls},
           Expected{v1::VERDICT_PUBLIC_SUFFIX, "co.uk", "uk"},
           Expected{v1::VERDICT_LOCAL_PART, "joe.com@example.com", "joe"},
           Expected{v1::VERDICT_USERINFO, "http://a.com:80@b.com/", "a.com"},
       }) {
    const v1::ExplainResponse response = Explain(expected.content, expected.at, expected.set);
    EXPECT_EQ(response.verdict(), expected.verdict) << v1::Verdict_Name(response.verdict());
    EXPECT_EQ(response.has_finding(), expected.verdict <= v1::VERDICT_OUTSIDE_HOST);
    seen.insert(response.verdict());
  }
  EXPECT_EQ(seen.size(), static_cast<size_t>(v1::Verdict_MAX));
}

TEST_F(ExplainTest, OffsetsCountWhatTheCallerCounts) {
  v1::ExplainRequest request;
  request.set_text("日😀 bücher.de x");
  struct Expected {
    v1::OffsetUnit unit;
    uint64_t begin, end, size;
  };
  for (const Expected& expected : {Expected{v1::OFFSET_UNIT_UNSPECIFIED, 8, 18, 20},
                                   Expected{v1::OFFSET_UNIT_CODE_POINTS, 3, 12, 14},
                                   Expected{v1::OFFSET_UNIT_UTF16_UNITS, 4, 13, 15}}) {
    request.mutable_options()->set_offset_unit(expected.unit);
    for (uint64_t offset = 0; offset < expected.size; ++offset) {
      request.set_offset(offset);
      const v1::ExplainResponse response = Explain(request);
      const bool inside = expected.begin <= offset && offset < expected.end;
      EXPECT_EQ(response.verdict() == v1::VERDICT_FINDING, inside) << offset;
      EXPECT_LE(response.begin(), offset);
      EXPECT_GT(response.end(), offset);
      if (!inside) continue;
      EXPECT_EQ(response.begin(), expected.begin);
      EXPECT_EQ(response.end(), expected.end);
      EXPECT_EQ(response.finding().begin(), expected.begin);
      EXPECT_EQ(response.finding().end(), expected.end);
    }
    request.set_offset(expected.size);
    ExpectInvalid(request, "OFFSET_OUT_OF_RANGE", "offset", std::to_string(expected.size),
                  std::to_string(expected.size - 1));
  }
}

TEST_F(ExplainTest, OffsetsOfUtf16AreItsBytes) {
  std::string data = "\xff\xfe";
  for (char c : std::string("see a.com")) data += {c, '\0'};
  v1::ExplainRequest request;
  request.set_data(data + "!");
  request.mutable_options()->set_encoding(v1::ENCODING_AUTO);
  for (uint64_t offset = 0; offset < request.data().size(); ++offset) {
    request.set_offset(offset);
    const v1::ExplainResponse response = Explain(request);
    const bool inside = offset >= 10 && offset < 20;
    EXPECT_EQ(response.verdict() == v1::VERDICT_FINDING, inside) << offset;
    EXPECT_LE(response.begin(), offset);
    EXPECT_GT(response.end(), offset);
    EXPECT_LE(response.end(), request.data().size());
  }
  request.set_offset(request.data().size());
  ExpectInvalid(request, "OFFSET_OUT_OF_RANGE", "offset", "21 bytes", "20 bytes");
  request.mutable_options()->set_encoding(v1::ENCODING_UTF16BE);
  request.set_offset(12);
  EXPECT_NE(Explain(request).verdict(), v1::VERDICT_FINDING);
}

TEST_F(ExplainTest, ValuesComeInUnicodeToo) {
  const SetOptions unicode = [](auto& options) { options.set_unicode_values(true); };
  EXPECT_EQ(Explain("bücher.de", "de", unicode).finding().unicode_value(), "bücher.de");
  EXPECT_EQ(Explain("bücher.de", "de").finding().value(), "xn--bcher-kva.de");
}

TEST_F(ExplainTest, WhatIsOutOfRangeIsRefused) {
  v1::ExplainRequest request;
  ExpectInvalid(request, "OFFSET_OUT_OF_RANGE", "offset", "0 bytes", "the content is empty");
  request.set_data("example.com");
  request.set_offset(11);
  ExpectInvalid(request, "OFFSET_OUT_OF_RANGE", "offset", "11 bytes", "the limit is 10 bytes");
  request.set_offset(~uint64_t{0});
  ExpectInvalid(request, "OFFSET_OUT_OF_RANGE", "offset", "18446744073709551615", "10");
  request.set_offset(0);
  request.mutable_options()->set_min_confidence(static_cast<v1::Confidence>(9));
  ExpectInvalid(request, "UNKNOWN_VALUE", "options.min_confidence", "9", "");
  request.clear_options();
  request.set_text("x");
  request.mutable_options()->set_encoding(v1::ENCODING_UTF16LE);
  ExpectInvalid(request, "ENCODING_OF_TEXT", "options.encoding", "text", "");
}

TEST_F(ExplainTest, TextThatIsNoUtf8IsRefused) {
  const grpc::Status status =
      CallRaw(server_.channel(), "/trawl.v1.ContentService/Explain", "\x12\x02\xff\xfe");
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).info.reason(), "TEXT_NOT_UTF8");
}

TEST(ExplainLimitsTest, ContentOverTheLimitIsRefused) {
  service::Options options = TestServer::DefaultOptions();
  options.max_content_bytes = 100;
  TestServer server(nullptr, options);
  v1::ExplainRequest request;
  request.set_data(std::string(101, 'x'));
  v1::ExplainResponse response;
  grpc::ClientContext context;
  const grpc::Status status = server.stub().Explain(&context, request, &response);
  EXPECT_EQ(DetailsOf(status).info.reason(), "CONTENT_TOO_LARGE");
}

TEST(ExplainLogTest, ACallIsALineWithItsFigures) {
  TestServer server;
  v1::ExplainRequest request;
  request.set_data("see example.com");
  request.set_offset(5);
  v1::ExplainResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(server.stub().Explain(&context, request, &response).ok());
  const std::vector<std::string> log = server.StopAndTakeLog();
  EXPECT_THAT(log,
              ::testing::Contains(AllOf(HasSubstr("Explain"), HasSubstr("\"documents\":1"),
                                        HasSubstr("\"bytes\":15"), HasSubstr("\"findings\":1"))));
}

}  // namespace
}  // namespace trawl::testing
