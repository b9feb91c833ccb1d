// How streams begin, hold back, and end.

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "compute/detector.h"
#include "service/stream_session.h"
#include "tests/support/fake_detectors.h"
#include "tests/support/stream_caller.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

using service::kMaxStreamBufferBytes;
using ::testing::HasSubstr;

v1::PingResponse Ping(TestServer& server) {
  grpc::ClientContext context;
  v1::PingResponse ping;
  EXPECT_TRUE(server.stub().Ping(&context, {}, &ping).ok());
  return ping;
}

void WaitForCalls(TestServer& server, uint32_t calls) {
  while (Ping(server).calls_in_flight() != calls) {
  }
}

std::string Hashes(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += "#a ";
  return text;
}

class StreamLifeTest : public ::testing::Test {
 protected:
  // The answer to messages as they are.
  grpc::Status Send(const std::vector<v1::ProcessContentStreamRequest>& requests,
                    StreamMessages* messages = nullptr) {
    grpc::ClientContext context;
    auto stream = server_.stub().ProcessContentStream(&context);
    for (const auto& request : requests) {
      if (!stream->Write(request)) break;
    }
    stream->WritesDone();
    v1::ProcessContentStreamResponse message;
    while (stream->Read(&message)) {
      if (messages != nullptr) messages->push_back(message);
    }
    return stream->Finish();
  }

  TestServer server_{std::make_unique<HashDetector>()};
};

TEST_F(StreamLifeTest, OptionsInTheSecondMessageAreRefusedAndWhatWasFoundStands) {
  StreamCaller caller(server_.stub());
  ASSERT_TRUE(caller.Send("#a" + std::string(2000, ' ')));
  v1::ProcessContentStreamResponse message;
  ASSERT_TRUE(caller.Read(message));
  EXPECT_EQ(message.findings_size(), 1);
  std::vector<v1::ProcessContentStreamRequest> requests(2);
  requests[1].mutable_options();
  const grpc::Status status = Send(requests);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).info.reason(), "OPTIONS_NOT_FIRST");
  EXPECT_EQ(DetailsOf(status).bad_request.field_violations(0).field(), "options");
  caller.Close();
  EXPECT_TRUE(Merged(caller.ReadAll()).complete()) << "another stream goes on";
  EXPECT_TRUE(caller.Finish().ok());
}

TEST_F(StreamLifeTest, OptionsOutOfRangeNameFieldValueAndLimit) {
  std::vector<v1::ProcessContentStreamRequest> requests(3);
  requests[0].mutable_options()->set_chunk_count(4097);
  const grpc::Status status = Send(requests);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("options.chunk_count"));
  EXPECT_THAT(status.error_message(), HasSubstr("4096"));
  EXPECT_EQ(DetailsOf(status).info.reason(), "CHUNK_COUNT_TOO_LARGE");
}

TEST(StreamLimitsTest, APartOverTheLimitIsRefused) {
  service::Options options = TestServer::DefaultOptions();
  options.max_content_bytes = 1000;
  TestServer server(std::make_unique<HashDetector>(), options);
  StreamMessages messages;
  EXPECT_TRUE(
      Stream(server.stub(), {}, std::vector<std::string>(5, std::string(1000, 'x')), messages).ok())
      << "a stream may be longer than a part";
  const grpc::Status status = Stream(server.stub(), {}, {std::string(1001, 'x')}, messages);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).info.reason(), "CONTENT_TOO_LARGE");
  EXPECT_EQ(DetailsOf(status).info.metadata().at("limit"), "1000");
}

TEST_F(StreamLifeTest, AMessageThatIsNoneIsRefused) {
  for (const std::string bytes : {"\xFF", "\x12\x05xy", "\x0A\x02\xFF\xFF", "\x0B\x0C"}) {
    grpc::GenericStub stub(server_.channel());
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    auto stream =
        stub.PrepareCall(&context, "/trawl.v1.ContentService/ProcessContentStream", &queue);
    void* tag = nullptr;
    bool ok = false;
    stream->StartCall(&tag);
    queue.Next(&tag, &ok);
    const grpc::Slice slice(bytes);
    stream->Write(grpc::ByteBuffer(&slice, 1), &tag);
    queue.Next(&tag, &ok);
    grpc::Status status;
    stream->Finish(&status, &tag);
    queue.Next(&tag, &ok);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << ::testing::PrintToString(bytes);
    EXPECT_EQ(DetailsOf(status).info.reason(), "MALFORMED_REQUEST");
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) {
    }
  }
  WaitForCalls(server_, 0);
}

TEST_F(StreamLifeTest, AStreamIsACallInFlightWithItsBuffer) {
  StreamCaller caller(server_.stub());
  ASSERT_TRUE(caller.Send("#a"));
  WaitForCalls(server_, 1);
  EXPECT_EQ(Ping(server_).bytes_in_flight(), kMaxStreamBufferBytes);
  caller.Close();
  caller.ReadAll();
  EXPECT_TRUE(caller.Finish().ok());
  WaitForCalls(server_, 0);
  EXPECT_EQ(Ping(server_).bytes_in_flight(), 0u);
}

