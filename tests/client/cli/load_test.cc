#include "client/cli/load.h"

#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <stop_token>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_content_service.h"

namespace trawl::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

client::Client::Options Target(const FakeContentService& server) {
  return {.target = server.address(), .max_attempts = 1};
}

LoadOptions Process(std::string content) {
  LoadOptions options;
  options.request.set_data(std::move(content));
  return options;
}

// Holds the first call for a time, as a server that stalls.
FakeContentService::ProcessHandler StallFirst(std::chrono::milliseconds time) {
  auto first = std::make_shared<std::atomic<bool>>(true);
  return [first, time](const auto&, auto&) {
    if (first->exchange(false)) std::this_thread::sleep_for(time);
    return grpc::Status::OK;
  };
}

TEST(LoadTest, ClosedLoopMakesTheCallsAskedFor) {
  FakeContentService server;
  client::Client client(Target(server));
  LoadOptions options = Process("see a.example");
  options.concurrency = 8;
  options.requests = 100;
  const LoadResult result = RunLoad(client, options, {});
  EXPECT_EQ(result.ok, 100u);
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.bytes, 100u * 13);
  EXPECT_EQ(result.latencies.count(), 100u);
  EXPECT_EQ(server.process_content_calls(), 100);
}

TEST(LoadTest, ClosedLoopKeepsAllItsCallsOutstanding) {
  constexpr int kConcurrency = 16;
  FakeContentService server;
  std::latch all_called(kConcurrency);
  server.AnswerProcessContent([&](const auto&, auto&) {
    all_called.arrive_and_wait();
    return grpc::Status::OK;
  });
  client::Client client(Target(server));
  LoadOptions options = Process("x");
  options.concurrency = kConcurrency;
  options.requests = kConcurrency;
  EXPECT_EQ(RunLoad(client, options, {}).ok, static_cast<uint64_t>(kConcurrency));
}

TEST(LoadTest, ClosedLoopEndsAtItsDuration) {
  FakeContentService server;
  client::Client client(Target(server));
  LoadOptions options = Process("x");
  options.duration = absl::Milliseconds(100);
  const LoadResult result = RunLoad(client, options, {});
  EXPECT_GE(result.elapsed, absl::Milliseconds(100));
  EXPECT_GT(result.ok, 0u);
  EXPECT_EQ(result.ok, static_cast<uint64_t>(server.process_content_calls()));
}

TEST(LoadTest, ErrorsAreCountedByCodeAndHaveNoLatency) {
  FakeContentService server;
  std::atomic<int> calls = 0;
  server.AnswerProcessContent([&](const auto&, auto&) {
    return ++calls % 4 == 0 ? grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "busy")
                            : grpc::Status::OK;
  });
  client::Client client(Target(server));
  LoadOptions options = Process("x");
  options.requests = 40;
  const LoadResult result = RunLoad(client, options, {});
  EXPECT_EQ(result.ok, 30u);
  EXPECT_EQ(result.latencies.count(), 30u);
  EXPECT_THAT(result.errors, ElementsAre(Pair(absl::StatusCode::kResourceExhausted, 10)));
  EXPECT_EQ(result.first_error.message(), "busy");
}

TEST(LoadTest, OpenLoopMeasuresFromTheTimeACallWasDue) {
  FakeContentService server;
  server.AnswerProcessContent(StallFirst(std::chrono::milliseconds(200)));
  client::Client client(Target(server));
  LoadOptions options = Process("x");
  options.rate = 1000;
  options.requests = 50;
  options.concurrency = 1;
  const LoadResult result = RunLoad(client, options, {});
  EXPECT_EQ(result.ok, 50u);
  EXPECT_GE(result.latencies.min(), absl::Milliseconds(200 - 50));
}

TEST(LoadTest, OpenLoopKeepsToItsRate) {
  FakeContentService server;
  client::Client client(Target(server));
  LoadOptions options;
  options.method = LoadOptions::Method::kPing;
  options.rate = 200;
  options.requests = 20;
  options.concurrency = 64;
  const LoadResult result = RunLoad(client, options, {});
  EXPECT_GE(result.elapsed, absl::Milliseconds(95));
  EXPECT_EQ(result.ok, 20u);
  EXPECT_EQ(server.ping_calls(), 20);
}

TEST(LoadTest, OpenLoopCountsTheCallsThatNeverHadRoom) {
  FakeContentService server;
  server.AnswerProcessContent(StallFirst(std::chrono::milliseconds(200)));
  client::Client client(Target(server));
  LoadOptions options = Process("x");
  options.rate = 1000;
  options.duration = absl::Milliseconds(50);
  options.concurrency = 1;
  const LoadResult result = RunLoad(client, options, {});
  EXPECT_EQ(result.ok, 1u);
  EXPECT_EQ(result.not_started, 49u);
}

TEST(LoadTest, AStopEndsItAndGivesWhatWasMeasured) {
  FakeContentService server;
  std::stop_source stop;
  std::atomic<int> calls = 0;
  server.AnswerProcessContent([&](const auto&, auto&) {
    if (++calls == 10) stop.request_stop();
    return grpc::Status::OK;
  });
  client::Client client(Target(server));
  for (const bool open : {false, true}) {
    stop = std::stop_source();
    calls = 0;
    LoadOptions options = Process("x");
    if (open) options.rate = 1000;
    EXPECT_GE(RunLoad(client, options, stop.get_token()).ok, 9u);
  }
}

}  // namespace
}  // namespace trawl::cli
