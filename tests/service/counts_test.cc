#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "service/call_counts.h"
#include "service/metric_page.h"
#include "service/work_counts.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {
namespace {

using absl::StatusCode;
using compute::Confidence;
using compute::Kind;
using std::chrono::nanoseconds;

const google::protobuf::ServiceDescriptor& Service() {
  return *v1::PingRequest::descriptor()->file()->FindServiceByName("ContentService");
}

template <typename Work>
void OnThreads(int count, Work work) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(work);
}

TEST(DurationHistogramTest, ABoundBelongsToTheBucketThatItEnds) {
  DurationHistogram<kChunkBounds> histogram;
  DurationTotals totals(kChunkBounds);
  for (nanoseconds bound : kChunkBounds) {
    histogram.Add(bound);
    histogram.Add(bound + nanoseconds(1));
  }
  histogram.Add(nanoseconds(0));
  histogram.AddTo(totals);
  std::vector<uint64_t> expected(kChunkBounds.size() + 1, 2);
  expected.back() = 1;
  EXPECT_EQ(totals.counts, expected);
}

TEST(CallCountsTest, NothingIsLostThatManyThreadsCount) {
  constexpr int kThreads = 40;  // more than there are shards
  constexpr int kCalls = 1000;
  CallCounts counts(Service());
  OnThreads(kThreads, [&] {
    for (int i = 0; i < kCalls; ++i) {
      counts.Of("Ping").Begin();
      counts.Of("Ping").End(i % 4 == 0 ? StatusCode::kCancelled : StatusCode::kOk,
                            std::chrono::milliseconds(i % 100));
      counts.AddWait(std::chrono::microseconds(1));
      counts.AddRefusal(StatusCode::kInvalidArgument, "R");
      counts.AddCancellation(Canceller::kIdle);
    }
  });
  const auto totals = counts.Of("Ping").totals();
  EXPECT_EQ(totals.started, kThreads * kCalls);
  EXPECT_EQ(totals.all_ended(), kThreads * kCalls);
  EXPECT_EQ(totals.ended[static_cast<size_t>(StatusCode::kOk)], kThreads * kCalls / 4 * 3);
  EXPECT_EQ(totals.messages_sent, kThreads * kCalls / 4 * 3);
  EXPECT_EQ(std::accumulate(totals.duration.counts.begin(), totals.duration.counts.end(), 0),
            kThreads * kCalls);
  EXPECT_EQ(totals.duration.sum, kThreads * kCalls / 100 * std::chrono::milliseconds(4950));
  EXPECT_EQ(counts.waits().counts.front(), kThreads * kCalls);
  EXPECT_EQ(counts.refusals().at({StatusCode::kInvalidArgument, "R"}), kThreads * kCalls);
  EXPECT_EQ(counts.cancellations(Canceller::kIdle), kThreads * kCalls);
  EXPECT_EQ(counts.ToJson().dump(), R"({"Ping":{"OK":30000,"CANCELLED":10000}})");
  EXPECT_EQ(counts.CancellationsToJson().dump(), R"({"idle":40000})");
}

TEST(CallCountsTest, KnowsEveryMethodOfTheContract) {
  CallCounts counts(Service());
  ASSERT_EQ(counts.methods().size(), static_cast<size_t>(Service().method_count()));
  for (const CallCounts::Method& method : counts.methods()) {
    EXPECT_EQ(&counts.Of(method.name()), &method);
    EXPECT_EQ(method.is_stream(), method.name() == "ProcessContentStream");
  }
}

// Against counting one by one.
TEST(WorkCountsTest, CountsFindingsByKindAndConfidenceInWhateverOrder) {
  WorkCounts counts;
  WorkCounts::PerFinding<uint64_t> expected{};
  uint32_t seed = 1;
  for (int round = 0; round < 200; ++round) {
    compute::FindingList list;
    for (int i = 0; i < round; ++i) {
      seed = seed * 1664525 + 1013904223;
      compute::Finding finding;
      // Long runs of one kind in some rounds, none in others.
      finding.kind =
          static_cast<Kind>(1 + (round % 2 == 0 ? round : seed >> 8) % compute::kMaxKind);
      finding.confidence = static_cast<Confidence>(1 + (seed >> 16) % compute::kMaxConfidence);
      ++expected[static_cast<size_t>(finding.kind)][static_cast<size_t>(finding.confidence)];
      list.Add(finding, "");
    }
    counts.Searched(10, &list, std::chrono::microseconds(1));
  }
  counts.Searched(10, nullptr, std::chrono::microseconds(1));
  const WorkCounts::Totals totals = counts.totals();
  EXPECT_EQ(totals.findings, expected);
  EXPECT_EQ(totals.bytes, 2000u) << "not those of the chunk that failed";
  EXPECT_EQ(totals.failed_chunks, 1u);
  EXPECT_EQ(totals.chunk_time.counts.front(), 201u);
}

TEST(MetricPageTest, BucketsOfAHistogramHoldThoseBelowThem) {
  DurationTotals totals(kChunkBounds);
  totals.counts.front() = 3;
  totals.counts[1] = 2;
  totals.counts.back() = 1;
  totals.sum = std::chrono::milliseconds(1500);
  MetricPage page;
  page.Histogram("h", "Help.", {{{{"a", "b"}}, totals}});
  const auto families = page.Take();
  ASSERT_EQ(families.size(), 1u);
  const auto& histogram = families[0].metric.at(0).histogram;
  EXPECT_EQ(histogram.sample_count, 6u);
  EXPECT_DOUBLE_EQ(histogram.sample_sum, 1.5);
  ASSERT_EQ(histogram.bucket.size(), kChunkBounds.size() + 1);
  EXPECT_EQ(histogram.bucket.front().cumulative_count, 3u);
  EXPECT_DOUBLE_EQ(histogram.bucket.front().upper_bound, 5e-6);
  EXPECT_EQ(histogram.bucket[1].cumulative_count, 5u);
  EXPECT_EQ(histogram.bucket.back().cumulative_count, 6u);
}

}  // namespace
}  // namespace trawl::service
