// How the server starts and ends.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/fake_detectors.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

// CANCELLED is what gRPC answers a call with that was on its way when the server began to shut
// down (grpc#41785): it never reached us.
const auto kRefused = ::testing::AnyOf(grpc::UNAVAILABLE, grpc::CANCELLED);

grpc::Status Process(v1::ContentService::Stub& stub, const std::string& data) {
  v1::ProcessContentRequest request;
  request.set_data(data);
  v1::ProcessContentResponse response;
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  return stub.ProcessContent(&context, request, &response);
}

// Holds every chunk until Release.
class Gate {
 public:
  std::unique_ptr<CallbackDetector> MakeDetector() {
    return std::make_unique<CallbackDetector>([this](std::string_view, compute::Chunk) {
      if (!entered_once_.exchange(true)) entered_.count_down();
      released_.wait();
    });
  }
  void WaitUntilEntered() { entered_.wait(); }
  void Release() { released_.count_down(); }

 private:
  std::atomic<bool> entered_once_ = false;
  std::latch entered_{1};
  std::latch released_{1};
};

TEST(DrainTest, IdleEndsAtOnceAndRefusesAfter) {
  TestServer server(std::make_unique<HashDetector>());
  EXPECT_TRUE(Process(server.stub(), "#a").ok());
  EXPECT_TRUE(server.server().Drain().ok());
  v1::ProcessContentResponse response;
  grpc::ClientContext context;
  EXPECT_EQ(server.stub().ProcessContent(&context, {}, &response).error_code(), grpc::UNAVAILABLE);
}

TEST(DrainTest, WithoutAnyConnectionEnds) {
  TestServer server(std::make_unique<HashDetector>());
  EXPECT_TRUE(server.server().Drain().ok());
}

