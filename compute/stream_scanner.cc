#include "compute/stream_scanner.h"

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

#include "compute/stream_offsets.h"

namespace trawl::compute {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMarkBytes = 2;

std::vector<std::string_view> PiecesOf(const absl::Cord& cord) {
  std::vector<std::string_view> pieces;
  for (absl::string_view piece : cord.Chunks()) pieces.emplace_back(piece.data(), piece.size());
  return pieces;
}

}  // namespace

StreamScanner::StreamScanner(const Engine& engine, ProcessOptions options,
                             std::optional<Encoding> encoding, Limits limits, ChunkSink& sink)
    : engine_(engine),
      options_(std::move(options)),
      limits_(std::move(limits)),
      sink_(sink),
      reach_(engine.ReachOf(options_.wanted)),
      window_bytes_(kWindowChunks * engine.options().max_chunk_bytes) {
  if (encoding.has_value()) ChooseEncoding(*encoding);
}

// Text made of UTF-16 has up to 3 bytes for 2, the decoder keeps up to 3 bytes of the part before,
// and of the window before as much was not decidable as the reach.
size_t StreamScanner::max_chunks() const {
  const uint64_t text = (window_bytes_ + 3) / 2 * 3 + 3 + reach_.right;
  const uint64_t chunks = text / engine_.options().max_chunk_bytes + 1;
  return std::max<size_t>(engine_.executor().workers(), chunks);
}

void StreamScanner::Feed(const absl::Cord& part) {
  fed_bytes_ += part.size();
  buffered_bytes_ += part.size();
  if (encoding_known_ && !utf16()) {
    text_.Append(part);
    return;
  }
  parts_.Append(part);
  if (!encoding_known_ && parts_.size() >= kMarkBytes) {
    ChooseEncoding(EncodingByMark(std::string(parts_.Subcord(0, kMarkBytes))));
  }
}

void StreamScanner::End() {
  ended_ = true;
  if (!encoding_known_) ChooseEncoding(Encoding::kUtf8);
}

void StreamScanner::ChooseEncoding(Encoding encoding) {
  encoding_known_ = true;
  if (encoding == Encoding::kUtf8) {
    text_ = std::move(parts_);
    parts_.Clear();
  } else {
    decoder_.emplace(encoding == Encoding::kUtf16Be);
  }
}

bool StreamScanner::CanScan() const {
  if (over_ || !encoding_known_) return false;
  if (ended_) return true;
  if (utf16()) return !parts_.empty();
  return DecidableUntil(text_begin_ + text_.size(), false) > searched_;
}

uint64_t StreamScanner::DecidableUntil(uint64_t text_end, bool ended) const {
  return ended ? text_end : text_end - std::min(text_end, reach_.right);
}

// UTF-16 is decoded by a task of its own before the chunks: the thread that feeds has no time.
void StreamScanner::BeginWindow() {
  submitted_ = Clock::now();
  window_ = Window();
  if (!utf16()) return Cut();
  undecoded_ = parts_.Subcord(0, window_bytes_);
  parts_.RemovePrefix(undecoded_.size());
  window_fed_ = undecoded_.size();
  window_ends_ = ended_ && parts_.empty();
  decoding_ = true;
}

void StreamScanner::Scan(absl::AnyInvocable<void()> finished) {
  BeginWindow();
  if (!decoding_) return SubmitChunks(std::move(finished));
  engine_.executor().Submit(*this, 1, [this, finished = std::move(finished)]() mutable {
    decoding_ = false;
    SubmitChunks(std::move(finished));
  });
}

void StreamScanner::SubmitChunks(absl::AnyInvocable<void()> finished) {
  engine_.executor().Submit(*this, status_.ok() ? window_.chunks.size() : 0, std::move(finished));
}

bool StreamScanner::ScanSome(uint64_t bytes) {
  if (next_here_ == 0) {
    BeginWindow();
    if (decoding_) Run(0);
    decoding_ = false;
  }
  bool wanted = status_.ok();
  for (uint64_t done = 0; wanted && next_here_ < window_.chunks.size() && done < bytes;) {
    const Chunk range = window_.chunks[next_here_].range;
    wanted = Run(next_here_++);
    done += range.end - range.begin;
  }
  if (wanted && next_here_ < window_.chunks.size()) return true;
  next_here_ = 0;
  return false;
}

