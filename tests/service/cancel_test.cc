// What is still worked on after a call was cancelled or its deadline passed: the windows that
// workers are at, and not one more.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/fake_detectors.h"
#include "tests/support/stream_caller.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

constexpr int kWorkers = 2;
constexpr size_t kDocumentBytes = 4 << 20;

// A server whose detector waits in every scan until Release.
class HoldingServer {
 public:
  explicit HoldingServer(int workers = kWorkers)
      : workers_(workers), held_(workers), server_(MakeDetector(), Workers(workers)) {}
  ~HoldingServer() { Release(); }

  TestServer& server() { return server_; }

  // Until every worker is at a scan.
  void WaitUntilHeld() { held_.wait(); }
  void Release() {
    if (!released_.exchange(true)) release_.count_down();
  }

  // The client resets the stream of a call that it gives up, also where the deadline passed, which
  // it has for the server a little later. When a Ping behind that has been answered, the server has
  // seen the reset.
  void WaitUntilGivenUp() {
    for (int i = 0; i < 3; ++i) {
      grpc::ClientContext context;
      v1::PingResponse ping;
      ASSERT_TRUE(server_.stub().Ping(&context, {}, &ping).ok());
    }
  }

  // The scans begun by when nothing of any call is left.
  int BegunInTheEnd() {
    EXPECT_TRUE(server_.server().Drain().ok());
    return begun_;
  }

 private:
  static service::Options Workers(int workers) {
    service::Options options = TestServer::DefaultOptions();
    options.workers = workers;
    return options;
  }

  std::unique_ptr<CallbackDetector> MakeDetector() {
    return std::make_unique<CallbackDetector>([this](std::string_view, compute::Chunk) {
      if (++begun_ <= workers_) held_.count_down();
      release_.wait();
    });
  }

  const int workers_;
  std::atomic<int> begun_ = 0;
  std::latch held_;
  std::latch release_{1};
  std::atomic<bool> released_ = false;
  TestServer server_;
};

v1::ProcessContentRequest Request(uint32_t chunk_count) {
  v1::ProcessContentRequest request;
  request.set_data(std::string(kDocumentBytes, 'x'));
  request.mutable_options()->set_chunk_count(chunk_count);
  return request;
}

// A call that runs beside the test.
struct Call {
  explicit Call(HoldingServer& holding, uint32_t chunk_count = 0)
      : server(holding.server()), request(Request(chunk_count)) {}

  void Start() {
    server.stub().async()->ProcessContent(&context, &request, &response,
                                          [this](grpc::Status given) {
                                            status = std::move(given);
                                            answered.count_down();
                                          });
  }

  TestServer& server;
  grpc::ClientContext context;
  v1::ProcessContentRequest request;
  v1::ProcessContentResponse response;
  grpc::Status status;
  std::latch answered{1};
};

TEST(CancelTest, ACancelledCallBeginsNoFurtherChunk) {
  HoldingServer holding;
  Call call(holding, 4096);
  call.Start();
  holding.WaitUntilHeld();
  call.context.TryCancel();
  call.answered.wait();
  EXPECT_EQ(call.status.error_code(), grpc::CANCELLED);
  holding.WaitUntilGivenUp();
  holding.Release();
  EXPECT_EQ(holding.BegunInTheEnd(), kWorkers);
}

TEST(CancelTest, ACallPastItsDeadlineBeginsNoFurtherChunk) {
  HoldingServer holding;
  Call call(holding, 4096);
  call.context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(500));
  call.Start();
  call.answered.wait();
  EXPECT_EQ(call.status.error_code(), grpc::DEADLINE_EXCEEDED);
  holding.WaitUntilGivenUp();
  holding.Release();
  EXPECT_LE(holding.BegunInTheEnd(), kWorkers);
}

TEST(CancelTest, ACancelledCallEndsWithinAChunk) {
  HoldingServer holding(1);
  Call call(holding);
  call.Start();
  holding.WaitUntilHeld();
  call.context.TryCancel();
  call.answered.wait();
  holding.WaitUntilGivenUp();
  holding.Release();
  EXPECT_EQ(holding.BegunInTheEnd(), 1) << "a chunk of 256 KiB is scanned in several windows";
}

TEST(CancelTest, WhatIsNotCancelledIsScannedToItsEnd) {
  HoldingServer holding(1);
  holding.Release();
  Call call(holding);
  call.Start();
  call.answered.wait();
  EXPECT_TRUE(call.status.ok());
  EXPECT_GE(holding.BegunInTheEnd(), static_cast<int>(kDocumentBytes / (64 << 10)));
}

TEST(CancelTest, ACancelledBatchBeginsNoFurtherDocument) {
  HoldingServer holding;
  v1::ProcessContentBatchRequest request;
  for (int i = 0; i < 1000; ++i) request.add_documents()->set_data("x");
  v1::ProcessContentBatchResponse response;
  grpc::ClientContext context;
  std::latch answered(1);
  holding.server().stub().async()->ProcessContentBatch(
      &context, &request, &response, [&](const grpc::Status&) { answered.count_down(); });
  holding.WaitUntilHeld();
  context.TryCancel();
  answered.wait();
  holding.WaitUntilGivenUp();
  holding.Release();
  EXPECT_EQ(holding.BegunInTheEnd(), kWorkers);
}

TEST(CancelTest, ACancelledStreamBeginsNoFurtherWindow) {
  HoldingServer holding(1);
  StreamCaller caller(holding.server().stub());
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(caller.Send(std::string(256 << 10, 'x')));
  holding.WaitUntilHeld();
  caller.context.TryCancel();
  EXPECT_EQ(caller.Finish().error_code(), grpc::CANCELLED);
  holding.WaitUntilGivenUp();
  holding.Release();
  EXPECT_EQ(holding.BegunInTheEnd(), 1);
}

TEST(CancelTest, AStreamPastItsDeadlineBeginsNoFurtherWindow) {
  HoldingServer holding(1);
  StreamCaller caller(holding.server().stub(),
                      std::chrono::system_clock::now() + std::chrono::milliseconds(500));
  while (caller.Send(std::string(256 << 10, 'x'))) {
  }
  EXPECT_EQ(caller.Finish().error_code(), grpc::DEADLINE_EXCEEDED);
  holding.WaitUntilGivenUp();
  holding.Release();
  EXPECT_LE(holding.BegunInTheEnd(), 1);
}

}  // namespace
}  // namespace trawl::testing
