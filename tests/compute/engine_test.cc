#include "compute/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <new>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fake_detectors.h"

namespace trawl::compute {
namespace {

using std::chrono::steady_clock;
using testing::CallbackDetector;
using ::testing::ElementsAre;
using testing::HashDetector;

std::vector<std::pair<uint64_t, std::string>> Flatten(const Report& report) {
  std::vector<std::pair<uint64_t, std::string>> all;
  for (const FindingList& list : report.chunks) {
    for (const Finding& finding : list) {
      all.emplace_back(finding.begin, std::string(list.value(finding)));
    }
  }
  return all;
}

TEST(CutIntoChunksTest, CoversTheDocumentWithoutGapsOrOverlaps) {
  for (uint64_t bytes : {0, 1, 2, 63, 64, 65, 1000, 4096}) {
    for (uint32_t count : {0, 1, 2, 3, 7, 64, 4096}) {
      const std::vector<Chunk> chunks = CutIntoChunks(bytes, count, 4, 16, 256);
      uint64_t at = 0;
      for (const Chunk& chunk : chunks) {
        EXPECT_EQ(chunk.begin, at);
        EXPECT_GT(chunk.end, chunk.begin);
        EXPECT_LE(chunk.end - chunk.begin, 256u);
        at = chunk.end;
      }
      EXPECT_EQ(at, bytes);
    }
  }
}

TEST(CutIntoChunksTest, GivesTheNumberAskedForWithinTheLimits) {
  EXPECT_EQ(CutIntoChunks(1000, 7, 4, 16, 256).size(), 7u);
  EXPECT_EQ(CutIntoChunks(1000, 1, 4, 16, 256).size(), 4u) << "no chunk over 256 bytes";
  EXPECT_EQ(CutIntoChunks(5, 7, 4, 16, 256).size(), 5u) << "no empty chunk";
}

TEST(CutIntoChunksTest, ByItselfGivesEveryWorkerAShareThatIsWorthIt) {
  EXPECT_EQ(CutIntoChunks(15, 0, 4, 16, 256).size(), 1u);
  EXPECT_EQ(CutIntoChunks(40, 0, 4, 16, 256).size(), 2u);
  EXPECT_EQ(CutIntoChunks(200, 0, 4, 16, 256).size(), 4u);
  EXPECT_EQ(CutIntoChunks(200, 0, 0, 16, 256).size(), 1u);
  EXPECT_EQ(CutIntoChunks(2560, 0, 4, 16, 256).size(), 10u);
}

class EngineTest : public ::testing::TestWithParam<int> {
 protected:
  Executor executor_{{.workers = GetParam()}};
};

TEST_P(EngineTest, FindsTheSameHoweverTheDocumentIsCut) {
  std::mt19937 random(1);
  std::string document(5000, ' ');
  for (char& byte : document) byte = "#ab "[random() % 4];
  HashDetector detector;
  Engine engine(executor_, {&detector}, {.min_chunk_bytes = 16, .max_chunk_bytes = 1024});
  const auto expected = Flatten(Engine(executor_, {&detector}, {}).Process(document, {}).value());
  ASSERT_GT(expected.size(), 500u);
  for (uint32_t count = 0; count <= 64; ++count) {
    ProcessOptions options;
    options.chunk_count = count;
    Report report = engine.Process(document, options).value();
    EXPECT_EQ(Flatten(report), expected) << count << " chunks";
    EXPECT_EQ(report.total_count, expected.size());
    EXPECT_EQ(report.bytes, document.size());
    EXPECT_EQ(report.scanned_until(), document.size());
  }
}

TEST_P(EngineTest, AnEmptyDocumentGivesAnEmptyReport) {
  HashDetector detector;
  Engine engine(executor_, {&detector}, {});
  Report report = engine.Process("", {}).value();
  EXPECT_EQ(report.chunks.size(), 0u);
  EXPECT_EQ(report.total_count, 0u);
  EXPECT_TRUE(report.errors.empty());
}

TEST_P(EngineTest, AChunkThatThrowsLosesNothingElse) {
  HashDetector finds;
  CallbackDetector throws([](std::string_view, Chunk chunk) {
    if (chunk.begin == 4) throw std::runtime_error("content must not leak");
    if (chunk.begin == 8) throw std::bad_alloc();
  });
  Engine engine(executor_, {&finds, &throws}, {});
  ProcessOptions options;
  options.chunk_count = 4;
  Report report = engine.Process("#a  #b  #c  #d  ", options).value();
  EXPECT_THAT(Flatten(report),
              ElementsAre(std::pair(uint64_t{0}, "a"), std::pair(uint64_t{12}, "d")));
  ASSERT_EQ(report.errors.size(), 2u);
  EXPECT_EQ(report.errors[0].chunk, (Chunk{4, 8}));
  EXPECT_EQ(report.errors[0].status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(report.errors[0].status.message().find("leak"), std::string::npos);
  EXPECT_EQ(report.errors[1].chunk, (Chunk{8, 12}));
  EXPECT_EQ(report.errors[1].status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(report.scanned_until(), 4u);
}

TEST_P(EngineTest, CancelledInTheMiddleBeginsNoFurtherChunk) {
  std::stop_source stop;
  CallbackDetector detector([&](std::string_view, Chunk chunk) {
    if (chunk.begin == 0) stop.request_stop();
  });
  Engine engine(executor_, {&detector}, {});
  ProcessOptions options;
  options.chunk_count = 1000;
  absl::StatusOr<Report> report =
      engine.Process(std::string(1000, 'x'), options, {.stop = stop.get_token()});
  EXPECT_EQ(report.status().code(), absl::StatusCode::kCancelled);
  if (GetParam() <= 1) {
    EXPECT_EQ(detector.scans(), 1);
  } else {
    EXPECT_LT(detector.scans(), 1000);
  }
}

TEST_P(EngineTest, CancelledInsideAChunkItsRestIsNotScanned) {
  std::stop_source stop;
  CallbackDetector detector([&](std::string_view, Chunk) { stop.request_stop(); });
  Engine engine(executor_, {&detector}, {});
  ProcessOptions options;
  options.chunk_count = 1;
  const std::string document(256 << 10, 'x');
  absl::StatusOr<Report> report = engine.Process(document, options, {.stop = stop.get_token()});
  EXPECT_EQ(report.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(detector.scans(), 1);
}

TEST_P(EngineTest, AChunkIsScannedWholeHoweverLongItsPartsTake) {
  std::atomic<uint64_t> scanned = 0;
  CallbackDetector detector([&](std::string_view, Chunk chunk) {
    const auto end = steady_clock::now() + std::chrono::milliseconds(scanned == 0 ? 1 : 0);
    while (steady_clock::now() < end) {
    }
    scanned += chunk.end - chunk.begin;
  });
  Engine engine(executor_, {&detector}, {});
  ProcessOptions options;
  options.chunk_count = 1;
  const std::string document(200'000, 'x');
  EXPECT_TRUE(engine.Process(document, options).ok());
  EXPECT_EQ(scanned, document.size());
}

TEST_P(EngineTest, WhatTakesLongIsScannedInShorterParts) {
  std::vector<uint64_t> sizes;
  CallbackDetector detector([&](std::string_view, Chunk chunk) {
    sizes.push_back(chunk.end - chunk.begin);
    const auto end = steady_clock::now() + std::chrono::microseconds(300);
    while (steady_clock::now() < end) {
    }
  });
  Engine engine(executor_, {&detector}, {});
  ProcessOptions options;
  options.chunk_count = 1;
  EXPECT_TRUE(engine.Process(std::string(256 << 10, 'x'), options).ok());
  EXPECT_TRUE(std::is_sorted(sizes.rbegin(), sizes.rend()));
  EXPECT_LE(sizes.front(), 64u << 10);
  EXPECT_EQ(sizes.back(), 8u << 10);
}

class CountingBudget final : public Budget {
 public:
  explicit CountingBudget(uint64_t most) : most_(most) {}
  absl::Status Take(uint64_t bytes) override {
    if (taken_ += bytes; taken_ <= most_) return absl::OkStatus();
    return absl::ResourceExhaustedError("no room");
  }
  uint64_t taken() const { return taken_; }

 private:
  const uint64_t most_;
  std::atomic<uint64_t> taken_ = 0;
};

TEST_P(EngineTest, WhatResultsTakeUpIsToldAndOverTheBudgetTheWorkEnds) {
  HashDetector detector;
  Engine engine(executor_, {&detector}, {});
  ProcessOptions options;
  options.chunk_count = 1000;
  std::string document;
  for (int i = 0; i < 20'000; ++i) document += "#a";
  CountingBudget all(UINT64_MAX);
  const Report report = engine.Process(document, options, {.budget = &all}).value();
  uint64_t memory = 0;
  for (const FindingList& findings : report.chunks) memory += findings.memory();
  EXPECT_EQ(all.taken(), memory);
  EXPECT_GE(memory, 20'000 * sizeof(Finding));

  CountingBudget half(memory / 2);
  const absl::Status ended = engine.Process(document, options, {.budget = &half}).status();
  EXPECT_EQ(ended.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ended.message(), "no room");
  EXPECT_LT(half.taken(), memory);
}

TEST_P(EngineTest, PastItsDeadlineNothingIsComputed) {
  CallbackDetector detector([](std::string_view, Chunk) {});
  Engine engine(executor_, {&detector}, {});
  absl::StatusOr<Report> report = engine.Process("text", {}, {.deadline = steady_clock::now()});
  EXPECT_EQ(report.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(detector.scans(), 0);
}

TEST_P(EngineTest, DocumentsOfAnExtractionKeepTheirOrder) {
  HashDetector detector;
  Engine engine(executor_, {&detector}, {});
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i)
    texts.push_back(i % 7 == 0 ? "" : "#" + std::string(1, static_cast<char>('a' + i % 26)));
  Extraction extraction(engine, {texts.begin(), texts.end()}, {}, {});
  std::latch finished(1);
  extraction.Submit([&] { finished.count_down(); });
  finished.wait();
  OneOrMore<Report> reports = extraction.TakeReports().value();
  ASSERT_EQ(reports.size(), texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    std::vector<std::pair<uint64_t, std::string>> expected;
    if (!texts[i].empty()) expected.emplace_back(0, texts[i].substr(1));
    EXPECT_EQ(Flatten(reports[i]), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Workers, EngineTest, ::testing::Values(0, 1, 2, 3, 4, 5, 6, 7, 8, 64),
                         ::testing::PrintToStringParamName());

TEST(EngineTest, FindingsOfSeveralDetectorsAreInOrderOfBegin) {
  Executor executor({.workers = 1});
  HashDetector first;
  HashDetector second(Kind::kUrl);
  Engine engine(executor, {&first, &second}, {});
  ProcessOptions options;
  options.wanted.kinds = {Kind::kDomain, Kind::kUrl};
  EXPECT_THAT(Flatten(engine.Process("#a #b", options).value()),
              ElementsAre(std::pair(uint64_t{0}, "a"), std::pair(uint64_t{0}, "a"),
                          std::pair(uint64_t{3}, "b"), std::pair(uint64_t{3}, "b")));
}

TEST(EngineTest, AKindThatWasNotAskedForIsNotLookedFor) {
  Executor executor({.workers = 1});
  HashDetector detector;
  Engine engine(executor, {&detector}, {});
  ProcessOptions options;
  options.wanted.kinds.clear();
  EXPECT_EQ(engine.Process("#a", options).value().total_count, 0u);
}

TEST(EngineTest, ManyDocumentsShareTheChunksThatMayBeAskedFor) {
  Executor executor({.workers = 0});
  CallbackDetector detector([](std::string_view, Chunk) {});
  Engine engine(executor, {&detector}, {});
  const std::string text(64, 'x');
  ProcessOptions options;
  options.chunk_count = 64;
  Extraction extraction(engine, OneOrMore<Document>(4096, Document(text)), options, {});
  extraction.Submit([] {});
  EXPECT_EQ(detector.scans(), static_cast<int>(kMaxRequestedChunks));
  EXPECT_EQ(extraction.TakeReports().value()[0].chunks.size(), 16u);
}

}  // namespace
}  // namespace trawl::compute
