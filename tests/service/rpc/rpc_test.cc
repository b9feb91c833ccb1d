// The coroutine layer against fake tags: no network, no gRPC.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <latch>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "service/rpc/call_done.h"
#include "service/rpc/call_tracker.h"
#include "service/rpc/completion_tag.h"
#include "service/rpc/detached.h"
#include "service/rpc/operation.h"

namespace trawl::rpc {
namespace {

void Deliver(void* tag, bool ok) { static_cast<CompletionTag*>(tag)->Complete(ok); }

template <typename Start>
Detached AwaitOperation(Start start, std::vector<std::string>& events) {
  Operation operation(std::move(start));
  events.push_back("start");
  const bool ok = co_await operation;
  events.push_back(ok ? "ok" : "not ok");
}

TEST(OperationTest, GoesOnWithTheOkOfItsTag) {
  for (bool ok : {true, false}) {
    void* given = nullptr;
    std::vector<std::string> events;
    AwaitOperation([&given](void* tag) { given = tag; }, events);
    EXPECT_THAT(events, testing::ElementsAre("start"));
    Deliver(given, ok);
    EXPECT_THAT(events, testing::ElementsAre("start", ok ? "ok" : "not ok"));
  }
}

TEST(OperationTest, MayCompleteBeforeStartReturns) {
  std::vector<std::string> events;
  AwaitOperation([](void* tag) { Deliver(tag, true); }, events);
  EXPECT_THAT(events, testing::ElementsAre("start", "ok"));
}

TEST(OperationTest, MayCompleteOnAnotherThreadWhileItStarts) {
  for (int i = 0; i < 1000; ++i) {
    std::vector<std::string> events;
    std::thread other;
    AwaitOperation(
        [&other](void* tag) {
          std::thread& outlives_the_frame = other;
          outlives_the_frame = std::thread([tag] { Deliver(tag, true); });
        },
        events);
    other.join();
    ASSERT_THAT(events, testing::ElementsAre("start", "ok"));
  }
}

template <typename Start>
Detached AwaitCallback(Start start, std::string& state) {
  Callback callback(std::move(start));
  state = "waits";
  co_await callback;
  state = "went on";
}

TEST(CallbackTest, GoesOnWhenCalled) {
  std::function<void()> resume;
  std::string state;
  AwaitCallback([&resume](auto given) { resume = given; }, state);
  EXPECT_EQ(state, "waits");
  resume();
  EXPECT_EQ(state, "went on");
}

TEST(CallbackTest, MayBeCalledBeforeStartReturns) {
  std::string state;
  AwaitCallback([](auto resume) { resume(); }, state);
  EXPECT_EQ(state, "went on");
}

struct FakeContext {
  void AsyncNotifyWhenDone(void* tag) { done_tag = tag; }
  bool IsCancelled() const { return cancelled; }

  void* done_tag = nullptr;
  bool cancelled = false;
};

Detached AwaitDone(CallDone<FakeContext>& done, bool& over) {
  co_await done;
  over = true;
}

TEST(CallDoneTest, AsksForItsTagWhenMade) {
  FakeContext context;
  CallDone done(context);
  EXPECT_EQ(context.done_tag, done.tag());
}

TEST(CallDoneTest, EndsTheWaitWhenTheTagComesAfter) {
  FakeContext context;
  CallDone done(context);
  bool over = false;
  AwaitDone(done, over);
  EXPECT_FALSE(over);
  Deliver(context.done_tag, true);
  EXPECT_TRUE(over);
  EXPECT_FALSE(done.stop_token().stop_requested());
}

TEST(CallDoneTest, DoesNotWaitWhenTheTagCameBefore) {
  FakeContext context;
  CallDone done(context);
  Deliver(context.done_tag, true);
  bool over = false;
  AwaitDone(done, over);
  EXPECT_TRUE(over);
}

TEST(CallDoneTest, ACancelledCallStopsItsWorkAtOnce) {
  FakeContext context;
  CallDone done(context);
  std::stop_token stop = done.stop_token();
  context.cancelled = true;
  Deliver(context.done_tag, true);
  EXPECT_TRUE(stop.stop_requested());
}

TEST(CallDoneTest, TheOrderOfTagAndWaitDoesNotMatterAcrossThreads) {
  for (int i = 0; i < 1000; ++i) {
    FakeContext context;
    CallDone done(context);
    bool over = false;
    std::latch both(2);
    std::thread other([&] {
      both.arrive_and_wait();
      Deliver(context.done_tag, true);
    });
    both.arrive_and_wait();
    AwaitDone(done, over);
    other.join();
    ASSERT_TRUE(over);
  }
}

Detached LiveUntil(CallTracker& tracker, void*& tag) {
  CallTracker::Token token(tracker);
  Operation operation([&tag](void* given) { tag = given; });
  const bool ok = co_await operation;
  static_cast<void>(ok);
}

TEST(CallTrackerTest, CountsACallUntilItsFrameEnds) {
  CallTracker tracker;
  EXPECT_EQ(tracker.WaitForNone(), 0);
  void* first = nullptr;
  void* second = nullptr;
  LiveUntil(tracker, first);
  LiveUntil(tracker, second);
  EXPECT_EQ(tracker.WaitForNone(std::chrono::steady_clock::now()), 2);
  Deliver(first, true);
  EXPECT_EQ(tracker.WaitForNone(std::chrono::steady_clock::now()), 1);
  std::thread other([&] { Deliver(second, true); });
  EXPECT_EQ(tracker.WaitForNone(), 0);
  other.join();
}

}  // namespace
}  // namespace trawl::rpc
