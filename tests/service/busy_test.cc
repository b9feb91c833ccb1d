// Calls that come while every worker is held: refused, expired or cancelled, and what still
// answers.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "google/protobuf/util/time_util.h"
#include "tests/support/fake_detectors.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

using ::testing::HasSubstr;

// A server whose only worker is held by one call until Release.
class BusyServer {
 public:
  explicit BusyServer(service::Options options = OneWorker())
      : server_(MakeDetector(), options), holder_([this] {
          v1::ProcessContentRequest request;
          request.set_data("hold");
          // On a busy machine it may itself have waited too long for a worker.
          do {
            v1::ProcessContentResponse response;
            grpc::ClientContext context;
            holder_status_ = server_.stub().ProcessContent(&context, request, &response);
          } while (holder_status_.error_code() == grpc::RESOURCE_EXHAUSTED);
        }) {
    held_.wait();
  }
  ~BusyServer() {
    Release();
    holder_.join();
    EXPECT_TRUE(holder_status_.ok()) << holder_status_.error_message();
  }

  static service::Options OneWorker() {
    service::Options options = TestServer::DefaultOptions();
    options.workers = 1;
    return options;
  }

  void Release() {
    if (!std::exchange(released_, true)) release_.count_down();
  }
  TestServer& server() { return server_; }
  int other_scans() const { return other_scans_; }

 private:
  std::unique_ptr<CallbackDetector> MakeDetector() {
    return std::make_unique<CallbackDetector>([this](std::string_view document, compute::Chunk) {
      if (document != "hold") {
        ++other_scans_;
        return;
      }
      held_.count_down();
      release_.wait();
    });
  }

  std::latch held_{1};
  std::latch release_{1};
  bool released_ = false;
  std::atomic<int> other_scans_ = 0;
  TestServer server_;
  grpc::Status holder_status_;
  std::thread holder_;
};

void ExpectTryLater(BusyServer& busy, const std::string& data, const std::string& reason,
                    const std::string& limit) {
  v1::ProcessContentRequest request;
  request.set_data(data);
  v1::ProcessContentResponse response;
  grpc::ClientContext context;
  grpc::Status status = busy.server().stub().ProcessContent(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr(limit));
  Details details = DetailsOf(status);
  EXPECT_EQ(details.info.reason(), reason);
  ASSERT_TRUE(details.has_retry);
  int64_t delay =
      google::protobuf::util::TimeUtil::DurationToMilliseconds(details.retry.retry_delay());
  EXPECT_GT(delay, 0);
  auto pushback = context.GetServerTrailingMetadata().find("grpc-retry-pushback-ms");
  ASSERT_NE(pushback, context.GetServerTrailingMetadata().end());
  EXPECT_EQ(std::string(pushback->second.data(), pushback->second.size()), std::to_string(delay));
}

TEST(BusyTest, OneCallTooManyIsToldWhenToTryAgain) {
  service::Options options = BusyServer::OneWorker();
  options.max_calls_in_flight = 1;
  BusyServer busy(options);
  ExpectTryLater(busy, "x", "TOO_MANY_CALLS", "the limit is 1");
}

TEST(BusyTest, BytesTooManyAreToldWhenToTryAgain) {
  service::Options options = BusyServer::OneWorker();
  options.max_content_bytes = 1000;
  options.max_bytes_in_flight = options.max_message_bytes();
  BusyServer busy(options);
  ExpectTryLater(busy, std::string(options.max_message_bytes() - 5, 'x'), "TOO_MANY_BYTES",
                 std::to_string(options.max_bytes_in_flight));
}

TEST(BusyTest, AWaitThatWouldBeTooLongIsRefusedAtOnceAndOneThatWasIsNotComputed) {
  service::Options options = BusyServer::OneWorker();
  options.max_wait_ms = 300;
  BusyServer busy(options);
  v1::ProcessContentRequest request;
  request.set_data("waits");
  v1::ProcessContentResponse response;
  grpc::ClientContext context;
  std::latch answered(1);
  grpc::Status waited;
  busy.server().stub().async()->ProcessContent(&context, &request, &response,
                                               [&](grpc::Status given) {
                                                 waited = std::move(given);
                                                 answered.count_down();
                                               });
  grpc::Status refused;
  do {
    v1::ProcessContentResponse ignored;
    grpc::ClientContext other;
    other.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
    refused = busy.server().stub().ProcessContent(&other, request, &ignored);
  } while (refused.error_message().find("the limit is 300 ms") == std::string::npos);
  ExpectTryLater(busy, "x", "WAIT_TOO_LONG", "the limit is 300 ms");

  busy.Release();
  answered.wait();
  EXPECT_EQ(waited.error_code(), grpc::RESOURCE_EXHAUSTED) << "it was taken, and waited too long";
  EXPECT_EQ(DetailsOf(waited).info.reason(), "WAIT_TOO_LONG");
  EXPECT_EQ(busy.other_scans(), 0);
  grpc::Status taken_again;
  do {
    grpc::ClientContext later;
    taken_again = busy.server().stub().ProcessContent(&later, request, &response);
  } while (!taken_again.ok());
}

