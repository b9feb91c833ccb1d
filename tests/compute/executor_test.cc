#include "compute/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <latch>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace trawl::compute {
namespace {

class TestJob final : public Executor::Job {
 public:
  explicit TestJob(std::function<bool(size_t)> run) : run_(std::move(run)) {}
  bool Run(size_t task) override { return run_(task); }

 private:
  const std::function<bool(size_t)> run_;
};

void RunToEnd(Executor& executor, TestJob& job, size_t tasks) {
  std::latch finished(1);
  executor.Submit(job, tasks, [&] { finished.count_down(); });
  finished.wait();
}

class ExecutorTest : public testing::TestWithParam<int> {
 protected:
  Executor executor_{{.workers = GetParam(), .nice = 0}};
};

TEST_P(ExecutorTest, RunsEachTaskOnce) {
  std::vector<std::atomic<int>> runs(1000);
  TestJob job([&](size_t task) {
    ++runs[task];
    return true;
  });
  RunToEnd(executor_, job, runs.size());
  EXPECT_THAT(runs, testing::Each(testing::ResultOf([](const auto& n) { return n.load(); }, 1)));
  EXPECT_EQ(executor_.queued_tasks(), 0u);
}

TEST_P(ExecutorTest, FinishesAJobWithoutTasksAtOnce) {
  TestJob job([](size_t) { return true; });
  bool finished = false;
  executor_.Submit(job, 0, [&] { finished = true; });
  EXPECT_TRUE(finished);
}

TEST_P(ExecutorTest, DropsTheRestOfAJobThatIsNotWantedAnyMore) {
  std::atomic<int> runs = 0;
  TestJob job([&](size_t) {
    ++runs;
    return false;
  });
  RunToEnd(executor_, job, 100'000);
  EXPECT_LE(runs, std::max(1, GetParam()));
  EXPECT_EQ(executor_.queued_tasks(), 0u);
}

TEST_P(ExecutorTest, FinishedMayDestroyTheJob) {
  std::latch finished(1);
  auto job = std::make_unique<TestJob>([](size_t) { return true; });
  TestJob& reference = *job;
  executor_.Submit(reference, 3, [&finished, owned = std::move(job)]() mutable {
    owned.reset();
    finished.count_down();
  });
  finished.wait();
}

TEST_P(ExecutorTest, TakesJobsFromManyThreadsAndFromTasks) {
  constexpr int kThreads = 4;
  constexpr int kJobsEach = 50;
  std::atomic<int> runs = 0;
  std::latch finished(kThreads * kJobsEach * 2);
  std::vector<std::unique_ptr<TestJob>> inner(kThreads * kJobsEach);
  std::vector<std::unique_ptr<TestJob>> outer(kThreads * kJobsEach);
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int j = t * kJobsEach; j < (t + 1) * kJobsEach; ++j) {
        inner[j] = std::make_unique<TestJob>([&](size_t) { return ++runs > 0; });
        outer[j] = std::make_unique<TestJob>([&, j](size_t task) {
          if (task == 0) executor_.Submit(*inner[j], 5, [&] { finished.count_down(); });
          return ++runs > 0;
        });
        executor_.Submit(*outer[j], 7, [&] { finished.count_down(); });
      }
    });
  }
  finished.wait();
  EXPECT_EQ(runs, kThreads * kJobsEach * 12);
}

INSTANTIATE_TEST_SUITE_P(Workers, ExecutorTest, testing::Values(0, 1, 2, 64),
                         testing::PrintToStringParamName());

TEST(ExecutorFairnessTest, ATinyJobWaitsForAtMostOneTaskOfAHugeOne) {
  Executor executor({.workers = 1});
  std::latch started(1);
  std::latch tiny_submitted(1);
  std::vector<char> order;
  TestJob huge([&](size_t task) {
    if (task == 0) {
      started.count_down();
      tiny_submitted.wait();
    }
    order.push_back('H');
    return true;
  });
  std::latch finished(11);
  executor.Submit(huge, 4096, [&] { finished.count_down(); });
  started.wait();
  std::vector<std::unique_ptr<TestJob>> tiny;
  for (int i = 0; i < 10; ++i) {
    tiny.push_back(std::make_unique<TestJob>([&](size_t) {
      order.push_back('t');
      return true;
    }));
    executor.Submit(*tiny.back(), 1, [&] { finished.count_down(); });
  }
  tiny_submitted.count_down();
  finished.wait();
  std::string begin(order.begin(), order.begin() + 12);
  EXPECT_EQ(begin, "HHtttttttttt") << "one task was running, one was first in the ring";
}

TEST(ExecutorFairnessTest, HugeJobsTakeTurns) {
  Executor executor({.workers = 1});
  std::latch started(1);
  std::latch both_submitted(1);
  std::vector<char> order;
  TestJob first([&](size_t task) {
    if (task == 0) {
      started.count_down();
      both_submitted.wait();
    }
    order.push_back('a');
    return true;
  });
  TestJob second([&](size_t) {
    order.push_back('b');
    return true;
  });
  std::latch finished(2);
  executor.Submit(first, 100, [&] { finished.count_down(); });
  started.wait();
  executor.Submit(second, 100, [&] { finished.count_down(); });
  both_submitted.count_down();
  finished.wait();
  for (size_t i = 2; i + 2 < order.size(); i += 2) {
    EXPECT_NE(order[i], order[i + 1]) << "at " << i;
  }
}

