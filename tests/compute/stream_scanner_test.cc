#include "compute/stream_scanner.h"

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

#include "compute/stream_offsets.h"
#include "compute/utf16.h"
#include "tests/support/fake_detectors.h"
#include "tests/support/stream_driver.h"

namespace trawl::compute {
namespace {

using testing::CallbackDetector;
using testing::HashDetector;
using testing::StreamDriver;

using Found = std::vector<std::pair<uint64_t, std::string>>;

void Append(const std::vector<FindingList>& lists, Found& found) {
  for (const FindingList& list : lists) {
    for (const Finding& finding : list) {
      found.emplace_back(finding.begin, std::string(list.value(finding)));
    }
  }
}

std::string RandomHashes(size_t size, std::mt19937& random) {
  std::string document(size, ' ');
  for (char& byte : document) byte = "#ab "[random() % 4];
  return document;
}

class StreamScannerTest : public ::testing::TestWithParam<int> {
 protected:
  Executor executor_{{.workers = GetParam()}};
};

TEST_P(StreamScannerTest, FindsWhatTheWholeHasHoweverItIsCut) {
  std::mt19937 random(1);
  HashDetector detector;
  const Engine engine(executor_, {&detector}, {.min_chunk_bytes = 16, .max_chunk_bytes = 64});
  for (size_t size : {0, 1, 100, 1023, 1024, 1025, 20'000}) {
    const std::string document = RandomHashes(size, random);
    Found expected;
    Append(engine.Process(document, {}).value().chunks, expected);
    for (size_t most : {1, 2, 7, 300, 1024, 5000, 50'000}) {
      Found found;
      uint64_t searched = 0;
      int last_windows = 0;
      StreamDriver driver(engine, {}, Encoding::kUtf8, {},
                          [&](const StreamScanner::Window& window, const auto& lists) {
                            Append(lists, found);
                            for (const auto& chunk : window.chunks) {
                              ASSERT_EQ(chunk.range.begin, searched);
                              searched = chunk.range.end;
                            }
                            last_windows += window.last ? 1 : 0;
                          });
      for (size_t at = 0; at < size;) {
        const size_t part = most == 1 ? 1 : random() % most;
        driver.Feed(std::string_view(document).substr(at, part));
        at += part;
      }
      driver.End();
      EXPECT_EQ(found, expected) << size << " bytes in parts of up to " << most;
      EXPECT_EQ(searched, size);
      EXPECT_EQ(last_windows, 1);
      EXPECT_EQ(driver.scanner().buffered_bytes(), 0u);
      EXPECT_FALSE(driver.scanner().CanScan());
    }
  }
}

TEST_P(StreamScannerTest, WhatIsFinalIsSearchedBeforeTheNextPartComes) {
  HashDetector detector;
  const Engine engine(executor_, {&detector}, {});
  Found found;
  uint64_t final_until = 0;
  StreamDriver driver(engine, {}, Encoding::kUtf8, {}, [&](const auto& window, const auto& lists) {
    Append(lists, found);
    final_until = window.final_until;
  });
  driver.Feed("#a" + std::string(kContextBytes, ' '));
  EXPECT_EQ(found, (Found{{0, "a"}}));
  driver.Feed(std::string(kContextBytes, ' ') + "#b");
  EXPECT_EQ(found.size(), 1u) << "what follows may still change it";
  EXPECT_EQ(final_until, 4 + kContextBytes - kContextBytes);
  driver.End();
  EXPECT_EQ(found.size(), 2u);
}

TEST_P(StreamScannerTest, PartsMayBeFedWhileAWindowIsSearched) {
  std::mt19937 random(3);
  const std::string document = RandomHashes(200'000, random);
  HashDetector detector;
  const Engine engine(executor_, {&detector}, {.min_chunk_bytes = 16, .max_chunk_bytes = 512});
  Found expected;
  Append(engine.Process(document, {}).value().chunks, expected);
  struct Sink final : ChunkSink {
    uint64_t Take(size_t, size_t chunk, const FindingList& findings) override {
      for (const Finding& finding : findings) {
        lists.at(chunk).Add(finding, findings.value(finding));
      }
      return lists.at(chunk).memory();
    }
    std::vector<FindingList> lists{16};
  } sink;
  StreamScanner scanner(engine, {}, Encoding::kUtf8, {}, sink);
  Found found;
  size_t fed = 0;
  const auto feed = [&] {
    if (fed == document.size()) return scanner.End();
    const size_t part = std::min<size_t>(random() % 3000, document.size() - fed);
    scanner.Feed(absl::Cord(document.substr(fed, part)));
    fed += part;
  };
  while (!scanner.CanScan()) feed();
  while (scanner.CanScan()) {
    std::latch finished(1);
    scanner.Scan([&] { finished.count_down(); });
    for (int i = 0; i < 3; ++i) feed();
    finished.wait();
    Append(sink.lists, found);
    for (FindingList& list : sink.lists) list.Clear();
    const bool last = scanner.window().last;
    scanner.EndWindow();
    while (!last && !scanner.CanScan()) feed();
  }
  EXPECT_EQ(found, expected);
}

TEST_P(StreamScannerTest, TenMillionPartsOfOneByteCostNoMoreThanLinearly) {
  HashDetector detector;
  const Engine engine(executor_, {&detector}, {});
  uint64_t findings = 0;
  StreamDriver driver(engine, {}, Encoding::kUtf8, {}, [&](const auto&, const auto& lists) {
    for (const FindingList& list : lists) findings += list.size();
  });
  constexpr int kParts = 10 << 20;
  for (int i = 0; i < kParts; ++i) {
    driver.FeedOnly(i % 2 == 0 ? "#" : "a");
    if (driver.scanner().buffered_bytes() > 64 << 10) driver.Feed("");
  }
  driver.End();
  EXPECT_EQ(findings, kParts / 2u);
}

TEST_P(StreamScannerTest, AChunkThatThrowsLosesNothingElse) {
  HashDetector finds;
  CallbackDetector throws([](std::string_view document, Chunk chunk) {
    if (document.substr(chunk.begin, chunk.end - chunk.begin).find('!') != std::string::npos) {
      throw std::runtime_error("content must not leak");
    }
    if (document.substr(chunk.begin, chunk.end - chunk.begin).find('?') != std::string::npos) {
      throw std::bad_alloc();
    }
  });
  const Engine engine(executor_, {&finds, &throws}, {.min_chunk_bytes = 4, .max_chunk_bytes = 4});
  Found found;
  std::vector<StreamScanner::ChunkResult> failed;
  StreamDriver driver(engine, {}, Encoding::kUtf8, {}, [&](const auto& window, const auto& lists) {
    Append(lists, found);
    for (const auto& chunk : window.chunks) {
      if (!chunk.status.ok()) failed.push_back(chunk);
    }
  });
  driver.FeedOnly("#a  #b! #c? #d  ");
  driver.End();
  EXPECT_EQ(found, (Found{{0, "a"}, {12, "d"}}));
  ASSERT_EQ(failed.size(), 2u);
  EXPECT_EQ(failed[0].range, (Chunk{4, 8}));
  EXPECT_EQ(failed[0].status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(failed[0].status.message().find("leak"), std::string::npos);
  EXPECT_EQ(failed[1].status.code(), absl::StatusCode::kResourceExhausted);
}

TEST_P(StreamScannerTest, CancelledItEndsWithinAChunkAndForEver) {
  std::stop_source stop;
  CallbackDetector detector([&](std::string_view, Chunk) { stop.request_stop(); });
  const Engine engine(executor_, {&detector}, {.min_chunk_bytes = 1, .max_chunk_bytes = 1});
  StreamDriver driver(engine, {}, Encoding::kUtf8, {.stop = stop.get_token()},
                      [](const auto&, const auto&) {});
  driver.FeedOnly("abcdefgh");
  driver.End();
  EXPECT_EQ(driver.scanner().status().code(), absl::StatusCode::kCancelled);
  EXPECT_LE(detector.scans(), std::max(1, GetParam()));
  EXPECT_FALSE(driver.scanner().CanScan());
}

TEST_P(StreamScannerTest, Utf16IsDecodedAcrossParts) {
  std::mt19937 random(5);
  HashDetector detector;
  const Engine engine(executor_, {&detector}, {.min_chunk_bytes = 16, .max_chunk_bytes = 64});
  for (const bool big_endian : {false, true}) {
    std::string document = big_endian ? "\xFE\xFF" : "\xFF\xFE";
    for (int i = 0; i < 5000; ++i) {
      constexpr char16_t kUnits[] = {u'#', u'a', u'\u00E9', u'\u65E5', 0xD83C, 0xDF89, u' '};
      const char16_t unit = kUnits[random() % std::size(kUnits)];
      const char bytes[] = {static_cast<char>(unit >> 8), static_cast<char>(unit & 0xFF)};
      document.push_back(bytes[big_endian ? 0 : 1]);
      document.push_back(bytes[big_endian ? 1 : 0]);
    }
    document.push_back('\xD8');
    Found expected;
    const std::string text = FromUtf16(document, big_endian);
    Append(engine.Process(text, {}).value().chunks, expected);
    ASSERT_GT(expected.size(), 50u);
    for (size_t most : {1, 2, 5, 700, 100'000}) {
      Found found;
      StreamDriver driver(engine, {}, std::nullopt, {},
                          [&](const auto&, const auto& lists) { Append(lists, found); });
      for (size_t at = 0; at < document.size();) {
        const size_t part = most == 1 ? 1 : random() % most;
        driver.Feed(std::string_view(document).substr(at, part));
        at += part;
      }
      driver.End();
      EXPECT_EQ(found, expected) << "parts of up to " << most;
      EXPECT_TRUE(driver.scanner().utf16());
    }
  }
}

TEST_P(StreamScannerTest, AMarkThatNeverComesMeansUtf8) {
  HashDetector detector;
  const Engine engine(executor_, {&detector}, {});
  for (const std::string document : {"", "\xFF", "#a", "\xFF#b", "\xFE"}) {
    bool last = false;
    StreamDriver driver(engine, {}, std::nullopt, {},
                        [&](const auto& window, const auto&) { last = window.last; });
    for (const char byte : document) driver.Feed(std::string(1, byte));
    driver.End();
    EXPECT_TRUE(last);
    EXPECT_FALSE(driver.scanner().utf16());
  }
}

INSTANTIATE_TEST_SUITE_P(Workers, StreamScannerTest, ::testing::Values(0, 1, 3),
                         ::testing::PrintToStringParamName());

// A stream that has all its parts, and searches window after window.
class ReadyStream final : public ChunkSink {
 public:
  ReadyStream(const Engine& engine, size_t size, char letter, std::latch& ended)
      : scanner_(engine, {}, Encoding::kUtf8, {}, *this), ended_(ended) {
    scanner_.Feed(absl::Cord(std::string(size, letter)));
    scanner_.End();
  }

  void Search() {
    if (!scanner_.CanScan()) return ended_.count_down();
    scanner_.Scan([this] {
      scanner_.EndWindow();
      Search();
    });
  }

  uint64_t Take(size_t, size_t, const FindingList&) override { return 0; }

 private:
  StreamScanner scanner_;
  std::latch& ended_;
};

TEST(StreamScannerFairnessTest, StreamsHaveAWorkerInTurnHoweverMuchTheyHave) {
  constexpr uint64_t kChunk = 1024;
  constexpr size_t kSmall = 10;
  std::string order;
  std::latch all_begun(1);
  CallbackDetector detector([&](std::string_view document, Chunk chunk) {
    all_begun.wait();
    order += document[chunk.begin];
  });
  Executor executor({.workers = 1});
  const Engine engine(executor, {&detector}, {.min_chunk_bytes = 16, .max_chunk_bytes = kChunk});
  std::latch ended(4);
  ReadyStream greedy(engine, 100 * kSmall * kChunk, 'g', ended);
  ReadyStream small[] = {{engine, kSmall * kChunk, 'a', ended},
                         {engine, kSmall * kChunk, 'b', ended},
                         {engine, 2 * kSmall * kChunk, 'c', ended}};
  greedy.Search();
  for (ReadyStream& stream : small) stream.Search();
  all_begun.count_down();
  ended.wait();
  std::string turns;
  for (size_t i = 0; i < kSmall; ++i) turns += "gabc";
  for (size_t i = 0; i < kSmall; ++i) turns += "gc";
  EXPECT_EQ(order.substr(0, turns.size()), turns);
  EXPECT_EQ(order.size(), 104 * kSmall);
}

TEST(StreamOffsetsTest, AreThoseOfTheWholeDocument) {
  std::mt19937 random(1);
  const std::string pieces[] = {"a", "some ascii text", "é", "日本", "😀", "\xff", "\xe3\x81"};
  for (OffsetUnit unit : {OffsetUnit::kBytes, OffsetUnit::kCodePoints, OffsetUnit::kUtf16Units,
                          OffsetUnit::kUtf16Bytes}) {
    for (int round = 0; round < 100; ++round) {
      std::string text;
      for (int i = 0; i < 30; ++i) text += pieces[random() % std::size(pieces)];
      OffsetMap whole(text, unit);
      StreamOffsets offsets(unit);
      uint64_t from = 0;
      for (uint64_t end = 0; end <= text.size(); end += 1 + random() % 20) {
        const uint64_t begin = from - std::min(from, StreamOffsets::kLag);
        offsets.SetText(absl::Cord(text.substr(begin, text.size() - begin)), begin);
        for (uint64_t at = from; at <= end; ++at) ASSERT_EQ(offsets(at), whole(at)) << at;
        from = end;
        offsets.MoveTo(from);
        ASSERT_EQ(offsets(from), whole(from));
      }
    }
  }
}

}  // namespace
}  // namespace trawl::compute
