// What a call is answered with.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "google/protobuf/util/message_differencer.h"
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
  EXPECT_EQ(response.stats().kernel(), "scalar");
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

TEST(CapabilitiesTest, TellTheLimitsThatHold) {
  service::Options options = TestServer::DefaultOptions();
  options.max_content_bytes = 12'345;
  options.max_calls_in_flight = 77;
  options.max_findings = 99;
  TestServer server(nullptr, options);
  v1::GetCapabilitiesResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(server.stub().GetCapabilities(&context, {}, &response).ok());
  EXPECT_EQ(response.max_content_bytes(), 12'345u);
  EXPECT_EQ(response.max_calls_in_flight(), 77u);
  EXPECT_EQ(response.max_findings(), 99u);
  EXPECT_EQ(response.workers(), 2u);
  EXPECT_THAT(response.kinds(), ::testing::ElementsAre(v1::KIND_DOMAIN));
  EXPECT_EQ(response.result_forms_size(), 4);
  EXPECT_EQ(response.defaults().min_confidence(), v1::CONFIDENCE_MEDIUM);
  EXPECT_EQ(response.defaults().result_form(), v1::RESULT_FORM_FINDINGS);
  EXPECT_EQ(response.context_bytes(), 1024u);
  EXPECT_EQ(response.kernel(), "scalar");
  EXPECT_FALSE(response.version().empty());
  EXPECT_FALSE(response.ruleset().version().empty());
}

}  // namespace
}  // namespace trawl::testing