void StreamScanner::Decode() {
  text_.Append(decoder_->Decode(undecoded_, window_ends_));
  undecoded_.Clear();
  Cut();
}

void StreamScanner::Cut() {
  const uint64_t text_end = text_begin_ + text_.size();
  uint64_t end = 0;
  if (utf16()) {
    end = DecidableUntil(text_end, window_ends_);
  } else {
    end = std::min(DecidableUntil(text_end, ended_), searched_ + window_bytes_);
    window_fed_ = end - searched_;
    window_ends_ = ended_ && end == text_end;
  }
  end = std::max(end, searched_);  // what is decoded may be less than the reach
  window_.text_begin = text_begin_;
  window_.text = text_.Subcord(0, std::min(text_end, end + reach_.right) - text_begin_);
  window_.last = window_ends_;
  window_.searched_bytes = searched_bytes_ + window_fed_;
  window_.final_until = window_.last ? end : end - std::min(end, reach_.left);
  document_ = Document(PiecesOf(window_.text));
  for (Chunk chunk :
       CutIntoChunks(end - searched_, 0, engine_.executor().workers(),
                     engine_.options().min_chunk_bytes, engine_.options().max_chunk_bytes)) {
    window_.chunks.push_back({{searched_ + chunk.begin, searched_ + chunk.end}, {}, {}});
  }
  searched_ = end;
}

void StreamScanner::Fail(absl::Status status) {
  std::lock_guard lock(mutex_);
  status_.Update(std::move(status));
}

bool StreamScanner::Run(size_t task) {
  const Clock::time_point start = Clock::now();
  if (task == 0 && window_.queue_time.count() == 0) window_.queue_time = start - submitted_;
  if (absl::Status limit = limits_.Check(); !limit.ok()) {
    Fail(std::move(limit));
    return false;
  }
  if (decoding_) {
    try {
      Decode();
    } catch (const std::bad_alloc&) {
      Fail(absl::ResourceExhaustedError("out of memory while decoding the stream"));
    }
    return true;
  }
  ChunkResult& chunk = window_.chunks[task];
  const FindingList* found = nullptr;
  try {
    thread_local FindingList findings;
    if (absl::Status limit = Find(task, limits_, findings); !limit.ok()) {
      Fail(std::move(limit));
      return false;
    }
    sink_.Take(0, task, findings);
    found = &findings;
  } catch (const std::bad_alloc&) {
    chunk.status = absl::ResourceExhaustedError("out of memory while scanning the chunk");
  } catch (...) {
    chunk.status = absl::InternalError("a detector failed on the chunk");
  }
  chunk.time = Clock::now() - start;
  engine_.Observe(chunk.range, found, chunk.time);
  return true;
}

absl::Status StreamScanner::Find(size_t chunk, const Limits& limits, FindingList& findings) const {
  const Chunk range = window_.chunks[chunk].range;
  const Chunk in_text{range.begin - window_.text_begin, range.end - window_.text_begin};
  absl::Status status = engine_.ScanChunk(document_, in_text, options_, limits, findings);
  findings.Shift(0, window_.text_begin);
  return status;
}

void StreamScanner::FindAgain(size_t chunk, FindingList& findings) const {
  Find(chunk, {}, findings).IgnoreError();
}

void StreamScanner::EndWindow() {
  over_ = window_.last || !status_.ok();
  buffered_bytes_ -= window_fed_;
  searched_bytes_ += window_fed_;
  document_ = Document();
  window_.text.Clear();
  const uint64_t kept = reach_.left + StreamOffsets::kLag;
  const uint64_t keep_from = searched_ - std::min(searched_, kept);
  if (keep_from > text_begin_) {
    text_.RemovePrefix(keep_from - text_begin_);
    text_begin_ = keep_from;
  }
}

}  // namespace trawl::compute