TEST(ExecutorTest, TellsHowManyTasksWait) {
  Executor executor({.workers = 1});
  std::latch started(1);
  std::latch go_on(1);
  TestJob job([&](size_t task) {
    if (task == 0) {
      started.count_down();
      go_on.wait();
    }
    return true;
  });
  std::latch finished(1);
  executor.Submit(job, 10, [&] { finished.count_down(); });
  started.wait();
  EXPECT_EQ(executor.queued_tasks(), 9u);
  go_on.count_down();
  finished.wait();
  EXPECT_EQ(executor.queued_tasks(), 0u);
}

TEST(ExecutorTest, TellsHowLongAJobWouldWaitForOthers) {
  constexpr std::chrono::milliseconds kTaskTime(1);
  constexpr int kTasks = 1000;
  Executor executor({.workers = 1});
  EXPECT_EQ(executor.ExpectedWait(kTasks).count(), 0) << "nothing waits";
  TestJob slow([&](size_t) {
    const auto end = std::chrono::steady_clock::now() + kTaskTime;
    while (std::chrono::steady_clock::now() < end) {
    }
    return true;
  });
  RunToEnd(executor, slow, 100);
  EXPECT_EQ(executor.ExpectedWait(kTasks).count(), 0) << "nothing waits any more";

  std::latch started(1);
  std::latch go_on(1);
  TestJob holder([&](size_t task) {
    if (task == 0) {
      started.count_down();
      go_on.wait();
    }
    return task == 0;
  });
  std::latch finished(1);
  executor.Submit(holder, kTasks + 1, [&] { finished.count_down(); });
  started.wait();
  const auto of_many = executor.ExpectedWait(kTasks);
  EXPECT_GE(of_many, kTasks * kTaskTime * 8 / 10) << "all of the others go before the last one";
  EXPECT_LE(executor.ExpectedWait(1), of_many) << "one of the others goes before";
  while (executor.ExpectedWait(1) < 3 * of_many) {
    // Nothing is begun, so it grows with time, whatever the tasks took before.
  }
  go_on.count_down();
  finished.wait();
}

TEST(ExecutorTest, HasAsManyThreadsAsWorkers) {
  constexpr int kWorkers = 6;
  Executor executor({.workers = kWorkers});
  std::latch all_here(kWorkers);
  TestJob job([&](size_t) {
    all_here.arrive_and_wait();
    return true;
  });
  RunToEnd(executor, job, kWorkers);
}

class WeightedJob final : public Executor::Job {
 public:
  WeightedJob(uint64_t bytes, std::function<bool(size_t)> run) : bytes_(bytes), run_(run) {}
  bool Run(size_t task) override { return run_(task); }
  uint64_t bytes() const override { return bytes_; }

 private:
  const uint64_t bytes_;
  const std::function<bool(size_t)> run_;
};

TEST(ExecutorTest, QueuedBytesAreThoseOfTasksThatHaveNotBegun) {
  Executor executor({.workers = 1});
  std::vector<uint64_t> seen;
  const auto look = [&](size_t) {
    EXPECT_EQ(executor.busy_workers(), 1);
    seen.push_back(executor.queued_bytes());
    return true;
  };
  WeightedJob job(1001, look);
  std::latch finished(1);
  executor.Submit(job, 4, [&] { finished.count_down(); });
  finished.wait();
  EXPECT_THAT(seen, testing::ElementsAre(751, 501, 251, 0));

  WeightedJob dropped(1000, [](size_t) { return false; });
  std::latch ended(1);
  executor.Submit(dropped, 4, [&] { ended.count_down(); });
  ended.wait();
  EXPECT_EQ(executor.queued_bytes(), 0u);
}

// The first job's worker may still be asleep when the second comes.
TEST(ExecutorTest, JobsThatComeTogetherHaveAWorkerEach) {
  Executor executor({.workers = 2});
  for (int round = 0; round < 2000; ++round) {
    TestJob before([](size_t) { return true; });
    RunToEnd(executor, before, 1 + round % 2);
    std::latch met(2);
    TestJob one([&](size_t) {
      met.arrive_and_wait();
      return true;
    });
    TestJob other([&](size_t) {
      met.arrive_and_wait();
      return true;
    });
    std::latch finished(2);
    executor.Submit(one, 1, [&] { finished.count_down(); });
    executor.Submit(other, 1, [&] { finished.count_down(); });
    finished.wait();
  }
}

TEST(ExecutorTest, WorkersAreNicerThanTheThreadThatMadeThem) {
  int own = getpriority(PRIO_PROCESS, 0);
  for (int repeat = 0; repeat < 3; ++repeat) {
    Executor executor({.workers = 3, .nice = 4});
    std::mutex mutex;
    std::vector<int> nice;
    TestJob job([&](size_t) {
      std::lock_guard lock(mutex);
      nice.push_back(getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid))));
      return true;
    });
    RunToEnd(executor, job, 30);
    EXPECT_THAT(nice, testing::Each(own + 4));
  }
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), own);
}

TEST(AvailableCpusTest, HonoursAffinity) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(AvailableCpus(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
  EXPECT_GE(AvailableCpus(), 1);
  EXPECT_LE(AvailableCpus(), CPU_COUNT(&before));
}

}  // namespace
}  // namespace trawl::compute
