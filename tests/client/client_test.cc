#include "client/client.h"

#include <atomic>
#include <future>
#include <latch>
#include <stop_token>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/closed_port.h"
#include "tests/support/fake_content_service.h"

namespace trawl::client {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr size_t kMiB = 1 << 20;

Client::Options Target(const FakeContentService& server) {
  return {.target = server.address(), .initial_backoff = absl::Milliseconds(1)};
}

v1::ProcessContentRequest Request(std::string content) {
  v1::ProcessContentRequest request;
  request.set_data(std::move(content));
  return request;
}

// Fails the first `failures` calls with `code`.
FakeContentService::ProcessHandler FailFirst(int failures, grpc::StatusCode code) {
  auto left = std::make_shared<std::atomic<int>>(failures);
  return [left, code](const auto& request, auto& response) {
    if ((*left)-- > 0) return grpc::Status(code, "not now");
    return FakeContentService::FindDottedWords(request, response);
  };
}

// A handler that says when it is called and then waits to be let go.
class HeldCall {
 public:
  explicit HeldCall(FakeContentService& server) {
    server.AnswerProcessContent([this](const auto&, auto&) {
      called_.count_down();
      let_go_.wait();
      return grpc::Status::OK;
    });
  }
  ~HeldCall() { LetGo(); }

  void WaitForCall() { called_.wait(); }
  void LetGo() {
    if (!let_go_.try_wait()) let_go_.count_down();
  }

 private:
  std::latch called_{1};
  std::latch let_go_{1};
};

TEST(ClientTest, ReturnsTheFindings) {
  FakeContentService server;
  Client client({.target = server.address()});
  const auto response = client.ProcessContent(Request("see a.example now"));
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_THAT(response->findings(), SizeIs(1));
  EXPECT_EQ(response->findings(0).value(), "a.example");
  EXPECT_EQ(response->findings(0).begin(), 4u);
}

TEST(ClientTest, ReturnsOneResultForEachDocumentOfABatch) {
  FakeContentService server;
  Client client(Target(server));
  v1::ProcessContentBatchRequest request;
  request.add_documents()->set_data("a.example");
  request.add_documents()->set_data("nothing");
  const auto response = client.ProcessContentBatch(request);
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_THAT(response->results(), SizeIs(2));
  EXPECT_EQ(response->results(0).response().total_count(), 1u);
  EXPECT_EQ(response->results(1).response().total_count(), 0u);
}

TEST(ClientTest, PingsAndAsksForCapabilities) {
  FakeContentService server;
  Client client(Target(server));
  v1::PingRequest request;
  request.set_payload("echo");
  const auto ping = client.Ping(request);
  ASSERT_TRUE(ping.ok()) << ping.status();
  EXPECT_EQ(ping->payload(), "echo");
  const auto capabilities = client.GetCapabilities();
  ASSERT_TRUE(capabilities.ok()) << capabilities.status();
  EXPECT_EQ(capabilities->version(), "1.2.3");
}

TEST(ClientTest, ExplainsAByte) {
  FakeContentService server;
  server.AnswerExplain([](const auto& request, auto& response) {
    response.set_verdict(v1::VERDICT_NO_DOT);
    response.set_begin(request.offset());
    return grpc::Status::OK;
  });
  Client client(Target(server));
  v1::ExplainRequest request;
  request.set_offset(7);
  const auto response = client.Explain(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->verdict(), v1::VERDICT_NO_DOT);
  EXPECT_EQ(response->begin(), 7u);
}

TEST(ClientTest, TriesAgainWithAMessageAboveTheDefaultRetryBuffer) {
  FakeContentService server;
  for (const auto code : {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::RESOURCE_EXHAUSTED,
                          grpc::StatusCode::CANCELLED}) {
    server.AnswerProcessContent(FailFirst(1, code));
    Client client(Target(server));
    const int before = server.process_content_calls();
    const auto response = client.ProcessContent(Request(std::string(kMiB, 'x') + " a.example"));
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->total_count(), 1u);
    EXPECT_EQ(server.process_content_calls() - before, 2);
  }
}

