#include "service/rpc/poller.h"

#include <gmock/gmock.h>
#include <grpcpp/alarm.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "service/rpc/background_operation.h"
#include "service/rpc/call_tracker.h"
#include "service/rpc/completion_tag.h"
#include "service/rpc/detached.h"
#include "service/rpc/operation.h"

namespace trawl::rpc {
namespace {

// A poller whose queue belongs to a server that listens nowhere.
class PollerTest : public testing::Test {
 protected:
  PollerTest() : poller_(builder_.AddCompletionQueue()), server_(builder_.BuildAndStart()) {}
  ~PollerTest() override {
    server_->Shutdown();
    poller_.Stop();
  }

  grpc::ServerBuilder builder_;
  Poller poller_;
  std::unique_ptr<grpc::Server> server_;
};

Detached ReturnTo(Poller& poller, int number, std::vector<std::pair<int, std::thread::id>>& order,
                  std::latch& returned) {
  Poller::Return back(poller);
  co_await back;
  order.emplace_back(number, std::this_thread::get_id());
  returned.count_down();
}

TEST_F(PollerTest, CoroutinesReturnToItsThreadInOrder) {
  constexpr int kCount = 1000;
  std::vector<std::pair<int, std::thread::id>> order;
  std::latch returned(kCount);
  poller_.Start("poller");
  for (int i = 0; i < kCount; ++i) ReturnTo(poller_, i, order, returned);
  returned.wait();
  for (int i = 0; i < kCount; ++i) {
    EXPECT_EQ(order[i].first, i);
    EXPECT_EQ(order[i].second, order[0].second);
    EXPECT_NE(order[i].second, std::this_thread::get_id());
  }
}

TEST_F(PollerTest, CoroutinesReturnFromManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  std::vector<std::pair<int, std::thread::id>> order;
  std::latch returned(kThreads * kEach);
  poller_.Start("poller");
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) ReturnTo(poller_, i, order, returned);
    });
  }
  returned.wait();
  EXPECT_EQ(order.size(), size_t{kThreads * kEach});
}

Detached TakeTurns(Poller& poller, int number, std::vector<int>& order, std::latch& over) {
  Poller::Return there(poller);
  co_await there;
  for (int i = 0; i < 3; ++i) {
    order.push_back(number);
    Poller::Yield turn(poller);
    co_await turn;
  }
  over.count_down();
}

TEST_F(PollerTest, CoroutinesThatYieldTakeTurns) {
  std::vector<int> order;
  std::latch over(3);
  for (int i = 0; i < 3; ++i) TakeTurns(poller_, i, order, over);
  poller_.Start("poller");
  over.wait();
  EXPECT_THAT(order, testing::ElementsAre(0, 1, 2, 0, 1, 2, 0, 1, 2));
}

Detached YieldUntil(Poller& poller, std::atomic<bool>& end, std::latch& begun, std::latch& over) {
  Poller::Return there(poller);
  co_await there;
  begun.count_down();
  while (!end) {
    Poller::Yield turn(poller);
    co_await turn;
  }
  over.count_down();
}

Detached ReturnAndSet(Poller& poller, std::atomic<bool>& flag) {
  Poller::Return there(poller);
  co_await there;
  flag = true;
}

TEST_F(PollerTest, WhatArrivesIsSeenToWhileCoroutinesYield) {
  std::atomic<bool> arrived = false;
  std::latch begun(2);
  std::latch over(2);
  poller_.Start("poller");
  for (int i = 0; i < 2; ++i) YieldUntil(poller_, arrived, begun, over);
  begun.wait();
  ReturnAndSet(poller_, arrived);
  over.wait();
}

Detached ReturnUntil(Poller& poller, std::atomic<bool>& end, std::latch& over) {
  while (!end) {
    Poller::Return again(poller);
    co_await again;
  }
  over.count_down();
}

Detached YieldOnceAndSet(Poller& poller, std::atomic<bool>& flag, std::latch& over) {
  Poller::Return there(poller);
  co_await there;
  Poller::Yield turn(poller);
  co_await turn;
  flag = true;
  over.count_down();
}

TEST_F(PollerTest, ACoroutineThatYieldsHasItsTurnHoweverMuchArrives) {
  std::atomic<bool> end = false;
  std::latch over(3);
  poller_.Start("poller");
  for (int i = 0; i < 2; ++i) ReturnUntil(poller_, end, over);
  YieldOnceAndSet(poller_, end, over);
  over.wait();
}