TEST(DrainTest, BusyAnswersTheCallInFlight) {
  Gate gate;
  TestServer server(gate.MakeDetector());
  grpc::Status status;
  std::thread caller([&] { status = Process(server.stub(), "x"); });
  gate.WaitUntilEntered();
  std::jthread drain([&] { EXPECT_TRUE(server.server().Drain().ok()); });
  // A connection made before is told to go away once the drain has begun.
  auto other = v1::ContentService::NewStub(server.NewChannel());
  v1::PingResponse ping;
  grpc::Status refused;
  do {
    grpc::ClientContext context;
    refused = other->Ping(&context, {}, &ping);
  } while (refused.ok());
  EXPECT_THAT(refused.error_code(), kRefused) << refused.error_message();
  gate.Release();
  caller.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(DrainTest, AfterTheGraceCallsInFlightAreCancelledAndAStuckOneIsReported) {
  Gate gate;
  service::Options options = TestServer::DefaultOptions();
  options.drain_grace_seconds = 0;
  TestServer server(gate.MakeDetector(), options);
  grpc::Status status;
  std::thread caller([&] { status = Process(server.stub(), "x"); });
  gate.WaitUntilEntered();
  absl::Status drained = server.server().Drain();
  EXPECT_EQ(drained.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(drained.message()), ::testing::HasSubstr("1 calls"));
  caller.join();
  EXPECT_FALSE(status.ok()) << "the caller is not left waiting";
  gate.Release();
  EXPECT_TRUE(server.server().Drain().ok());
}

TEST(DrainTest, ASecondSignalEndsTheGrace) {
  Gate gate;
  service::Options options = TestServer::DefaultOptions();
  options.drain_grace_seconds = 3600;
  TestServer server(gate.MakeDetector(), options);
  grpc::Status status;
  std::thread caller([&] { status = Process(server.stub(), "x"); });
  gate.WaitUntilEntered();
  std::stop_source hurry;
  std::jthread drain([&] { EXPECT_TRUE(server.server().Drain(hurry.get_token()).ok()); });
  hurry.request_stop();
  caller.join();
  EXPECT_FALSE(status.ok());
  gate.Release();
}

TEST(DrainTest, ASecondSignalEndsTheDelay) {
  service::Options options = TestServer::DefaultOptions();
  options.drain_delay_seconds = 3600;
  TestServer server(std::make_unique<HashDetector>(), options);
  std::stop_source hurry;
  std::jthread drain([&] { EXPECT_TRUE(server.server().Drain(hurry.get_token()).ok()); });
  EXPECT_TRUE(Process(server.stub(), "#a").ok()) << "calls are taken during the delay";
  hurry.request_stop();
}

TEST(DrainTest, ACallCancelledWhileDrainingEndsTheDrain) {
  Gate gate;
  service::Options options = TestServer::DefaultOptions();
  options.drain_grace_seconds = 3600;
  TestServer server(gate.MakeDetector(), options);
  v1::ProcessContentRequest request;
  request.set_data("x");
  v1::ProcessContentResponse response;
  grpc::ClientContext context;
  std::latch answered(1);
  server.stub().async()->ProcessContent(&context, &request, &response,
                                        [&](const grpc::Status&) { answered.count_down(); });
  gate.WaitUntilEntered();
  std::jthread drain([&] { EXPECT_TRUE(server.server().Drain().ok()); });
  context.TryCancel();
  answered.wait();
  gate.Release();
}

grpc::Status ProcessOne(v1::ContentService::Stub& stub, grpc::ClientContext& context,
                        uint64_t& found) {
  v1::ProcessContentRequest request;
  request.set_data("#a");
  v1::ProcessContentResponse response;
  const grpc::Status status = stub.ProcessContent(&context, request, &response);
  found = response.total_count();
  return status;
}

grpc::Status ProcessBatch(v1::ContentService::Stub& stub, grpc::ClientContext& context,
                          uint64_t& found) {
  v1::ProcessContentBatchRequest request;
  request.add_documents()->set_data("#a");
  v1::ProcessContentBatchResponse response;
  const grpc::Status status = stub.ProcessContentBatch(&context, request, &response);
  if (response.results_size() == 1) found = response.results(0).response().total_count();
  return status;
}

TEST(DrainTest, OverAndOverUnderLoadNoAcceptedCallIsLost) {
  constexpr int kCycles = 100;
  constexpr int kCallers = 4;
  int64_t answered = 0;
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    TestServer server(std::make_unique<HashDetector>());
    std::latch all_served(kCallers);
    std::atomic<int64_t> ok_calls = 0;
    std::vector<std::jthread> callers;
    for (int i = 0; i < kCallers; ++i) {
      callers.emplace_back([&] {
        auto stub = v1::ContentService::NewStub(server.NewChannel());
        for (int calls = 0;; ++calls) {
          grpc::ClientContext context;
          uint64_t found = 0;
          const grpc::Status status = calls % 2 == 0 ? ProcessOne(*stub, context, found)
                                                     : ProcessBatch(*stub, context, found);
          if (!status.ok()) {
            EXPECT_THAT(status.error_code(), kRefused) << status.error_message();
            EXPECT_GT(calls, 0) << "refused before the drain";
            break;
          }
          EXPECT_EQ(found, 1u);
          ++ok_calls;
          if (calls == 0) all_served.count_down();
        }
      });
    }
    all_served.wait();
    EXPECT_TRUE(server.server().Drain().ok());
    callers.clear();
    answered += ok_calls;
    // Every call that the server counts as delivered was answered at the caller, and the reverse.
    int64_t delivered = 0;
    for (const std::string& line : server.StopAndTakeLog()) {
      if (line.find("\"message\":\"call\"") == std::string::npos) continue;
      EXPECT_NE(line.find("\"delivered\":true"), std::string::npos) << line;
      ++delivered;
    }
    EXPECT_EQ(delivered, ok_calls);
  }
  EXPECT_GE(answered, kCycles * kCallers);
}

TEST(StartTest, APortInUseIsOneClearError) {
  TestServer server(std::make_unique<HashDetector>());
  service::Options options = TestServer::DefaultOptions();
  options.listen = server.server().address();
  service::Log log("error");
  absl::StatusOr<std::unique_ptr<service::Server>> second =
      service::Server::Start(options, service::Server::LoadComponents(options).value(), log);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), ::testing::HasSubstr(options.listen));
  EXPECT_TRUE(Process(server.stub(), "#a").ok()) << "the first goes on";
}

TEST(StartTest, AListThatCannotBeReadIsOneClearError) {
  service::Options options = TestServer::DefaultOptions();
  options.public_suffix_list = "no/such/list.dat";
  absl::Status status = service::Server::LoadComponents(options).status();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("no/such/list.dat"));
}

TEST(StartTest, ListensOnAUnixSocket) {
  service::Options options = TestServer::DefaultOptions();
  options.listen = "unix:" + ::testing::TempDir() + "/trawl-test.sock";
  TestServer server(std::make_unique<HashDetector>(), options);
  EXPECT_EQ(server.server().address(), options.listen);
  EXPECT_TRUE(Process(server.stub(), "#a").ok());
}

TEST(StartTest, SeveralPollersServeSeveralConnections) {
  service::Options options = TestServer::DefaultOptions();
  options.pollers = 3;
  TestServer server(std::make_unique<HashDetector>(), options);
  for (int i = 0; i < 9; ++i) {
    auto stub = v1::ContentService::NewStub(server.NewChannel());
    EXPECT_TRUE(Process(*stub, "#a").ok());
  }
}

}  // namespace
}  // namespace trawl::testing