TEST(ClientTest, GivesUpAfterTheLastAttempt) {
  FakeContentService server;
  server.AnswerProcessContent(FailFirst(100, grpc::StatusCode::UNAVAILABLE));
  Client::Options options = Target(server);
  options.max_attempts = 3;
  Client client(options);
  EXPECT_EQ(client.ProcessContent(Request("x")).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(server.process_content_calls(), 3);
}

TEST(ClientTest, NeverTriesAgainWithOneAttempt) {
  FakeContentService server;
  server.AnswerProcessContent(FailFirst(1, grpc::StatusCode::UNAVAILABLE));
  Client::Options options = Target(server);
  options.max_attempts = 1;
  Client client(options);
  EXPECT_EQ(client.ProcessContent(Request("x")).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(server.process_content_calls(), 1);
}

TEST(ClientTest, NeverTriesAgainWhatIsWrongWithTheRequest) {
  FakeContentService server;
  server.AnswerProcessContent(FailFirst(1, grpc::StatusCode::INVALID_ARGUMENT));
  Client client(Target(server));
  EXPECT_TRUE(absl::IsInvalidArgument(client.ProcessContent(Request("x")).status()));
  EXPECT_EQ(server.process_content_calls(), 1);
}

TEST(ClientTest, EndsACallAtItsDeadline) {
  FakeContentService server;
  HeldCall held(server);
  Client client(Target(server));
  const auto response =
      client.ProcessContent(Request("x"), {.timeout = absl::Milliseconds(50), .stop = {}});
  EXPECT_TRUE(absl::IsDeadlineExceeded(response.status())) << response.status();
}

TEST(ClientTest, TakesTheDeadlineOfTheOptionsWhereTheCallHasNone) {
  FakeContentService server;
  HeldCall held(server);
  Client::Options options = Target(server);
  options.timeout = absl::Milliseconds(50);
  Client client(options);
  const auto response = client.ProcessContent(Request("x"));
  EXPECT_TRUE(absl::IsDeadlineExceeded(response.status())) << response.status();
}

TEST(ClientTest, AStopCancelsABlockedCall) {
  FakeContentService server;
  HeldCall held(server);
  Client client(Target(server));
  std::stop_source stop;
  std::jthread stopper([&] {
    held.WaitForCall();
    stop.request_stop();
  });
  const auto response =
      client.ProcessContent(Request("x"), {.timeout = {}, .stop = stop.get_token()});
  EXPECT_TRUE(absl::IsCancelled(response.status())) << response.status();
}

TEST(ClientTest, AStopRequestedBeforeTheCallCancelsIt) {
  FakeContentService server;
  Client client(Target(server));
  std::stop_source stop;
  stop.request_stop();
  const auto response =
      client.ProcessContent(Request("x"), {.timeout = {}, .stop = stop.get_token()});
  EXPECT_TRUE(absl::IsCancelled(response.status())) << response.status();
  EXPECT_EQ(server.process_content_calls(), 0);
}

TEST(ClientTest, AStopCancelsAnAsynchronousCall) {
  FakeContentService server;
  HeldCall held(server);
  Client client(Target(server));
  std::stop_source stop;
  std::promise<absl::Status> answered;
  const v1::ProcessContentRequest request = Request("x");
  client.ProcessContentAsync(request, {.timeout = {}, .stop = stop.get_token()},
                             [&](const auto& response) { answered.set_value(response.status()); });
  held.WaitForCall();
  stop.request_stop();
  const absl::Status status = answered.get_future().get();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
}

TEST(ClientTest, AsynchronousCallsAreOutstandingTogether) {
  constexpr int kCalls = 16;
  FakeContentService server;
  std::latch all_called(kCalls);
  server.AnswerProcessContent([&](const auto& request, auto& response) {
    all_called.arrive_and_wait();
    return FakeContentService::FindDottedWords(request, response);
  });
  Client client(Target(server));
  const v1::ProcessContentRequest request = Request("a.example b.example");
  std::latch all_answered(kCalls);
  std::atomic<uint64_t> findings = 0;
  for (int i = 0; i < kCalls; ++i) {
    client.ProcessContentAsync(request, {}, [&](const auto& response) {
      if (response.ok()) findings += response->total_count();
      all_answered.count_down();
    });
  }
  all_answered.wait();
  EXPECT_EQ(findings, 2u * kCalls);
}

TEST(ClientTest, ACallbackMayStartTheNextCall) {
  FakeContentService server;
  Client client(Target(server));
  const v1::PingRequest request;
  std::promise<absl::Status> second;
  client.PingAsync(request, {}, [&](const auto&) {
    client.PingAsync(request, {},
                     [&](const auto& response) { second.set_value(response.status()); });
  });
  EXPECT_TRUE(second.get_future().get().ok());
  EXPECT_EQ(server.ping_calls(), 2);
}

TEST(ClientTest, TheDestructorWaitsForCallsInFlight) {
  FakeContentService server;
  HeldCall held(server);
  std::atomic<bool> answered = false;
  std::jthread release;
  const v1::ProcessContentRequest request = Request("x");
  {
    Client client(Target(server));
    client.ProcessContentAsync(request, {}, [&](const auto&) { answered = true; });
    held.WaitForCall();
    release = std::jthread([&] { held.LetGo(); });
  }
  EXPECT_TRUE(answered);
}

TEST(ClientTest, ThreadsMayShareAClient) {
  FakeContentService server;
  Client client(Target(server));
  std::atomic<int> ok = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int call = 0; call < 20; ++call) ok += client.ProcessContent(Request("a.b")).ok();
      });
    }
  }
  EXPECT_EQ(ok, 160);
}