// Completes on the poller, as soon as that looks at its queue.
class Arrival final : public CompletionTag {
 public:
  explicit Arrival(Poller& poller) : poller_(poller) {}
  void Begin() { alarm_.Set(poller_.queue(), gpr_inf_past(GPR_CLOCK_MONOTONIC), tag()); }
  bool arrived() const { return arrived_; }
  void Complete(bool) noexcept override { arrived_ = true; }

 private:
  Poller& poller_;
  grpc::Alarm alarm_;
  bool arrived_ = false;
};

Detached ReturnAndWork(Poller& poller, int number, Arrival& arrival, std::vector<bool>& arrived,
                       std::latch& returned) {
  Poller::Return back(poller);
  co_await back;
  if (number == 0) arrival.Begin();
  arrived.push_back(arrival.arrived());
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
  while (std::chrono::steady_clock::now() < end) continue;
  returned.count_down();
}

TEST_F(PollerTest, WhatArrivesIsSeenToWhileManyReturn) {
  constexpr int kCount = 20;
  Arrival arrival(poller_);
  std::vector<bool> arrived;
  std::latch returned(kCount);
  for (int i = 0; i < kCount; ++i) ReturnAndWork(poller_, i, arrival, arrived, returned);
  poller_.Start("poller");
  returned.wait();
  EXPECT_FALSE(arrived.front());
  EXPECT_TRUE(arrived.back());
}

// Each turn leaves behind an operation that has ended.
Detached WorkUntil(Poller& poller, std::atomic<bool>& end, std::latch& over) {
  Poller::Return there(poller);
  co_await there;
  AnyCompletion any;
  BackgroundOperation operation(any);
  while (!end) {
    grpc::Alarm alarm;
    operation.Start(
        [&](void* tag) { alarm.Set(poller.queue(), gpr_inf_past(GPR_CLOCK_MONOTONIC), tag); });
    Poller::Yield turn(poller);
    co_await turn;
    if (operation.running()) co_await any;
    operation.TakeEnd();
  }
  over.count_down();
}

// As WorkUntil, but no coroutine waits for its turn while the operation ends.
Detached WaitAndYieldUntil(Poller& poller, std::atomic<bool>& end, std::latch& over) {
  Poller::Return there(poller);
  co_await there;
  while (!end) {
    grpc::Alarm alarm;
    Operation ended(
        [&](void* tag) { alarm.Set(poller.queue(), gpr_inf_past(GPR_CLOCK_MONOTONIC), tag); });
    co_await ended;
    Poller::Yield turn(poller);
    co_await turn;
  }
  over.count_down();
}

// Whether a client gets its answer while the poller works on `work`. Another thread of gRPC's would
// see to the socket, too: hence no client of gRPC's.
void ExpectSocketsAreLookedAtBeside(Detached (*work)(Poller&, std::atomic<bool>&, std::latch&)) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  Poller poller(builder.AddCompletionQueue());
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  std::atomic<bool> end = false;
  std::latch over(1);
  work(poller, end, over);
  poller.Start("poller");

  const int client = socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience{.tv_sec = 60, .tv_usec = 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  constexpr std::string_view kPreface("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);
  EXPECT_EQ(send(client, kPreface.data(), kPreface.size(), 0), ssize_t{kPreface.size()});
  char byte = 0;
  EXPECT_EQ(recv(client, &byte, 1, 0), 1);
  close(client);

  end = true;
  over.wait();
  server->Shutdown();
  poller.Stop();
}

TEST(PollerSocketTest, SocketsAreLookedAtHoweverManyOperationsEnd) {
  ExpectSocketsAreLookedAtBeside(WorkUntil);
}

TEST(PollerSocketTest, SocketsAreLookedAtHoweverManyOperationsAreWaitedFor) {
  ExpectSocketsAreLookedAtBeside(WaitAndYieldUntil);
}

Detached ReturnThenEnd(Poller& poller, CallTracker& tracker) {
  CallTracker::Token token(tracker);
  Poller::Return back(poller);
  co_await back;
}

TEST(PollerStopTest, MayStopAsSoonAsNoCallLives) {
  for (int i = 0; i < 200; ++i) {
    grpc::ServerBuilder builder;
    Poller poller(builder.AddCompletionQueue());
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    poller.Start("poller");
    CallTracker tracker;
    for (int call = 0; call < 10; ++call) ReturnThenEnd(poller, tracker);
    server->Shutdown();
    tracker.WaitForNone();
    poller.Stop();
  }
}

TEST(PollerStopTest, APollerThatWasNeverStartedStops) {
  grpc::ServerBuilder builder;
  Poller poller(builder.AddCompletionQueue());
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  server->Shutdown();
  poller.Stop();
}

}  // namespace
}  // namespace trawl::rpc
