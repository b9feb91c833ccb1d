#include "compute/engine.h"

#include <algorithm>
#include <latch>
#include <new>
#include <numeric>
#include <utility>

#include "compute/thread_priority.h"

namespace trawl::compute {
namespace {

using Clock = std::chrono::steady_clock;

// A chunk is worked on by windows of at most so many bytes, with a look in between at whether to
// give up. After one that takes long, others may go first; after two, the next are shorter: what is
// made against a detector takes 5 ms for 64 KiB, but one may only have waited for the processor.
constexpr uint64_t kMostWindowBytes = 64 << 10;
constexpr uint64_t kLeastWindowBytes = 8 << 10;
constexpr std::chrono::microseconds kLong(250);

// What a thread works with, kept from chunk to chunk.
struct Bench {
  FindingList findings;
  KindScan scan;
  Scratch scratch;
  uint64_t window_bytes = kMostWindowBytes;
  bool took_long = false;  // the last window
};

Bench& ThreadBench() {
  thread_local Bench bench;
  return bench;
}

// Replaces `all` by what is found in the chunk, window by window.
absl::Status ScanChunk(const Engine& engine, const Document& document, Chunk chunk,
                       const ProcessOptions& options, const Limits& limits, Bench& bench,
                       FindingList& all) {
  all.Clear();
  const Reach reach = engine.ReachOf(options.wanted);
  for (uint64_t begin = chunk.begin; begin < chunk.end;) {
    const Clock::time_point start = Clock::now();
    if (absl::Status limit = limits.Check(start); !limit.ok()) return limit;
    const Document::Window window =
        document.WindowAt(begin, std::min(chunk.end, begin + bench.window_bytes), reach.left,
                          reach.right, bench.scratch);
    const size_t known = all.size();
    bench.scan.Run(engine.detectors(), options.wanted, window.text,
                   {begin - window.begin, window.end - window.begin}, options.scan, all);
    all.Shift(known, window.begin);
    begin = window.end;
    const Clock::duration took = Clock::now() - start;
    const bool took_long = took >= kLong;
    if (took_long && bench.took_long) {
      bench.window_bytes = std::max(bench.window_bytes / 2, kLeastWindowBytes);
    } else if (took < kLong / 4) {
      bench.window_bytes = std::min(bench.window_bytes * 2, kMostWindowBytes);
    }
    bench.took_long = took_long;
    if (took_long) ThreadPriority::GiveWay();
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Chunk> CutIntoChunks(uint64_t bytes, uint32_t chunk_count, int workers,
                                 uint64_t min_chunk_bytes, uint64_t max_chunk_bytes) {
  uint64_t count = chunk_count;
  if (count == 0) {
    count = std::min(static_cast<uint64_t>(std::max(workers, 1)), bytes / min_chunk_bytes);
  }
  uint64_t least = bytes / max_chunk_bytes + (bytes % max_chunk_bytes != 0 ? 1 : 0);
  count = std::min(std::max(count, least), bytes);
  std::vector<Chunk> chunks;
  chunks.reserve(count);
  uint64_t begin = 0;
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t end = begin + bytes / count + (i < bytes % count ? 1 : 0);
    chunks.push_back({begin, end});
    begin = end;
  }
  return chunks;
}

Engine::Engine(Executor& executor, std::vector<const Detector*> detectors, Options options)
    : executor_(executor), detectors_(std::move(detectors)), options_(options) {}

Reach Engine::ReachOf(const WantedKinds& wanted) const {
  return KindScan::ReachOf(detectors_, wanted);
}

absl::Status Engine::ScanChunk(const Document& document, Chunk chunk, const ProcessOptions& options,
                               const Limits& limits, FindingList& findings) const {
  return compute::ScanChunk(*this, document, chunk, options, limits, ThreadBench(), findings);
}

void Engine::Observe(Chunk chunk, const FindingList* findings,
                     std::chrono::nanoseconds time) const {
  if (options_.observer == nullptr) return;
  options_.observer->Searched(chunk.end - chunk.begin, findings, time);
}

absl::StatusOr<Report> Engine::Process(Document document, const ProcessOptions& options,
                                       const Limits& limits) const {
  Extraction extraction(*this, {std::move(document)}, options, limits);
  std::latch finished(1);
  extraction.Submit([&finished] { finished.count_down(); });
  finished.wait();
  absl::StatusOr<OneOrMore<Report>> reports = extraction.TakeReports();
  if (!reports.ok()) return reports.status();
  return std::move(reports->front());
}

Extraction::Extraction(const Engine& engine, OneOrMore<Document> documents, ProcessOptions options,
                       Limits limits, Clock::time_point queued_since)
    : engine_(engine),
      documents_(std::move(documents)),
      options_(std::move(options)),
      limits_(std::move(limits)),
      queued_since_(queued_since),
      reports_(documents_.size()) {
  uint32_t chunk_count = options_.chunk_count;
  if (chunk_count > 0 && !documents_.empty()) {
    size_t share = std::max<size_t>(1, kMaxRequestedChunks / documents_.size());
    chunk_count = static_cast<uint32_t>(std::min<size_t>(chunk_count, share));
  }
  for (uint32_t d = 0; d < documents_.size(); ++d) {
    const std::vector<Chunk> chunks =
        CutIntoChunks(documents_[d].size(), chunk_count, engine_.executor().workers(),
                      engine_.options().min_chunk_bytes, engine_.options().max_chunk_bytes);
    reports_[d].bytes = documents_[d].size();
    reports_[d].chunk_count = static_cast<uint32_t>(chunks.size());
    for (uint32_t c = 0; c < chunks.size(); ++c) tasks_.push_back({d, c, chunks[c], {}, {}, 0});
  }
}

uint64_t Extraction::bytes() const {
  return std::accumulate(
      documents_.begin(), documents_.end(), uint64_t{0},
      [](uint64_t sum, const Document& document) { return sum + document.size(); });
}

void Extraction::Submit(absl::AnyInvocable<void()> finished) {
  Prepare();
  engine_.executor().Submit(*this, tasks_.size(), std::move(finished));
}

bool Extraction::RunSome(uint64_t bytes) {
  if (next_here_ == 0) Prepare();
  for (uint64_t done = 0; next_here_ < tasks_.size() && done < bytes; ++next_here_) {
    if (!Run(next_here_)) return false;
    done += tasks_[next_here_].range.end - tasks_[next_here_].range.begin;
  }
  return next_here_ < tasks_.size();
}

void Extraction::Prepare() {
  if (sink_ != nullptr) return;
  for (Report& report : reports_) report.chunks.resize(report.chunk_count);
}

void Extraction::FindAgain(size_t document, size_t chunk, FindingList& findings) const {
  const auto task = std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& one) {
    return one.document == document && one.chunk == chunk;
  });
  ScanChunk(engine_, documents_[document], task->range, options_, {}, ThreadBench(), findings)
      .IgnoreError();
}

absl::Status Limits::Check(Clock::time_point now) const {
  if (stop.stop_requested()) return absl::CancelledError("the caller cancelled the work");
  if (now >= deadline) {
    return absl::DeadlineExceededError("the deadline passed before the work was done");
  }
  return absl::OkStatus();
}

bool Extraction::GiveUp(absl::Status why) {
  std::lock_guard lock(mutex_);
  ended_.Update(std::move(why));
  return false;
}

bool Extraction::Run(size_t index) {
  Task& task = tasks_[index];
  Clock::time_point start = Clock::now();
  if (index == 0) queue_time_ = start - queued_since_;
  const FindingList* found = nullptr;
  uint64_t kept = 0;
  try {
    Bench& bench = ThreadBench();
    if (absl::Status limit = ScanChunk(engine_, documents_[task.document], task.range, options_,
                                       limits_, bench, bench.findings);
        !limit.ok()) {
      return GiveUp(std::move(limit));
    }
    task.findings = bench.findings.size();
    if (sink_ != nullptr) {
      kept = sink_->Take(task.document, task.chunk, bench.findings);
      found = &bench.findings;
    } else {
      kept = bench.findings.memory();
      FindingList& list = reports_[task.document].chunks[task.chunk];
      list = std::move(bench.findings);
      found = &list;
    }
  } catch (const std::bad_alloc&) {
    task.status = absl::ResourceExhaustedError("out of memory while scanning the chunk");
  } catch (...) {
    task.status = absl::InternalError("a detector failed on the chunk");
  }
  task.time = Clock::now() - start;
  engine_.Observe(task.range, found, task.time);
  if (kept == 0 || limits_.budget == nullptr) return true;
  absl::Status room = limits_.budget->Take(kept);
  return room.ok() || GiveUp(std::move(room));
}

absl::StatusOr<OneOrMore<Report>> Extraction::TakeReports() {
  if (!ended_.ok()) return ended_;
  for (Task& task : tasks_) {
    Report& report = reports_[task.document];
    report.queue_time = queue_time_;
    report.compute_time += task.time;
    if (task.status.ok()) report.total_count += task.findings;
    if (!task.status.ok()) report.errors.push_back({task.range, std::move(task.status)});
  }
  return std::move(reports_);
}

}  // namespace trawl::compute
