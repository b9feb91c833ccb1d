// What many threads count, without their waiting for each other: cells in several copies, each
// thread using one of them, which are added up when someone asks.
//
//   struct Cells { Count calls; Count bytes; };
//   Sharded<Cells> cells;
//   cells.OfThread().calls.Add();
//   uint64_t calls = 0;
//   cells.ForEach([&](const Cells& part) { calls += part.calls.value(); });
//
// Counting costs a few nanoseconds; a lock, or a look-up by name, would be most of what a small
// call may cost beside its transport.
//
// Thread-safety: all members may be called from any thread. A sum taken while threads count holds
// what was counted before it was begun, and perhaps some of what came since.

#ifndef TRAWL_SERVICE_SHARDED_H_
#define TRAWL_SERVICE_SHARDED_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace trawl::service {

// A number that only grows.
class Count {
 public:
  void Add(uint64_t more = 1) { value_.fetch_add(more, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_ = 0;
};

// The number of this thread: threads are numbered as they first ask.
inline size_t ThreadNumber() {
  static std::atomic<size_t> threads = 0;
  thread_local const size_t number = threads.fetch_add(1, std::memory_order_relaxed);
  return number;
}

template <typename Cells>
class Sharded {
 public:
  Cells& OfThread() { return shards_[ThreadNumber() % kShards].cells; }

  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const Shard& shard : shards_) visit(shard.cells);
  }

 private:
  static constexpr size_t kShards = 16;
  static constexpr size_t kCacheLine = 64;

  struct alignas(kCacheLine) Shard {
    Cells cells;
  };

  std::array<Shard, kShards> shards_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_SHARDED_H_
