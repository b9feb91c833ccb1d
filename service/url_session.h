// One call of ProcessUrl without its transport: what is fetched in, the answer out.
//
//   session.Begin()             once the request is parsed
//   session.Take(news)          whatever the fetch brings, while wants_bytes()
//   session.BeginWork()         while CanWork(): a step of work
//   session.Decode()            on a worker, where needs_decoding()
//   session.Scan(finished)      then, where NeedsScan(); Answer() on the worker that finished it,
//                               or here, once ScanSome returned false
//   session.EndWork()           back on the poller
//   session.Reply()             once answered()
//
// Compressed bodies are unpacked on workers, a bounded piece for each step; others are searched as
// they come.
//
// Thread-safety: one thread at a time, but that Take and wants_bytes may be called between
// BeginWork and EndWork, by the thread that calls these. Lifetime: outlives its step of work; what
// the constructor is given outlives it.

#ifndef TRAWL_SERVICE_URL_SESSION_H_
#define TRAWL_SERVICE_URL_SESSION_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "compute/engine.h"
#include "service/body_decoder.h"
#include "service/request.h"
#include "service/stream_session.h"
#include "service/url_fetch.h"
#include "service/url_request.h"

namespace trawl::service {

// What a fetch holds of memory, at most, while its body is small: libcurl's buffer and what it
// keeps while it waits, what has arrived, and what is being searched.
inline constexpr uint64_t kUrlFetchBytes = 256 << 10;

class UrlSession {
 public:
  // `ruleset` is a serialised answer with nothing but a ruleset.
  UrlSession(const compute::Engine& engine, const RequestLimits& limits, const grpc::Slice& ruleset,
             compute::Limits give_up);

  absl::Status Begin(const UrlRequest& request);

  // What came and how it ended, which is well.
  absl::Status Take(UrlFetch::News news);
  bool wants_bytes() const;

  bool CanWork() const;
  void BeginWork();
  // Whether all that has come of the body is no more than `bytes`, and not compressed.
  bool IsSmall(uint64_t bytes) const { return decoder_ == nullptr && received_bytes_ <= bytes; }
  bool needs_decoding() const { return decodes_; }
  void Decode();
  bool NeedsScan();
  void Scan(absl::AnyInvocable<void()> finished) { stream_.Scan(std::move(finished)); }
  bool ScanSome(uint64_t bytes) { return stream_.ScanSome(bytes); }
  void Answer() { stream_.Answer(); }
  absl::Status EndWork();

  // Whether the body was searched to its end.
  bool answered() const { return stream_.answered(); }
  grpc::ByteBuffer Reply() const;

  // What it holds of memory, for the admission.
  uint64_t held_bytes() const { return held_bytes_; }
  const compute::Report& report() const { return stream_.report(); }

 private:
  uint64_t BufferLimit() const;
  void Feed(std::string bytes);
  absl::Status DecodeStep();

  StreamSession stream_;
  bool include_body_ = false;
  uint64_t max_body_bytes_ = 0;
  uint64_t max_included_bytes_ = 0;

  UrlHead head_;
  uint64_t received_bytes_ = 0;
  bool body_ended_ = false;
  uint64_t body_bytes_ = 0;  // once decompressed
  absl::Cord body_;          // its begin, to be included

  // Of a compressed body.
  std::unique_ptr<BodyDecoder> decoder_;
  std::string arrived_;  // since the last step
  std::string packed_;   // being unpacked, from unpacked_ on
  size_t unpacked_ = 0;
  bool last_ = false;      // nothing follows packed_
  bool more_ = false;      // the last step filled its room
  bool whole_ = true;      // as far as it is unpacked
  bool told_end_ = false;  // to stream_

  // Of a step of work.
  bool decodes_ = false;
  bool scans_ = false;
  absl::Status work_status_;

  std::deque<grpc::ByteBuffer> answers_;
  uint64_t answer_bytes_ = 0;
  uint64_t held_bytes_ = kUrlFetchBytes;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_URL_SESSION_H_
