// The engine: documents and options in, reports out.
//
// A document is cut into chunks by range (nothing is copied), each chunk is one task of the
// Executor, and each task runs the detectors over its chunk into a FindingList of its own. The
// report is the lists in chunk order. A finding is a function of the bytes and the options alone:
// chunk count, workers and neighbours in a batch change nothing.
//
//   Engine engine(executor, {&domain_detector}, {});
//   Report report = engine.Process("see example.com", {}).value();
//
// A caller with threads to spare uses Process. One that must not block makes an Extraction, keeps
// it alive, and submits it.
//
// Thread-safety: Engine is const and may be used from any number of threads. An Extraction belongs
// to one caller.

#ifndef TRAWL_COMPUTE_ENGINE_H_
#define TRAWL_COMPUTE_ENGINE_H_

#include <chrono>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "compute/detector.h"
#include "compute/document.h"
#include "compute/executor.h"
#include "compute/finding.h"
#include "compute/kernel.h"
#include "compute/kind_scan.h"

namespace trawl::compute {

// Without memory of its own for the usual one.
template <typename Value>
using OneOrMore = absl::InlinedVector<Value, 1>;

// Chunks that the chunk_count of one Extraction may ask for, over all its documents: they cost
// memory whatever their size.
inline constexpr uint32_t kMaxRequestedChunks = 65'536;

// How to work on documents.
struct ProcessOptions {
  WantedKinds wanted;
  ScanOptions scan;
  // Chunks to cut each document into; 0: as many as give every worker a share, within the limits
  // of chunk size. Never more than the document has bytes, more where a chunk would exceed
  // Engine::Options::max_chunk_bytes, and so few that those of one Extraction's documents stay
  // below kMaxRequestedChunks.
  uint32_t chunk_count = 0;
};

// The memory that results may take up, where that is bounded. May be asked on any thread.
class Budget {
 public:
  virtual ~Budget() = default;

  // Takes `bytes` more, or tells why there is no room for them.
  virtual absl::Status Take(uint64_t bytes) = 0;
};

// When to give up.
struct Limits {
  std::stop_token stop;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  Budget* budget = nullptr;  // outlives the work

  // kCancelled or kDeadlineExceeded once it is time.
  absl::Status Check(
      std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now()) const;
};

// A chunk that could not be worked on, and why. The message never holds content.
struct ChunkError {
  Chunk chunk;
  absl::Status status;
};

// Takes the findings of chunks on the worker that found them, in place of Report::chunks.
class ChunkSink {
 public:
  virtual ~ChunkSink() = default;

  // Called once for each chunk that did not fail, on several threads at once and in any order.
  // Returns the bytes of memory that it keeps for it. May throw, which makes the chunk fail.
  virtual uint64_t Take(size_t document, size_t chunk, const FindingList& findings) = 0;
};

// Is told of every chunk, once it was searched. What is found again for the same answer
// (FindAgain) is not told again.
class ChunkObserver {
 public:
  virtual ~ChunkObserver() = default;

  // On the thread that searched it, for several chunks at once. `findings` is null where the chunk
  // failed.
  virtual void Searched(uint64_t bytes, const FindingList* findings,
                        std::chrono::nanoseconds time) = 0;
};

// What one document gave.
struct Report {
  uint64_t bytes = 0;
  // Into which it was cut.
  uint32_t chunk_count = 0;
  // One list per chunk, in order; that of a failed chunk is empty. Within and across the lists,
  // findings are in the order of kind_merge.h. Empty where a ChunkSink took them.
  std::vector<FindingList> chunks;
  // In order.
  std::vector<ChunkError> errors;
  // Of all findings.
  uint64_t total_count = 0;
  // From Extraction's `queued_since` to its first chunk.
  std::chrono::nanoseconds queue_time{0};
  // Of all workers on the document's chunks, added up.
  std::chrono::nanoseconds compute_time{0};

