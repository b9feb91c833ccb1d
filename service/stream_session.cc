#include "service/stream_session.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "compute/utf16.h"
#include "service/error.h"
#include "service/guarded.h"
#include "service/request_walk.h"

namespace trawl::service {
namespace {

constexpr char kType[] = "trawl.v1.ProcessContentStreamRequest";

// Smaller pieces are copied: a piece keeps all of the memory that it arrived in.
constexpr size_t kMinSharedPiece = 8 << 10;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// `pieces` of `slices`, in their order.
absl::Cord ToCord(const std::vector<std::string_view>& pieces,
                  const std::vector<grpc::Slice>& slices) {
  absl::Cord cord;
  auto owner = slices.begin();
  for (std::string_view piece : pieces) {
    if (piece.size() < kMinSharedPiece) {
      cord.Append(View(piece));
      continue;
    }
    const auto* const begin = reinterpret_cast<const uint8_t*>(piece.data());
    while (begin < owner->begin() || begin >= owner->end()) ++owner;
    cord.Append(absl::MakeCordFromExternal(View(piece), [slice = *owner] {}));
  }
  return cord;
}

// Nothing: by byte order mark.
std::optional<compute::Encoding> EncodingOf(v1::Encoding encoding) {
  if (encoding == v1::ENCODING_AUTO) return std::nullopt;
  if (encoding == v1::ENCODING_UTF16LE) return compute::Encoding::kUtf16Le;
  if (encoding == v1::ENCODING_UTF16BE) return compute::Encoding::kUtf16Be;
  return compute::Encoding::kUtf8;
}

}  // namespace

StreamSession::StreamSession(const compute::Engine& engine, const RequestLimits& limits,
                             const grpc::Slice& ruleset, compute::Limits give_up)
    : engine_(engine), limits_(limits), ruleset_(ruleset), give_up_(std::move(give_up)) {}

// What is not walked (malformed messages, groups, many unknown fields) is refused: protobuf's
// parser would copy the part, on the thread that Ping waits for.
absl::Status StreamSession::Take(grpc::ByteBuffer& message) {
  return Guarded([&] {
    constexpr int kNoField = 0;
    std::vector<grpc::Slice> slices;
    if (!message.Dump(&slices).ok()) return Malformed(kType);
    message.Clear();
    const auto walked =
        WalkRequest(slices, v1::ProcessContentStreamRequest::kDataFieldNumber, kNoField);
    v1::ProcessContentStreamRequest request;
    if (!walked.has_value() || !request.ParseFromString(walked->others)) return Malformed(kType);
    const bool first = scanner_ == nullptr;
    if (request.has_options() && !first) {
      return InvalidField("OPTIONS_NOT_FIRST", "options", "only the first message may have them");
    }
    const absl::Cord part = ToCord(walked->data, slices);
    if (part.size() > limits_.max_content_bytes) {
      return OverLimit("CONTENT_TOO_LARGE", "data", part.size(), limits_.max_content_bytes,
                       "bytes");
    }
    if (first) {
      if (absl::Status status = Begin(request.options(), kStreamProgressBytes); !status.ok()) {
        return status;
      }
    }
    scanner_->Feed(part);
    return absl::OkStatus();
  });
}

absl::Status StreamSession::Begin(const v1::ProcessOptions& proto,
                                  std::optional<uint64_t> progress_bytes) {
  ContentOptions options;
  if (absl::Status status = Check(proto, limits_, options); !status.ok()) return status;
  uint64_t max_findings = options.max_findings;
  const bool holds_values = options.result_form == v1::RESULT_FORM_DISTINCT;
  if (proto.max_findings() == 0 && !holds_values) {
    max_findings = std::numeric_limits<uint64_t>::max();
  }
  reply_ = std::make_unique<StreamReply>(options, max_findings, progress_bytes, engine_.kernel(),
                                         ruleset_);
  scanner_ = std::make_unique<compute::StreamScanner>(
      engine_, options.process, EncodingOf(options.encoding), give_up_, *reply_);
  reply_->SetMaxChunks(scanner_->max_chunks());
  return absl::OkStatus();
}

void StreamSession::EndParts() {
  parts_ended_ = true;
  if (scanner_ == nullptr) Begin({}, kStreamProgressBytes).IgnoreError();
  scanner_->End();
}

bool StreamSession::wants_part() const {
  return !parts_ended_ && buffered_bytes() < kMaxStreamBufferBytes;
}

void StreamSession::Answer() {
  if (!scanner_->status().ok()) return;
  answer_status_ = Guarded([&] {
    answers_ = reply_->Answer(*scanner_);
    return absl::OkStatus();
  });
}

absl::Status StreamSession::EndWindow(std::deque<grpc::ByteBuffer>& answers) {
  absl::Status status = scanner_->status();
  status.Update(answer_status_);
  answered_ = status.ok() && scanner_->window().last;
  for (grpc::ByteBuffer& answer : answers_) answers.push_back(std::move(answer));
  answers_.clear();
  scanner_->EndWindow();
  return status;
}

}  // namespace trawl::service
