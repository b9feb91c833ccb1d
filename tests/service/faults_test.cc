// Faults while a chunk is worked on, injected where a chunk calls what may fail, the detector: that
// chunk's error, with its range, and all else is answered.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fake_detectors.h"
#include "tests/support/stream_caller.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

constexpr size_t kChunk = 256 << 10;

// Finds what HashDetector does. Has no memory for a chunk with `!`, and fails on one with `?`.
class FailingDetector final : public compute::Detector {
 public:
  compute::Kind kind() const override { return compute::Kind::kDomain; }
  void Scan(std::string_view document, compute::Chunk chunk, const compute::ScanOptions& options,
            compute::FindingList& findings) const override {
    hashes_.Scan(document, chunk, options, findings);
    const std::string_view text = document.substr(chunk.begin, chunk.end - chunk.begin);
    if (text.find('!') != std::string_view::npos) throw std::bad_alloc();
    if (text.find('?') != std::string_view::npos) throw std::runtime_error("secret content");
  }

 private:
  HashDetector hashes_;
};

// Four chunks, each with a finding; the second and the third fail.
std::string Document() {
  std::string document(4 * kChunk, ' ');
  for (size_t chunk = 0; chunk < 4; ++chunk) {
    document[chunk * kChunk + 5000] = '#';
    document[chunk * kChunk + 5001] = static_cast<char>('a' + chunk);
  }
  document[1 * kChunk + 6000] = '!';
  document[2 * kChunk + 6000] = '?';
  return document;
}

void ExpectTheOthers(const v1::ProcessContentResponse& answer) {
  ASSERT_EQ(answer.findings_size(), 2);
  EXPECT_EQ(answer.findings(0).value(), "a");
  EXPECT_EQ(answer.findings(1).value(), "d");
  EXPECT_EQ(answer.findings(1).begin(), 3 * kChunk + 5000);
  EXPECT_EQ(answer.total_count(), 2u);
  EXPECT_FALSE(answer.complete());
  EXPECT_EQ(answer.scanned_until(), kChunk);
  ASSERT_EQ(answer.chunk_errors_size(), 2);
  EXPECT_EQ(answer.chunk_errors(0).begin(), kChunk);
  EXPECT_EQ(answer.chunk_errors(0).end(), 2 * kChunk);
  EXPECT_EQ(answer.chunk_errors(0).status().code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_THAT(answer.chunk_errors(0).status().message(), ::testing::HasSubstr("memory"));
  EXPECT_EQ(answer.chunk_errors(1).begin(), 2 * kChunk);
  EXPECT_EQ(answer.chunk_errors(1).status().code(), grpc::INTERNAL);
  EXPECT_THAT(answer.chunk_errors(1).status().message(),
              ::testing::Not(::testing::HasSubstr("secret")));
}

class FaultsTest : public ::testing::TestWithParam<uint64_t> {
 protected:
  static service::Options InlineBytes() {
    service::Options options = TestServer::DefaultOptions();
    options.inline_bytes = GetParam();
    return options;
  }

  TestServer server_{std::make_unique<FailingDetector>(), InlineBytes()};
};

TEST_P(FaultsTest, OfAChunkAreItsErrorAndTheRestOfTheAnswerStands) {
  for (const auto unit : {v1::OFFSET_UNIT_BYTES, v1::OFFSET_UNIT_CODE_POINTS}) {
    v1::ProcessContentRequest request;
    request.set_data(Document());
    request.mutable_options()->set_offset_unit(unit);
    v1::ProcessContentResponse response;
    grpc::ClientContext context;
    const grpc::Status status = server_.stub().ProcessContent(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ExpectTheOthers(response);
  }
}

TEST_P(FaultsTest, OfADocumentAreItsErrorAndTheRestOfTheBatchStands) {
  v1::ProcessContentBatchRequest request;
  for (const char* text : {"#a", "#b!", "#c?", "#d"}) request.add_documents()->set_text(text);
  v1::ProcessContentBatchResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(server_.stub().ProcessContentBatch(&context, request, &response).ok());
  ASSERT_EQ(response.results_size(), 4);
  for (int i : {0, 3}) {
    EXPECT_TRUE(response.results(i).response().complete());
    EXPECT_EQ(response.results(i).response().findings_size(), 1);
  }
  for (int i : {1, 2}) {
    const v1::ProcessContentResponse& failed = response.results(i).response();
    EXPECT_FALSE(failed.complete());
    EXPECT_EQ(failed.findings_size(), 0);
    ASSERT_EQ(failed.chunk_errors_size(), 1);
    EXPECT_EQ(failed.chunk_errors(0).status().code(),
              i == 1 ? grpc::RESOURCE_EXHAUSTED : grpc::INTERNAL);
  }
}

TEST_P(FaultsTest, OfAStreamsChunkAreItsErrorAndTheStreamGoesOn) {
  const std::string document = Document();
  std::vector<std::string> parts;
  for (size_t at = 0; at < document.size(); at += 10'000) {
    parts.push_back(document.substr(at, 10'000));
  }
  StreamMessages messages;
  ASSERT_TRUE(Stream(server_.stub(), {}, parts, messages).ok());
  const v1::ProcessContentResponse answer = Merged(messages);
  ASSERT_GE(answer.findings_size(), 2);
  EXPECT_EQ(answer.findings(0).value(), "a");
  EXPECT_EQ(answer.findings(answer.findings_size() - 1).value(), "d");
  EXPECT_FALSE(answer.complete());
  ASSERT_EQ(answer.chunk_errors_size(), 2);
  const std::pair<size_t, int> expected[] = {{kChunk + 6000, grpc::RESOURCE_EXHAUSTED},
                                             {2 * kChunk + 6000, grpc::INTERNAL}};
  for (int i = 0; i < 2; ++i) {
    EXPECT_LE(answer.chunk_errors(i).begin(), expected[i].first);
    EXPECT_GT(answer.chunk_errors(i).end(), expected[i].first);
    EXPECT_EQ(answer.chunk_errors(i).status().code(), expected[i].second);
  }
}

TEST_P(FaultsTest, LeaveTheServerAsItWas) {
  v1::ProcessContentRequest request;
  request.set_data(Document());
  for (int i = 0; i < 100; ++i) {
    v1::ProcessContentResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(server_.stub().ProcessContent(&context, request, &response).ok());
  }
  v1::PingResponse ping;
  do {  // the watchdog has a task now and then
    grpc::ClientContext context;
    ASSERT_TRUE(server_.stub().Ping(&context, {}, &ping).ok());
  } while (ping.chunks_queued() > 0);
  request.set_data("#a");
  v1::ProcessContentResponse response;
  grpc::ClientContext other;
  ASSERT_TRUE(server_.stub().ProcessContent(&other, request, &response).ok());
  EXPECT_TRUE(response.complete());
}

// By workers, and by the poller.
INSTANTIATE_TEST_SUITE_P(InlineBytes, FaultsTest, ::testing::Values(0, 64 << 20),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace trawl::testing