  // Every finding that begins before it is in the report: where the first failed chunk begins, or
  // `bytes`.
  uint64_t scanned_until() const { return errors.empty() ? bytes : errors.front().chunk.begin; }
};

// The chunks of a document of `bytes` bytes: contiguous, in order, none empty, sizes equal to
// within a byte.
std::vector<Chunk> CutIntoChunks(uint64_t bytes, uint32_t chunk_count, int workers,
                                 uint64_t min_chunk_bytes, uint64_t max_chunk_bytes);

class Engine {
 public:
  struct Options {
    // Bounds of a chunk that the engine chooses. The upper one holds always: it bounds how long
    // a worker is busy at a time (256 KiB take 50 to 500 microseconds, made against a detector
    // more; whether to give up is asked every 64 KiB or less).
    uint64_t min_chunk_bytes = 16 << 10;
    uint64_t max_chunk_bytes = 256 << 10;
    // That the detectors were made with.
    const Kernel* kernel = &Kernel::Best();
    // Outlives the engine; may be null.
    ChunkObserver* observer = nullptr;
  };

  // `executor` and what `detectors` point at outlive the engine.
  Engine(Executor& executor, std::vector<const Detector*> detectors, Options options);

  // Works on `document` and waits. Must not be called from a worker of the executor. Returns
  // kCancelled or kDeadlineExceeded when `limits` ended the work; what failed in single chunks is
  // in the report.
  absl::StatusOr<Report> Process(Document document, const ProcessOptions& options,
                                 const Limits& limits = {}) const;

  // Replaces `findings` by those of `chunk`, which lies in `document`, on this thread. Where
  // `limits` end the work, returns why, and not all are there. May throw what detectors throw.
  absl::Status ScanChunk(const Document& document, Chunk chunk, const ProcessOptions& options,
                         const Limits& limits, FindingList& findings) const;

  // Tells the observer, if there is one.
  void Observe(Chunk chunk, const FindingList* findings, std::chrono::nanoseconds time) const;

  // What is read beyond a chunk at most.
  Reach ReachOf(const WantedKinds& wanted) const;

  // The instruction set that detectors run with.
  std::string_view kernel() const { return options_.kernel->name; }

  Executor& executor() const { return executor_; }
  const Options& options() const { return options_; }
  const std::vector<const Detector*>& detectors() const { return detectors_; }

 private:
  Executor& executor_;
  const std::vector<const Detector*> detectors_;
  const Options options_;
};

// The work on one or more documents, as one job of the executor: fairness is between extractions.
class Extraction final : public Executor::Job {
 public:
  // `engine` and what `documents` point at outlive it. `queued_since` is where queue time starts.
  Extraction(const Engine& engine, OneOrMore<Document> documents, ProcessOptions options,
             Limits limits,
             std::chrono::steady_clock::time_point queued_since = std::chrono::steady_clock::now());

  // Before Submit or RunSome: `sink`, which outlives the work, takes the findings.
  void SetSink(ChunkSink* sink) { sink_ = sink; }

  size_t chunk_count() const { return tasks_.size(); }
  uint64_t bytes() const override;

  // Hands the work to the executor, once. `finished` is called as Executor::Submit says.
  void Submit(absl::AnyInvocable<void()> finished);

  // Does some of the work on this thread, in place of Submit: chunks of `bytes` bytes together or,
  // for the last, a little more. Returns whether there is more to do.
  bool RunSome(uint64_t bytes);

  // What the findings of `chunk` of `document` are, found again.
  void FindAgain(size_t document, size_t chunk, FindingList& findings) const;

  // After `finished`: one report per document in order, or why the limits ended the work:
  // kCancelled, kDeadlineExceeded, or what the budget said. Call it once.
  absl::StatusOr<OneOrMore<Report>> TakeReports();

 private:
  struct Task {
    uint32_t document;
    uint32_t chunk;
    Chunk range;
    absl::Status status;
    std::chrono::nanoseconds time;
    uint64_t findings;
  };

  void Prepare();
  bool Run(size_t task) override;
  bool GiveUp(absl::Status why);

  const Engine& engine_;
  const OneOrMore<Document> documents_;
  const ProcessOptions options_;
  const Limits limits_;
  ChunkSink* sink_ = nullptr;
  const std::chrono::steady_clock::time_point queued_since_;
  OneOrMore<Task> tasks_;
  size_t next_here_ = 0;  // of the tasks, for RunSome
  OneOrMore<Report> reports_;
  std::chrono::nanoseconds queue_time_{0};
  std::mutex mutex_;
  absl::Status ended_;  // guarded by mutex_
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_ENGINE_H_