TEST(BusyTest, PingAndCapabilitiesAnswerWhileEveryWorkerIsHeld) {
  BusyServer busy;
  for (int i = 0; i < 100; ++i) {
    grpc::ClientContext context;
    v1::PingRequest request;
    request.set_payload("p" + std::to_string(i));
    v1::PingResponse response;
    ASSERT_TRUE(busy.server().stub().Ping(&context, request, &response).ok());
    EXPECT_EQ(response.payload(), request.payload());
    EXPECT_EQ(response.calls_in_flight(), 1u);
  }
  grpc::ClientContext context;
  v1::GetCapabilitiesResponse capabilities;
  EXPECT_TRUE(busy.server().stub().GetCapabilities(&context, {}, &capabilities).ok());
}

// The client resets the stream of a call that it gives up. When a Ping behind that has been
// answered, the server has seen the reset.
void WaitUntilGivenUp(TestServer& server) {
  for (int i = 0; i < 3; ++i) {
    grpc::ClientContext context;
    v1::PingResponse ping;
    ASSERT_TRUE(server.stub().Ping(&context, {}, &ping).ok());
  }
}

TEST(BusyTest, ADeadlineThatExpiresInTheQueueIsNeverComputed) {
  BusyServer busy;
  v1::ProcessContentRequest request;
  request.set_data("late");
  v1::ProcessContentResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  EXPECT_EQ(busy.server().stub().ProcessContent(&context, request, &response).error_code(),
            grpc::DEADLINE_EXCEEDED);
  WaitUntilGivenUp(busy.server());
  busy.Release();
  EXPECT_TRUE(busy.server().server().Drain().ok());
  EXPECT_EQ(busy.other_scans(), 0);
}

TEST(BusyTest, ACallCancelledInTheQueueIsNeverComputed) {
  BusyServer busy;
  grpc::ClientContext context;
  std::latch answered(1);
  v1::ProcessContentRequest request;
  request.set_data("unwanted");
  v1::ProcessContentResponse response;
  grpc::Status status;
  busy.server().stub().async()->ProcessContent(&context, &request, &response,
                                               [&](grpc::Status given) {
                                                 status = std::move(given);
                                                 answered.count_down();
                                               });
  v1::PingResponse ping;
  while (ping.calls_in_flight() < 2) {
    grpc::ClientContext ping_context;
    ASSERT_TRUE(busy.server().stub().Ping(&ping_context, {}, &ping).ok());
  }
  context.TryCancel();
  answered.wait();
  EXPECT_EQ(status.error_code(), grpc::CANCELLED);
  WaitUntilGivenUp(busy.server());
  busy.Release();
  EXPECT_TRUE(busy.server().server().Drain().ok());
  EXPECT_EQ(busy.other_scans(), 0);
}

TEST(BusyTest, ExplainIsAdmittedAndWaitsAsTheOthers) {
  service::Options options = BusyServer::OneWorker();
  options.max_calls_in_flight = 2;
  BusyServer busy(options);
  v1::ExplainRequest request;
  request.set_data("example.com");
  v1::ExplainResponse first;
  v1::ExplainResponse second;
  grpc::ClientContext first_context;
  grpc::ClientContext second_context;
  std::latch answered(1);
  grpc::Status status;
  busy.server().stub().async()->Explain(&first_context, &request, &first, [&](grpc::Status given) {
    status = std::move(given);
    answered.count_down();
  });
  v1::PingResponse ping;
  while (ping.calls_in_flight() < 2) {
    grpc::ClientContext ping_context;
    ASSERT_TRUE(busy.server().stub().Ping(&ping_context, {}, &ping).ok());
  }
  const grpc::Status refused = busy.server().stub().Explain(&second_context, request, &second);
  EXPECT_EQ(DetailsOf(refused).info.reason(), "TOO_MANY_CALLS");
  busy.Release();
  answered.wait();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(first.verdict(), v1::VERDICT_FINDING);
}

}  // namespace
}  // namespace trawl::testing
