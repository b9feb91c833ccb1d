// Searches a document that comes in parts, of any size and cut anywhere, in constant memory.
//
// A finding is decided by the bytes within the detectors' reach of its anchor. So what is anchored
// left of the bytes that have come, less that reach, is final, and of what was searched no more
// need be kept than the reach to the left. The scanner searches window by window: each is what has
// become decidable since the last one, up to kWindowChunks chunks, which are tasks of the executor
// as those of a document in one piece are. So the findings of a stream are those of the whole
// document, however it was cut into parts and windows.
//
//   StreamScanner scanner(engine, options, Encoding::kUtf8, limits, sink);
//   scanner.Feed(part);                    // at any time, also while a window is searched
//   while (scanner.CanScan()) {
//     scanner.Scan(finished);              // `sink` takes the findings of each chunk
//     ...                                  // once `finished` was called:
//     Use(scanner.status(), scanner.window());
//     scanner.EndWindow();
//   }
//   scanner.End();                         // no more parts; scan on until window().last
//
// Memory: the parts that were fed and not searched yet, which the caller bounds by
// buffered_bytes(), and a few times the reach.
//
// Thread-safety: belongs to one thread, but for the time between Scan and `finished`, in which only
// Feed, End and buffered_bytes may be called. `finished` is called by the thread that ends the last
// task; window() may be read there. Lifetime: until `finished` was called; the engine and the sink
// outlive it.

#ifndef TRAWL_COMPUTE_STREAM_SCANNER_H_
#define TRAWL_COMPUTE_STREAM_SCANNER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "compute/document.h"
#include "compute/engine.h"
#include "compute/executor.h"
#include "compute/utf16.h"
#include "compute/utf16_decoder.h"

namespace trawl::compute {

class StreamScanner final : private Executor::Job {
 public:
  // Of max_chunk_bytes each, in a window at most. It is cut into more where there are workers.
  static constexpr uint64_t kWindowChunks = 2;

  // What became of one chunk. Its findings went to the sink.
  struct ChunkResult {
    Chunk range;  // of the text
    absl::Status status;
    std::chrono::nanoseconds time{0};
  };

  // What was searched. All places are bytes of the document's text: the document itself, or what
  // Utf16Decoder makes of it.
  struct Window {
    absl::Cord text;          // what was there to see: the chunks and what was kept around them
    uint64_t text_begin = 0;  // where it lies
    std::vector<ChunkResult> chunks;
    // Every finding that begins before it has gone to the sink, or its chunk failed.
    uint64_t final_until = 0;
    // Of the parts, by this window and those before.
    uint64_t searched_bytes = 0;
    // From Scan to the first task.
    std::chrono::nanoseconds queue_time{0};
    bool last = false;
  };

  // Without `encoding`, a byte order mark decides, as EncodingByMark says. `options.chunk_count`
  // changes nothing. `sink` is given document 0 and the number of the chunk in its window.
  StreamScanner(const Engine& engine, ProcessOptions options, std::optional<Encoding> encoding,
                Limits limits, ChunkSink& sink);

  // Chunks of a window, at most.
  size_t max_chunks() const;

  // The next part.
  void Feed(const absl::Cord& part);
  // No part follows.
  void End();

  // Bytes fed that no window that ended has searched.
  uint64_t buffered_bytes() const { return buffered_bytes_; }

  // Whether the parts hold something to search, or the last window is due. False for ever after it.
  bool CanScan() const;

  // Searches the next window. `finished` is called as Executor::Submit says.
  void Scan(absl::AnyInvocable<void()> finished);

  // Searches some of the next window on this thread, in place of Scan: chunks of `bytes` bytes
  // together or, for the last, a little more. Returns whether there is more to do; in between, only
  // what may be called during Scan may be.
  bool ScanSome(uint64_t bytes);

  // Of the last Scan: kCancelled or kDeadlineExceeded when the limits ended it, kResourceExhausted
  // when there was no memory to decode. It is over then. What results take up is bounded by the
  // window; the budget is not asked.
  const absl::Status& status() const { return status_; }
  const Window& window() const { return window_; }

  // What the findings of `chunk` of the window are, found again.
  void FindAgain(size_t chunk, FindingList& findings) const;

  // Lets go of what no later window needs. Once after each Scan.
  void EndWindow();

  // Of all parts so far.
  uint64_t fed_bytes() const { return fed_bytes_; }
  bool utf16() const { return decoder_.has_value(); }

 private:
  void ChooseEncoding(Encoding encoding);
  uint64_t DecidableUntil(uint64_t text_end, bool ended) const;
  void Decode();
  void Cut();
  void BeginWindow();
  void SubmitChunks(absl::AnyInvocable<void()> finished);
  bool Run(size_t task) override;
  uint64_t bytes() const override { return window_fed_; }
  absl::Status Find(size_t chunk, const Limits& limits, FindingList& findings) const;
  void Fail(absl::Status status);

  const Engine& engine_;
  const ProcessOptions options_;
  const Limits limits_;
  ChunkSink& sink_;
  const Reach reach_;
  const uint64_t window_bytes_;

  bool encoding_known_ = false;
  bool ended_ = false;  // by End
  bool over_ = false;   // the last window has ended, or failed
  uint64_t fed_bytes_ = 0;
  uint64_t buffered_bytes_ = 0;
  uint64_t searched_bytes_ = 0;  // of the parts, by windows that have ended
  absl::Cord parts_;             // what is not in text_ yet; of UTF-8 only until that is known
  absl::Cord text_;              // what windows still need, from text_begin_ on
  uint64_t text_begin_ = 0;
  uint64_t searched_ = 0;  // of the text

  std::optional<Utf16Decoder> decoder_;
  absl::Cord undecoded_;      // of UTF-16: the window's parts
  bool decoding_ = false;     // Run decodes
  bool window_ends_ = false;  // the window's parts are the last
  uint64_t window_fed_ = 0;   // bytes of parts that the window searches
  size_t next_here_ = 0;      // of the chunks, for ScanSome
  std::chrono::steady_clock::time_point submitted_;
  Window window_;
  Document document_;  // the window's text
  std::mutex mutex_;
  absl::Status status_;  // guarded by mutex_ while tasks run
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_STREAM_SCANNER_H_