TEST(ClientTest, EachChannelIsAConnectionOfItsOwn) {
  FakeContentService server;
  Client::Options options = Target(server);
  options.channels = 3;
  Client client(options);
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(client.Ping().ok());
  EXPECT_THAT(server.peers(), SizeIs(3));
}

TEST(ClientTest, OneChannelIsOneConnection) {
  FakeContentService server;
  Client client(Target(server));
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(client.Ping().ok());
  EXPECT_THAT(server.peers(), SizeIs(1));
}

TEST(ClientTest, ARequestAboveTheLimitIsNotSent) {
  FakeContentService server;
  Client::Options options = Target(server);
  options.max_send_bytes = 1000;
  Client client(options);
  const v1::ProcessContentRequest request = Request(std::string(2000, 'x'));
  const auto response = client.ProcessContent(request);
  EXPECT_TRUE(absl::IsInvalidArgument(response.status())) << response.status();
  EXPECT_THAT(std::string(response.status().message()), HasSubstr("1000"));
  absl::Status async_status;
  client.ProcessContentAsync(request, {}, [&](const auto& r) { async_status = r.status(); });
  EXPECT_TRUE(absl::IsInvalidArgument(async_status)) << async_status;
  EXPECT_EQ(server.process_content_calls(), 0);
  EXPECT_TRUE(client.ProcessContent(Request(std::string(900, 'x'))).ok());
}

TEST(ClientTest, AResponseAboveTheLimitIsAnError) {
  FakeContentService server;
  server.AnswerProcessContent([](const auto&, auto& response) {
    response.add_findings()->set_value(std::string(8 * kMiB, 'x'));
    return grpc::Status::OK;
  });
  Client unlimited(Target(server));
  EXPECT_TRUE(unlimited.ProcessContent(Request("x")).ok());
  Client::Options options = Target(server);
  options.max_receive_bytes = kMiB;
  Client limited(options);
  const absl::Status status = limited.ProcessContent(Request("x")).status();
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
}

TEST(ClientTest, KeepsTheDetailsOfAnError) {
  FakeContentService server;
  server.AnswerProcessContent([](const auto&, auto&) {
    return ErrorWithDetails(grpc::StatusCode::INVALID_ARGUMENT, "data is 9 bytes, the limit is 8",
                            {.reason = "CONTENT_TOO_LARGE",
                             .metadata = {{"value", "9"}, {"limit", "8"}},
                             .field_violations = {{"data", "is 9 bytes, the limit is 8"}},
                             .retry_delay_ms = 1500});
  });
  Client client(Target(server));
  const Error error = DecodeError(client.ProcessContent(Request("x")).status());
  EXPECT_EQ(error.code, absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(error.message, "data is 9 bytes, the limit is 8");
  EXPECT_EQ(error.reason, "CONTENT_TOO_LARGE");
  EXPECT_EQ(error.domain, "trawl.v1");
  EXPECT_EQ(error.metadata.at("limit"), "8");
  ASSERT_THAT(error.field_violations, SizeIs(1));
  EXPECT_EQ(error.field_violations[0].field, "data");
  EXPECT_EQ(error.field_violations[0].description, "is 9 bytes, the limit is 8");
  EXPECT_EQ(error.retry_delay, absl::Milliseconds(1500));
}

TEST(ClientTest, AServerThatIsNotThereIsUnavailable) {
  const ClosedPort nobody;
  Client client({.target = nobody.address(), .max_attempts = 1});
  client.Connect(absl::Seconds(30));
  const absl::Status status = client.Ping().status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

}  // namespace
}  // namespace trawl::client
