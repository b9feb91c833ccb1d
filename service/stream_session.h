// One stream of ProcessContentStream without its transport: messages in, answers out.
//
//   session.Take(message)       each message that came, in order, while wants_part()
//   session.EndParts()          the caller sent all
//   session.Scan(finished)      while CanScan(): searches a window on workers
//   session.Answer()            on the worker that called `finished`: what the window gave; or
//                               here, once ScanSome returned false
//   session.EndWindow(answers)  back on the poller: takes the answers
//
// Parts stay in the slices they arrived in, but for small pieces, which are gathered.
//
// Thread-safety: belongs to one thread, as StreamScanner says: between Scan and EndWindow, Take and
// EndParts may be called, and Answer on the worker. Lifetime: outlives the window being searched;
// what the constructor is given outlives it.

#ifndef TRAWL_SERVICE_STREAM_SESSION_H_
#define TRAWL_SERVICE_STREAM_SESSION_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "compute/engine.h"
#include "compute/stream_scanner.h"
#include "service/request.h"
#include "service/stream_reply.h"

namespace trawl::service {

// Bytes of parts that are not searched yet, from which on no further part is read. The contract
// promises callers that there is room for so many.
inline constexpr uint64_t kMaxStreamBufferBytes = 1 << 20;

// Bytes of parts that are searched, after which callers are told so.
inline constexpr uint64_t kStreamProgressBytes = kMaxStreamBufferBytes / 4;

// The answers to one window, at most: its text of up to 768 KiB (made of UTF-16), and 11 bytes of
// answer for each of its own.
inline constexpr uint64_t kMaxWindowAnswerBytes = 9 << 20;

class StreamSession {
 public:
  // `ruleset` is a serialised answer with nothing but a ruleset.
  StreamSession(const compute::Engine& engine, const RequestLimits& limits,
                const grpc::Slice& ruleset, compute::Limits give_up);

  // Where there are no messages but a body: its options, before all else, and its next part. What
  // is answered then says nothing of progress.
  absl::Status Begin(const v1::ProcessOptions& options) { return Begin(options, std::nullopt); }
  void Feed(const absl::Cord& part) { scanner_->Feed(part); }

  // The next message, which is empty after. INVALID_ARGUMENT with details.
  absl::Status Take(grpc::ByteBuffer& message);
  void EndParts();

  // Of parts that are not searched yet.
  uint64_t buffered_bytes() const { return begun() ? scanner_->buffered_bytes() : 0; }

  // Of values that are sent in the end.
  uint64_t kept_bytes() const { return begun() ? reply_->kept_bytes() : 0; }

  // Whether the next message should be read.
  bool wants_part() const;

  bool CanScan() const { return scanner_ != nullptr && scanner_->CanScan(); }
  void Scan(absl::AnyInvocable<void()> finished) { scanner_->Scan(std::move(finished)); }
  bool ScanSome(uint64_t bytes) { return scanner_->ScanSome(bytes); }
  void Answer();
  // Adds to `answers`. Returns what ended the search, if something did.
  absl::Status EndWindow(std::deque<grpc::ByteBuffer>& answers);

  // Whether the last answer has been given.
  bool answered() const { return answered_; }

  // Whether there was a first message, or the end of a stream without one.
  bool begun() const { return scanner_ != nullptr; }

  // What was searched so far, once begun.
  const compute::Report& report() const { return reply_->report(); }

 private:
  absl::Status Begin(const v1::ProcessOptions& options, std::optional<uint64_t> progress_bytes);

  const compute::Engine& engine_;
  const RequestLimits& limits_;
  const grpc::Slice& ruleset_;
  const compute::Limits give_up_;
  std::unique_ptr<StreamReply> reply_;  // from the first message on, as the scanner
  std::unique_ptr<compute::StreamScanner> scanner_;
  bool parts_ended_ = false;
  bool answered_ = false;
  std::vector<grpc::ByteBuffer> answers_;  // of the window
  absl::Status answer_status_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_STREAM_SESSION_H_
