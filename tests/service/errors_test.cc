// What each mistake of a caller is answered with.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "tests/support/fake_detectors.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kProcessContent[] = "/trawl.v1.ContentService/ProcessContent";

grpc::Status Process(TestServer& server, const v1::ProcessContentRequest& request,
                     v1::ProcessContentResponse* response = nullptr) {
  grpc::ClientContext context;
  v1::ProcessContentResponse ignored;
  return server.stub().ProcessContent(&context, request, response != nullptr ? response : &ignored);
}

void ExpectInvalid(const grpc::Status& status, const std::string& reason, const std::string& field,
                   const std::string& value, const std::string& limit) {
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
  EXPECT_THAT(status.error_message(), AllOf(HasSubstr(field), HasSubstr(value), HasSubstr(limit)));
  Details details = DetailsOf(status);
  EXPECT_EQ(details.info.reason(), reason);
  EXPECT_EQ(details.info.domain(), "trawl.v1");
  ASSERT_EQ(details.bad_request.field_violations_size(), 1);
  EXPECT_EQ(details.bad_request.field_violations(0).field(), field);
  EXPECT_THAT(details.bad_request.field_violations(0).description(),
              AllOf(HasSubstr(value), HasSubstr(limit)));
}

class ErrorsTest : public ::testing::Test {
 protected:
  static service::Options SmallLimits() {
    service::Options options = TestServer::DefaultOptions();
    options.max_content_bytes = 1000;
    options.max_batch_documents = 3;
    options.max_findings = 50;
    return options;
  }

  grpc::Status WithOptions(const std::function<void(v1::ProcessOptions&)>& set) {
    v1::ProcessContentRequest request;
    request.set_data("x");
    set(*request.mutable_options());
    return Process(server_, request);
  }

  TestServer server_{std::make_unique<HashDetector>(), SmallLimits()};
};

TEST_F(ErrorsTest, ContentOverTheLimitNamesFieldSizeAndLimit) {
  v1::ProcessContentRequest request;
  request.set_data(std::string(1001, 'x'));
  ExpectInvalid(Process(server_, request), "CONTENT_TOO_LARGE", "data", "1001", "1000");
  request.set_text(std::string(1500, 'x'));
  ExpectInvalid(Process(server_, request), "CONTENT_TOO_LARGE", "text", "1500", "1000");
  request.set_data(std::string(1000, 'x'));
  EXPECT_TRUE(Process(server_, request).ok());
}

