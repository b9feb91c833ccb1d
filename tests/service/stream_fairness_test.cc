// How streams share a worker: what is searched while others wait is counted, not timed.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "compute/detector.h"
#include "compute/engine.h"
#include "tests/support/fake_detectors.h"
#include "tests/support/stream_caller.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

constexpr char kGreedy = '-';
const uint64_t kChunkBytes = compute::Engine::Options().max_chunk_bytes;

// What was searched, in order. The stream of kGreedy holds its worker once it has begun, until
// Release.
class Searched {
 public:
  void Add(std::string_view text) {
    std::unique_lock lock(mutex_);
    const bool greedy = text.front() == kGreedy;
    if (greedy) {
      greedy_bytes_ += text.size();
    } else if (text.front() == '#') {
      greedy_before_.push_back(greedy_bytes_);
    }
    changed_.notify_all();
    if (greedy) changed_.wait(lock, [&] { return released_; });
  }

  void WaitUntilHeld() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return greedy_bytes_ > 0; });
  }

  void Release() {
    std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

  // Bytes of the greedy stream that had been begun at each search of a text that begins with `#`.
  std::vector<uint64_t> TakeGreedyBefore() {
    std::lock_guard lock(mutex_);
    return std::exchange(greedy_before_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false;
  uint64_t greedy_bytes_ = 0;
  std::vector<uint64_t> greedy_before_;
};

class TellingDetector final : public compute::Detector {
 public:
  explicit TellingDetector(Searched& searched) : searched_(searched) {}

  compute::Kind kind() const override { return compute::Kind::kDomain; }
  void Scan(std::string_view document, compute::Chunk chunk, const compute::ScanOptions& options,
            compute::FindingList& findings) const override {
    searched_.Add(document.substr(chunk.begin, chunk.end - chunk.begin));
    hashes_.Scan(document, chunk, options, findings);
  }

 private:
  Searched& searched_;
  const HashDetector hashes_;
};

service::Options OneWorker() {
  service::Options options = TestServer::DefaultOptions();
  options.workers = 1;
  return options;
}

class StreamFairnessTest : public ::testing::Test {
 protected:
  StreamFairnessTest() {
    greedy_ = std::jthread([this] {
      StreamCaller caller(*greedy_stub_);
      std::jthread sender([&] {
        for (int i = 0; i < 32 && caller.Send(std::string(4 * kChunkBytes, kGreedy)); ++i) {
        }
        caller.Close();
      });
      caller.ReadAll();
      EXPECT_TRUE(caller.Finish().ok());
    });
    searched_.WaitUntilHeld();
  }
  ~StreamFairnessTest() override { searched_.Release(); }

  uint64_t ChunksQueued() {
    grpc::ClientContext context;
    v1::PingResponse ping;
    EXPECT_TRUE(server_.stub().Ping(&context, {}, &ping).ok());
    return ping.chunks_queued();
  }

  Searched searched_;
  TestServer server_{std::make_unique<TellingDetector>(searched_), OneWorker()};
  const std::unique_ptr<v1::ContentService::Stub> greedy_stub_ =
      v1::ContentService::NewStub(server_.NewChannel());
  std::jthread greedy_;
};

TEST_F(StreamFairnessTest, SmallStreamsGoBeforeTheSecondChunkThatAGreedyOneHasLeft) {
  constexpr size_t kStreams = 8;
  const uint64_t left_of_window = ChunksQueued();
  std::vector<std::unique_ptr<StreamCaller>> callers;
  for (size_t i = 0; i < kStreams; ++i) {
    callers.push_back(std::make_unique<StreamCaller>(server_.stub()));
    ASSERT_TRUE(callers.back()->Send("#a" + std::string(2000, ' ')));
  }
  while (ChunksQueued() < left_of_window + kStreams) {
  }
  searched_.Release();
  for (const auto& caller : callers) {
    v1::ProcessContentStreamResponse message;
    ASSERT_TRUE(caller->Read(message));
    EXPECT_EQ(message.findings_size(), 1);
  }
  const std::vector<uint64_t> greedy_before = searched_.TakeGreedyBefore();
  ASSERT_EQ(greedy_before.size(), kStreams);
  EXPECT_LE(greedy_before.back(), 2 * kChunkBytes) << "the one that was begun, and one in turn";
  for (const auto& caller : callers) {
    caller->Close();
    caller->ReadAll();
    EXPECT_TRUE(caller->Finish().ok());
  }
}

}  // namespace
}  // namespace trawl::testing