TEST(StreamLimitsTest, AStreamTooManyIsToldWhenToTryAgain) {
  service::Options options = TestServer::DefaultOptions();
  options.max_calls_in_flight = 1;
  TestServer server(std::make_unique<HashDetector>(), options);
  StreamCaller first(server.stub());
  ASSERT_TRUE(first.Send("#a"));
  WaitForCalls(server, 1);
  StreamCaller second(server.stub());
  second.Close();
  second.ReadAll();
  const grpc::Status status = second.Finish();
  EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(DetailsOf(status).has_retry);
  EXPECT_EQ(second.context.GetServerTrailingMetadata().count("grpc-retry-pushback-ms"), 1u);
  first.Close();
  EXPECT_EQ(Merged(first.ReadAll()).total_count(), 1u);
  EXPECT_TRUE(first.Finish().ok());
}

TEST_F(StreamLifeTest, CancelledAnywhereNothingIsLeft) {
  const std::string part = Hashes(100'000);
  for (int reads = 0; reads <= 20; ++reads) {
    StreamCaller caller(server_.stub());
    std::jthread sender([&] {
      for (int i = 0; i < 20 && caller.Send(part); ++i) {
      }
      caller.Close();
    });
    v1::ProcessContentStreamResponse message;
    for (int i = 0; i < reads && caller.Read(message); ++i) {
    }
    caller.context.TryCancel();
    sender.join();
    caller.ReadAll();
    caller.Finish();
  }
  WaitForCalls(server_, 0);
  EXPECT_EQ(Ping(server_).bytes_in_flight(), 0u);
  EXPECT_TRUE(server_.server().Drain().ok());
}

TEST_F(StreamLifeTest, DisconnectedAnywhereNothingIsLeft) {
  for (int sends = 0; sends <= 20; ++sends) {
    auto channel = server_.NewChannel();
    auto stub = v1::ContentService::NewStub(channel);
    StreamCaller caller(*stub);
    for (int i = 0; i < sends; ++i) caller.Send(Hashes(1000));
    caller.context.TryCancel();
    caller.Finish();
  }
  WaitForCalls(server_, 0);
}

TEST_F(StreamLifeTest, TheCallersDeadlineEndsIt) {
  StreamCaller opened(server_.stub());
  opened.Close();
  opened.ReadAll();
  EXPECT_TRUE(opened.Finish().ok());

  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  auto stream = server_.stub().ProcessContentStream(&context);
  v1::ProcessContentStreamRequest request;
  request.set_data("#a");
  stream->Write(request);
  v1::ProcessContentStreamResponse message;
  while (stream->Read(&message)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::DEADLINE_EXCEEDED);
  WaitForCalls(server_, 0);
}

service::Options OneSecondIdle() {
  service::Options options = TestServer::DefaultOptions();
  options.stream_idle_seconds = 1;
  return options;
}

TEST(StreamIdleTest, AStreamLeftOpenIsEnded) {
  TestServer server(std::make_unique<HashDetector>(), OneSecondIdle());
  for (const bool has_part : {false, true}) {
    StreamCaller caller(server.stub());
    if (has_part) caller.Send("#a" + std::string(2000, ' '));
    EXPECT_EQ(caller.ReadAll().size(), has_part ? 1u : 0u);
    const grpc::Status status = caller.Finish();
    EXPECT_EQ(status.error_code(), grpc::DEADLINE_EXCEEDED) << status.error_message();
    EXPECT_EQ(DetailsOf(status).info.reason(), "STREAM_IDLE");
    EXPECT_THAT(status.error_message(), HasSubstr("1 s"));
  }
  WaitForCalls(server, 0);
}

// Counts the bytes that it scans, and finds all that HashDetector does.
class CountingDetector final : public compute::Detector {
 public:
  explicit CountingDetector(std::atomic<uint64_t>& bytes) : bytes_(bytes) {}
  compute::Kind kind() const override { return compute::Kind::kDomain; }
  void Scan(std::string_view document, compute::Chunk chunk, const compute::ScanOptions& options,
            compute::FindingList& findings) const override {
    bytes_ += chunk.end - chunk.begin;
    hashes_.Scan(document, chunk, options, findings);
  }

 private:
  std::atomic<uint64_t>& bytes_;
  HashDetector hashes_;
};

TEST(StreamIdleTest, ACallerThatDoesNotReadIsNotReadFromAndEnded) {
  std::atomic<uint64_t> scanned = 0;
  TestServer server(std::make_unique<CountingDetector>(scanned), OneSecondIdle());
  StreamCaller caller(server.stub());
  const std::string part = Hashes(100'000);
  uint64_t sent = 0;
  while (caller.Send(part)) sent += part.size();
  const uint64_t limit = uint64_t{64} << 20;
  EXPECT_LT(sent, limit) << "what gRPC's windows and the buffer hold";
  EXPECT_LT(scanned, limit);
  while (caller.ReadAll().size() > 0) {
  }
  EXPECT_EQ(caller.Finish().error_code(), grpc::CANCELLED);
  WaitForCalls(server, 0);
}

TEST_F(StreamLifeTest, ASlowReaderGetsAll) {
  constexpr int kParts = 20;
  const std::string part = Hashes(100'000);
  StreamCaller caller(server_.stub());
  std::jthread sender([&] {
    for (int i = 0; i < kParts; ++i) ASSERT_TRUE(caller.Send(part));
    caller.Close();
  });
  for (int i = 0; i < 200; ++i) Ping(server_);
  uint64_t findings = 0;
  uint64_t previous = 0;
  v1::ProcessContentStreamResponse message;
  while (caller.Read(message)) {
    for (const v1::Finding& finding : message.findings()) {
      ASSERT_EQ(finding.begin(), findings == 0 ? 0 : previous + 3);
      previous = finding.begin();
      ++findings;
    }
  }
  EXPECT_TRUE(caller.Finish().ok());
  EXPECT_EQ(findings, kParts * 100'000u);
}

TEST_F(StreamLifeTest, StreamsInFlightGoOnWhileTheServerDrains) {
  StreamCaller caller(server_.stub());
  ASSERT_TRUE(caller.Send("#a" + std::string(2000, ' ')));
  v1::ProcessContentStreamResponse message;
  ASSERT_TRUE(caller.Read(message));
  std::jthread drain([&] { EXPECT_TRUE(server_.server().Drain().ok()); });
  auto other = v1::ContentService::NewStub(server_.NewChannel());
  grpc::Status refused;
  do {
    grpc::ClientContext context;
    v1::PingResponse ping;
    refused = other->Ping(&context, {}, &ping);
  } while (refused.ok());
  ASSERT_TRUE(caller.Send("#b"));
  caller.Close();
  EXPECT_EQ(Merged(caller.ReadAll()).total_count(), 2u);
  EXPECT_TRUE(caller.Finish().ok());
}

TEST(StreamDrainTest, AfterTheGraceTheyAreCancelled) {
  service::Options options = TestServer::DefaultOptions();
  options.drain_grace_seconds = 0;
  TestServer server(std::make_unique<HashDetector>(), options);
  StreamCaller caller(server.stub());
  ASSERT_TRUE(caller.Send("#a"));
  WaitForCalls(server, 1);
  EXPECT_TRUE(server.server().Drain().ok());
  caller.ReadAll();
  EXPECT_FALSE(caller.Finish().ok());
}

TEST_F(StreamLifeTest, TwoHundredStreamsAtOnceKeepTheirFindingsApart) {
  constexpr int kStreams = 200;
  constexpr int kThreads = 4;
  constexpr int kParts = 5;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      auto stub = v1::ContentService::NewStub(server_.NewChannel());
      std::vector<std::unique_ptr<StreamCaller>> callers;
      for (int i = 0; i < kStreams / kThreads; ++i) {
        callers.push_back(std::make_unique<StreamCaller>(*stub));
      }
      const auto letter = [&](int i) {
        return std::string(1, static_cast<char>('a' + (i + t) % 26));
      };
      for (int part = 0; part < kParts; ++part) {
        for (size_t i = 0; i < callers.size(); ++i) {
          ASSERT_TRUE(callers[i]->Send("#" + letter(i) + std::string(20'000 + 100 * i, ' ')));
        }
      }
      for (size_t i = 0; i < callers.size(); ++i) {
        callers[i]->Close();
        const v1::ProcessContentResponse answer = Merged(callers[i]->ReadAll());
        ASSERT_TRUE(callers[i]->Finish().ok());
        ASSERT_EQ(answer.findings_size(), kParts);
        for (int part = 0; part < kParts; ++part) {
          EXPECT_EQ(answer.findings(part).value(), letter(i));
          EXPECT_EQ(answer.findings(part).begin(), part * (20'002 + 100 * i));
        }
      }
    });
  }
  threads.clear();
  WaitForCalls(server_, 0);
}

TEST_F(StreamLifeTest, OthersAreAnsweredBesideStreamsThatKeepAllWorkersBusy) {
  std::atomic<bool> done = false;
  std::vector<std::jthread> streams;
  for (int i = 0; i < 3; ++i) {
    streams.emplace_back([&] {
      auto stub = v1::ContentService::NewStub(server_.NewChannel());
      StreamCaller caller(*stub);
      std::jthread sender([&] {
        const std::string part(1 << 20, ' ');
        while (!done) ASSERT_TRUE(caller.Send(part));
        caller.Close();
      });
      caller.ReadAll();
      sender.join();
      EXPECT_TRUE(caller.Finish().ok());
    });
  }
  WaitForCalls(server_, 3);
  for (int i = 0; i < 50; ++i) {
    v1::ProcessContentRequest request;
    request.set_data(Hashes(1000));
    v1::ProcessContentResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(server_.stub().ProcessContent(&context, request, &response).ok());
    EXPECT_EQ(response.total_count(), 1000u);
  }
  done = true;
}

}  // namespace
}  // namespace trawl::testing