TEST_F(ErrorsTest, AMessageFarOverTheLimitIsRefusedByTheTransport) {
  v1::ProcessContentRequest request;
  request.set_data(std::string(200'000, 'x'));
  EXPECT_EQ(Process(server_, request).error_code(), grpc::RESOURCE_EXHAUSTED);
}

TEST_F(ErrorsTest, OptionsOutOfRangeNameFieldValueAndLimit) {
  ExpectInvalid(WithOptions([](auto& options) { options.set_chunk_count(4097); }),
                "CHUNK_COUNT_TOO_LARGE", "options.chunk_count", "4097", "4096");
  ExpectInvalid(WithOptions([](auto& options) { options.set_max_findings(51); }),
                "MAX_FINDINGS_TOO_LARGE", "options.max_findings", "51", "50");
  ExpectInvalid(WithOptions([](auto& options) {
                  options.set_min_confidence(static_cast<v1::Confidence>(9));
                }),
                "UNKNOWN_VALUE", "options.min_confidence", "9", "");
  ExpectInvalid(
      WithOptions([](auto& options) { options.set_result_form(static_cast<v1::ResultForm>(77)); }),
      "UNKNOWN_VALUE", "options.result_form", "77", "");
  ExpectInvalid(
      WithOptions([](auto& options) { options.set_defang(static_cast<v1::DefangMode>(8)); }),
      "UNKNOWN_VALUE", "options.defang", "8", "");
  ExpectInvalid(
      WithOptions([](auto& options) { options.set_unknown_tld(static_cast<v1::UnknownTld>(5)); }),
      "UNKNOWN_VALUE", "options.unknown_tld", "5", "");
  ExpectInvalid(
      WithOptions([](auto& options) { options.set_offset_unit(static_cast<v1::OffsetUnit>(4)); }),
      "UNKNOWN_VALUE", "options.offset_unit", "4", "");
  ExpectInvalid(
      WithOptions([](auto& options) { options.set_encoding(static_cast<v1::Encoding>(5)); }),
      "UNKNOWN_VALUE", "options.encoding", "5", "");
  ExpectInvalid(WithOptions([](auto& options) {
                  options.add_kinds(v1::KIND_DOMAIN);
                  options.add_kinds(static_cast<v1::Kind>(99));
                }),
                "UNKNOWN_VALUE", "options.kinds[1]", "99", "");
  ExpectInvalid(
      WithOptions([](auto& options) { options.set_nesting(static_cast<v1::Nesting>(4)); }),
      "UNKNOWN_VALUE", "options.nesting", "4", "");
  ExpectInvalid(WithOptions([](auto& options) { options.add_kinds(v1::KIND_UNSPECIFIED); }),
                "UNKNOWN_VALUE", "options.kinds[0]", "0", "");
  ExpectInvalid(WithOptions([](auto& options) {
                  for (int i = 0; i < 17; ++i) options.add_kinds(v1::KIND_DOMAIN);
                }),
                "TOO_MANY_KINDS", "options.kinds", "17", "16");
}

TEST_F(ErrorsTest, OptionsAtTheirLimitsAreTaken) {
  EXPECT_TRUE(WithOptions([](auto& options) {
                options.set_chunk_count(4096);
                options.set_max_findings(50);
                for (int i = 0; i < 16; ++i) options.add_kinds(v1::KIND_DOMAIN);
              }).ok());
}

TEST_F(ErrorsTest, BytesThatAreNoMessageAreMalformed) {
  for (const char* method :
       {"ProcessContent", "ProcessContentBatch", "Explain", "Ping", "GetCapabilities"}) {
    for (const std::string& bytes : {std::string("\xff\xff\xff\xff"), std::string("\x0a\x7f short"),
                                     std::string("\x08"), std::string(1, '\0')}) {
      grpc::Status status =
          CallRaw(server_.channel(), std::string("/trawl.v1.ContentService/") + method, bytes);
      EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << method;
      Details details = DetailsOf(status);
      EXPECT_EQ(details.info.reason(), "MALFORMED_REQUEST") << method;
      EXPECT_THAT(details.info.metadata().at("type"), HasSubstr(method));
    }
  }
}

TEST_F(ErrorsTest, WithoutItsFlagAServerFetchesNoUrl) {
  v1::ProcessUrlRequest request;
  request.set_url("http://127.0.0.1/");
  grpc::ClientContext context;
  v1::ProcessUrlResponse response;
  const grpc::Status status = server_.stub().ProcessUrl(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_EQ(DetailsOf(status).info.reason(), "URL_FETCH_DISABLED");
}

TEST_F(ErrorsTest, ATruncatedMessageIsMalformed) {
  v1::ProcessContentRequest request;
  request.set_data("some #content");
  request.mutable_options()->set_chunk_count(3);
  std::string bytes = request.SerializeAsString();
  int malformed = 0;
  for (size_t size = 0; size < bytes.size(); ++size) {
    grpc::Status status = CallRaw(server_.channel(), kProcessContent, bytes.substr(0, size));
    if (!status.ok()) {
      ++malformed;
      EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
      EXPECT_EQ(DetailsOf(status).info.reason(), "MALFORMED_REQUEST");
    }
  }
  EXPECT_EQ(malformed, static_cast<int>(bytes.size()) - 2)
      << "only nothing and the whole content field are messages";
}

TEST_F(ErrorsTest, TextThatIsNoUtf8NamesItsField) {
  std::string bytes("\x12\x05ok \xff!", 7);
  grpc::Status status = CallRaw(server_.channel(), kProcessContent, bytes);
  ExpectInvalid(status, "TEXT_NOT_UTF8", "text", "UTF-8", "data");
  EXPECT_THAT(status.error_message(), ::testing::Not(HasSubstr("ok"))) << "holds no content";
}

TEST_F(ErrorsTest, UnknownFieldsAreIgnored) {
  v1::ProcessContentRequest request;
  request.set_data("#a");
  std::string reply;
  EXPECT_TRUE(CallRaw(server_.channel(), kProcessContent,
                      request.SerializeAsString() + std::string("\xfa\x7f\x03new", 6), &reply)
                  .ok());
  v1::ProcessContentResponse response;
  ASSERT_TRUE(response.ParseFromString(reply));
  EXPECT_EQ(response.total_count(), 1u);
}

TEST_F(ErrorsTest, AnyBytesAreContent) {
  for (const std::string& content :
       {std::string(), std::string("x"), std::string(1000, '\0'), std::string("#\xff\xfe#\xc3")}) {
    v1::ProcessContentRequest request;
    request.set_data(content);
    v1::ProcessContentResponse response;
    EXPECT_TRUE(Process(server_, request, &response).ok());
    EXPECT_TRUE(response.complete());
    EXPECT_EQ(response.scanned_until(), content.size());
    EXPECT_EQ(response.stats().bytes(), content.size());
  }
}

TEST_F(ErrorsTest, ARequestWithoutContentIsAnEmptyDocument) {
  v1::ProcessContentResponse response;
  EXPECT_TRUE(Process(server_, {}, &response).ok());
  EXPECT_TRUE(response.complete());
  EXPECT_EQ(response.stats().chunks(), 0u);
}

TEST_F(ErrorsTest, ABatchOverItsLimitsIsRefused) {
  v1::ProcessContentBatchRequest request;
  v1::ProcessContentBatchResponse response;
  for (int i = 0; i < 4; ++i) request.add_documents();
  {
    grpc::ClientContext context;
    ExpectInvalid(server_.stub().ProcessContentBatch(&context, request, &response),
                  "TOO_MANY_DOCUMENTS", "documents", "4", "3");
  }
  request.mutable_documents()->RemoveLast();
  request.mutable_documents(0)->set_data(std::string(600, 'x'));
  request.mutable_documents(2)->set_text(std::string(600, 'x'));
  {
    grpc::ClientContext context;
    ExpectInvalid(server_.stub().ProcessContentBatch(&context, request, &response),
                  "CONTENT_TOO_LARGE", "documents", "1200", "1000");
  }
}

TEST_F(ErrorsTest, APingPayloadOverTheLimitIsRefused) {
  v1::PingRequest request;
  request.set_payload(std::string(1025, 'x'));
  v1::PingResponse response;
  grpc::ClientContext context;
  ExpectInvalid(server_.stub().Ping(&context, request, &response), "PAYLOAD_TOO_LARGE", "payload",
                "1025", "1024");
}

TEST_F(ErrorsTest, AnUnknownMethodIsUnimplemented) {
  EXPECT_EQ(CallRaw(server_.channel(), "/trawl.v1.ContentService/Nothing", "").error_code(),
            grpc::UNIMPLEMENTED);
}

TEST_F(ErrorsTest, ACompressedRequestIsUnimplemented) {
  v1::ProcessContentRequest request;
  request.set_data(std::string(900, 'x'));
  v1::ProcessContentResponse response;
  for (grpc_compression_algorithm algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    EXPECT_EQ(server_.stub().ProcessContent(&context, request, &response).error_code(),
              grpc::UNIMPLEMENTED);
  }
}

}  // namespace
}  // namespace trawl::testing
