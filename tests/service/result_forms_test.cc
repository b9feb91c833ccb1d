// What a call is answered with.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "compute/kernel.h"
#include "google/protobuf/util/time_util.h"
#include "tests/support/fake_detectors.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

constexpr char kContent[] = "#a #b #a #c #b #a";

class ResultFormsTest : public ::testing::Test {
 protected:
  v1::ProcessContentResponse Process(v1::ResultForm form, uint32_t max_findings = 0) {
    v1::ProcessContentRequest request;
    request.set_text(kContent);
    request.mutable_options()->set_result_form(form);
    request.mutable_options()->set_max_findings(max_findings);
    request.mutable_options()->set_chunk_count(3);
    v1::ProcessContentResponse response;
    grpc::ClientContext context;
    grpc::Status status = server_.stub().ProcessContent(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  TestServer server_{std::make_unique<HashDetector>()};
};

TEST_F(ResultFormsTest, FindingsAreEveryOccurrenceInOrder) {
  v1::ProcessContentResponse response = Process(v1::RESULT_FORM_FINDINGS);
  ASSERT_EQ(response.findings_size(), 6);
  std::string values;
  for (int i = 0; i < 6; ++i) {
    const v1::Finding& finding = response.findings(i);
    values += finding.value();
    EXPECT_EQ(finding.begin(), 3u * i);
    EXPECT_EQ(finding.end(), 3u * i + 2);
    EXPECT_EQ(finding.kind(), v1::KIND_DOMAIN);
    EXPECT_EQ(finding.confidence(), v1::CONFIDENCE_HIGH);
  }
  EXPECT_EQ(values, "abacba");
  EXPECT_EQ(response.total_count(), 6u);
  EXPECT_TRUE(response.complete());
  EXPECT_EQ(response.scanned_until(), sizeof kContent - 1);
  EXPECT_EQ(response.stats().chunks(), 3u);
  EXPECT_EQ(response.stats().bytes(), sizeof kContent - 1);
  EXPECT_EQ(response.stats().kernel(), compute::Kernel::Best().name);
  EXPECT_GT(google::protobuf::util::TimeUtil::DurationToNanoseconds(response.stats().queue_time()),
            0);
  EXPECT_FALSE(response.ruleset().version().empty());
  EXPECT_EQ(Process(v1::RESULT_FORM_UNSPECIFIED).findings_size(), 6) << "the default form";
}

TEST_F(ResultFormsTest, DistinctIsEveryValueOnce) {
  v1::ProcessContentResponse response = Process(v1::RESULT_FORM_DISTINCT);
  ASSERT_EQ(response.distinct_size(), 3);
  EXPECT_EQ(response.distinct(0).value(), "a");
  EXPECT_EQ(response.distinct(0).count(), 3u);
  EXPECT_EQ(response.distinct(0).first_begin(), 0u);
  EXPECT_EQ(response.distinct(1).value(), "b");
  EXPECT_EQ(response.distinct(1).count(), 2u);
  EXPECT_EQ(response.distinct(1).first_begin(), 3u);
  EXPECT_EQ(response.distinct(2).highest_confidence(), v1::CONFIDENCE_HIGH);
  EXPECT_EQ(response.total_count(), 6u);
  EXPECT_EQ(response.findings_size(), 0);
}

TEST_F(ResultFormsTest, SpansAreColumnsThatRebuildTheFindings) {
  v1::ProcessContentResponse findings = Process(v1::RESULT_FORM_FINDINGS);
  v1::ProcessContentResponse response = Process(v1::RESULT_FORM_SPANS);
  const v1::SpanColumns& spans = response.spans();
  ASSERT_EQ(spans.begin_deltas_size(), 6);
  ASSERT_EQ(spans.lengths_size(), 6);
  ASSERT_EQ(spans.kinds_size(), 6);
  ASSERT_EQ(spans.confidences_size(), 6);
  uint64_t begin = 0;
  for (int i = 0; i < 6; ++i) {
    begin += spans.begin_deltas(i);
    EXPECT_EQ(begin, findings.findings(i).begin());
    EXPECT_EQ(begin + spans.lengths(i), findings.findings(i).end());
    EXPECT_EQ(spans.kinds(i), v1::KIND_DOMAIN);
    EXPECT_EQ(spans.confidences(i), v1::CONFIDENCE_HIGH);
  }
}

TEST_F(ResultFormsTest, CountsArePerKindAndConfidence) {
  v1::ProcessContentResponse response = Process(v1::RESULT_FORM_COUNTS);
  ASSERT_EQ(response.counts_size(), 1);
  EXPECT_EQ(response.counts(0).kind(), v1::KIND_DOMAIN);
  EXPECT_EQ(response.counts(0).count(), 6u);
  EXPECT_EQ(response.counts(0).high(), 6u);
  EXPECT_EQ(response.counts(0).medium(), 0u);
  EXPECT_EQ(response.counts(0).low(), 0u);
}

TEST_F(ResultFormsTest, MaxFindingsKeepsAPrefixAndSaysHowFarItReaches) {
  for (v1::ResultForm form : {v1::RESULT_FORM_FINDINGS, v1::RESULT_FORM_SPANS}) {
    v1::ProcessContentResponse response = Process(form, 2);
    EXPECT_EQ(response.findings_size() + response.spans().lengths_size(), 2);
    EXPECT_FALSE(response.complete());
    EXPECT_EQ(response.scanned_until(), 6u) << "where the third begins";
    EXPECT_EQ(response.total_count(), 6u);
  }
  v1::ProcessContentResponse distinct = Process(v1::RESULT_FORM_DISTINCT, 2);
  EXPECT_EQ(distinct.distinct_size(), 2);
  EXPECT_FALSE(distinct.complete());
  EXPECT_EQ(distinct.scanned_until(), 9u) << "where the third value first occurs";
  EXPECT_TRUE(Process(v1::RESULT_FORM_FINDINGS, 6).complete());
  EXPECT_TRUE(Process(v1::RESULT_FORM_COUNTS, 1).complete());
}

TEST(ChunkErrorsTest, AFailingChunkIsReportedWithItsRangeAndTheRestStands) {
  TestServer server(std::make_unique<CallbackDetector>([](std::string_view, compute::Chunk chunk) {
    if (chunk.begin == 4) throw std::runtime_error("secret");
  }));
  v1::ProcessContentRequest request;
  request.set_data("0123456789ab");
  request.mutable_options()->set_chunk_count(3);
  v1::ProcessContentResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(server.stub().ProcessContent(&context, request, &response).ok());
  EXPECT_FALSE(response.complete());
  EXPECT_EQ(response.scanned_until(), 4u);
  ASSERT_EQ(response.chunk_errors_size(), 1);
  const v1::ChunkError& error = response.chunk_errors(0);
  EXPECT_EQ(error.begin(), 4u);
  EXPECT_EQ(error.end(), 8u);
  EXPECT_EQ(error.status().code(), grpc::INTERNAL);
  EXPECT_EQ(error.status().message().find("secret"), std::string::npos);
  google::rpc::ErrorInfo info;
  ASSERT_EQ(error.status().details_size(), 1);
  EXPECT_TRUE(error.status().details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "trawl.v1");
}

TEST(BatchTest, GivesOneResultForEachDocumentInOrder) {
  TestServer server(std::make_unique<HashDetector>());
  v1::ProcessContentBatchRequest request;
  for (int i = 0; i < 100; ++i) {
    std::string text;
    for (int n = 0; n < i % 5; ++n) text += "#a ";
    if (i % 2 == 0) {
      request.add_documents()->set_text(text);
    } else {
      request.add_documents()->set_data(text);
    }
  }
  v1::ProcessContentBatchResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(server.stub().ProcessContentBatch(&context, request, &response).ok());
  ASSERT_EQ(response.results_size(), 100);
  EXPECT_FALSE(response.ruleset().version().empty());
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(response.results(i).response().findings_size(), i % 5);
    EXPECT_FALSE(response.results(i).response().has_ruleset());
  }
}

TEST(BatchTest, OfNothingGivesNothing) {
  TestServer server(std::make_unique<HashDetector>());
  v1::ProcessContentBatchResponse response;
  grpc::ClientContext context;
  EXPECT_TRUE(server.stub().ProcessContentBatch(&context, {}, &response).ok());
  EXPECT_EQ(response.results_size(), 0);
}

TEST(BatchTest, ADocumentThatIsWrongIsThatDocumentsError) {
  TestServer server(std::make_unique<HashDetector>());
  v1::ProcessContentBatchRequest good;
  good.add_documents()->set_data("#a");
  const std::string document = good.SerializeAsString();
  const std::string not_utf8("\x0a\x04\x12\x02\xff\xfe", 6);
  const std::string malformed("\x0a\x02\xff\xff", 4);
  std::string reply;
  ASSERT_TRUE(CallRaw(server.channel(), "/trawl.v1.ContentService/ProcessContentBatch",
                      document + not_utf8 + document + malformed + document, &reply)
                  .ok());
  v1::ProcessContentBatchResponse response;
  ASSERT_TRUE(response.ParseFromString(reply));
  ASSERT_EQ(response.results_size(), 5);
  for (int i : {0, 2, 4}) EXPECT_EQ(response.results(i).response().findings_size(), 1);
  for (int i : {1, 3}) EXPECT_EQ(response.results(i).error().code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(response.results(1).error().message(), ::testing::HasSubstr("documents[1].text"));
}

// The options that reach the detector, with this build's own.
TEST(DetectorOptionsTest, EachChangesWhatIsFound) {
  TestServer server;
  const auto values = [&](const std::function<void(v1::ProcessOptions&)>& set) {
    v1::ProcessContentRequest request;
    request.set_text(
        "example.com setup.py evil[.]example[.]com nas.local http://nosuchtld/ a dot com");
    set(*request.mutable_options());
    v1::ProcessContentResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(server.stub().ProcessContent(&context, request, &response).ok());
    std::string all;
    for (const v1::Finding& finding : response.findings()) all += finding.value() + " ";
    return all;
  };
  EXPECT_EQ(values([](auto&) {}), "example.com evil.example.com ");
  EXPECT_EQ(values([](auto& options) { options.set_min_confidence(v1::CONFIDENCE_LOW); }),
            "example.com setup.py evil.example.com ");
  EXPECT_EQ(values([](auto& options) { options.set_defang(v1::DEFANG_MODE_OFF); }), "example.com ");
  EXPECT_EQ(values([](auto& options) {
              options.set_defang(v1::DEFANG_MODE_AGGRESSIVE);
              options.set_min_confidence(v1::CONFIDENCE_LOW);
            }),
            "example.com setup.py evil.example.com a.com ");
  EXPECT_EQ(values([](auto& options) { options.set_special_use(true); }),
            "example.com evil.example.com nas.local ");
  EXPECT_EQ(values([](auto& options) { options.set_unknown_tld(v1::UNKNOWN_TLD_IN_URLS); }),
            "example.com evil.example.com ")
      << "a host of one label stays none";
}

class OffsetsTest : public ::testing::Test {
 protected:
  v1::ProcessContentResponse Process(const v1::ProcessContentRequest& request) {
    v1::ProcessContentResponse response;
    grpc::ClientContext context;
    grpc::Status status = server_.stub().ProcessContent(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  TestServer server_;
};

TEST_F(OffsetsTest, CountWhatTheCallerCounts) {
  v1::ProcessContentRequest request;
  request.set_text("日😀 bücher.de x");
  struct Expected {
    v1::OffsetUnit unit;
    uint64_t begin, end, size;
  };
  for (const Expected& expected : {Expected{v1::OFFSET_UNIT_UNSPECIFIED, 8, 18, 20},
                                   Expected{v1::OFFSET_UNIT_BYTES, 8, 18, 20},
                                   Expected{v1::OFFSET_UNIT_CODE_POINTS, 3, 12, 14},
                                   Expected{v1::OFFSET_UNIT_UTF16_UNITS, 4, 13, 15}}) {
    request.mutable_options()->set_offset_unit(expected.unit);
    request.mutable_options()->set_result_form(v1::RESULT_FORM_FINDINGS);
    v1::ProcessContentResponse response = Process(request);
    ASSERT_EQ(response.findings_size(), 1);
    EXPECT_EQ(response.findings(0).begin(), expected.begin);
    EXPECT_EQ(response.findings(0).end(), expected.end);
    EXPECT_EQ(response.scanned_until(), expected.size);
    EXPECT_EQ(response.stats().bytes(), 20u);
    request.mutable_options()->set_result_form(v1::RESULT_FORM_SPANS);
    response = Process(request);
    EXPECT_EQ(response.spans().begin_deltas(0), expected.begin);
    EXPECT_EQ(response.spans().lengths(0), expected.end - expected.begin);
    request.mutable_options()->set_result_form(v1::RESULT_FORM_DISTINCT);
    EXPECT_EQ(Process(request).distinct(0).first_begin(), expected.begin);
  }
}

TEST_F(OffsetsTest, OfUtf16AreItsBytes) {
  std::string data;
  for (char c : std::string("example.com")) data += {c, '\0'};
  v1::ProcessContentRequest request;
  request.set_data(data);
  EXPECT_EQ(Process(request).findings_size(), 0) << "read as UTF-8";
  request.mutable_options()->set_encoding(v1::ENCODING_UTF16LE);
  v1::ProcessContentResponse response = Process(request);
  ASSERT_EQ(response.findings_size(), 1);
  EXPECT_EQ(response.findings(0).value(), "example.com");
  EXPECT_EQ(response.findings(0).begin(), 0u);
  EXPECT_EQ(response.findings(0).end(), 22u);
  EXPECT_EQ(response.scanned_until(), 22u);
  EXPECT_EQ(response.stats().bytes(), 22u);

  request.set_data("\xff\xfe" + data + "!");
  request.mutable_options()->set_encoding(v1::ENCODING_AUTO);
  response = Process(request);
  ASSERT_EQ(response.findings_size(), 1);
  EXPECT_EQ(response.findings(0).begin(), 2u);
  EXPECT_EQ(response.findings(0).end(), 24u);
  EXPECT_TRUE(response.complete());
  EXPECT_EQ(response.scanned_until(), 25u);
  request.set_data("plain example.org");
  EXPECT_EQ(Process(request).findings(0).value(), "example.org");
}

TEST_F(OffsetsTest, TextIsNeverUtf16) {
  v1::ProcessContentRequest request;
  request.set_text("x");
  request.mutable_options()->set_encoding(v1::ENCODING_UTF16BE);
  v1::ProcessContentResponse response;
  grpc::ClientContext context;
  grpc::Status status = server_.stub().ProcessContent(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).info.reason(), "ENCODING_OF_TEXT");
}

TEST_F(OffsetsTest, ValuesComeInUnicodeToo) {
  v1::ProcessContentRequest request;
  request.set_text("www.bücher.de example.com");
  EXPECT_EQ(Process(request).findings(0).unicode_value(), "");
  request.mutable_options()->set_unicode_values(true);
  v1::ProcessContentResponse response = Process(request);
  ASSERT_EQ(response.findings_size(), 2);
  EXPECT_EQ(response.findings(0).value(), "www.xn--bcher-kva.de");
  EXPECT_EQ(response.findings(0).unicode_value(), "www.bücher.de");
  EXPECT_EQ(response.findings(1).unicode_value(), "");
}

TEST(InlineTest, WhatThePollerWorksOnIsAnsweredAlike) {
  service::Options options = TestServer::DefaultOptions();
  TestServer by_workers(nullptr, options);
  options.inline_bytes = options.max_content_bytes;
  TestServer by_poller(nullptr, options);
  v1::ProcessContentRequest request;
  while (request.data().size() < (3 << 20)) {
    request.mutable_data()->append(
        "see www.example.com and \xe2\x80\x8b me@b\xc3\xbc\x63her.de, not a.b\n");
  }
  for (int form = v1::RESULT_FORM_FINDINGS; form <= v1::RESULT_FORM_COUNTS; ++form) {
    request.mutable_options()->set_result_form(static_cast<v1::ResultForm>(form));
    std::string answers[2];
    for (TestServer* server : {&by_workers, &by_poller}) {
      v1::ProcessContentResponse response;
      grpc::ClientContext context;
      ASSERT_TRUE(server->stub().ProcessContent(&context, request, &response).ok());
      EXPECT_GE(response.stats().chunks(), 12u);
      EXPECT_GT(response.total_count(), 1000u);
      response.mutable_stats()->clear_queue_time();
      response.mutable_stats()->clear_compute_time();
      answers[server == &by_poller] = response.SerializeAsString();
    }
    EXPECT_EQ(answers[0], answers[1]) << "form " << form;
  }
}

TEST(CapabilitiesTest, TellTheLimitsThatHold) {
  service::Options options = TestServer::DefaultOptions();
  options.max_content_bytes = 12'345;
  options.max_calls_in_flight = 77;
  options.max_findings = 99;
  options.max_wait_ms = 4321;
  TestServer server(nullptr, options);
  v1::GetCapabilitiesResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(server.stub().GetCapabilities(&context, {}, &response).ok());
  EXPECT_EQ(response.max_content_bytes(), 12'345u);
  EXPECT_EQ(response.max_calls_in_flight(), 77u);
  EXPECT_EQ(response.max_findings(), 99u);
  EXPECT_EQ(response.max_wait_ms(), 4321u);
  EXPECT_EQ(response.workers(), 2u);
  EXPECT_FALSE(response.has_url_fetching());
  ASSERT_EQ(response.kinds_size(), compute::kMaxKind);
  ASSERT_EQ(response.reaches_size(), compute::kMaxKind);
  for (int i = 0; i < response.kinds_size(); ++i) {
    EXPECT_EQ(response.kinds(i), i + 1);
    EXPECT_EQ(response.reaches(i).kind(), i + 1);
    EXPECT_LE(response.reaches(i).longest(), response.reaches(i).right());
  }
  EXPECT_EQ(response.reaches(v1::KIND_URL - 1).longest(), 8192u);
  EXPECT_EQ(response.result_forms_size(), 4);
  EXPECT_EQ(response.defaults().min_confidence(), v1::CONFIDENCE_MEDIUM);
  EXPECT_EQ(response.defaults().result_form(), v1::RESULT_FORM_FINDINGS);
  EXPECT_EQ(response.context_bytes(), 1024u);
  EXPECT_EQ(response.kernel(), compute::Kernel::Best().name);
  EXPECT_FALSE(response.version().empty());
  EXPECT_FALSE(response.ruleset().version().empty());
}

}  // namespace
}  // namespace trawl::testing
