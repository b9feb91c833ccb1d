#include "service/url_session.h"

#include <array>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "service/guarded.h"
#include "service/url_error.h"
#include "service/wire_format.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {
namespace {

using Response = v1::ProcessUrlResponse;

// What waits to be searched, from which on no more is taken: while the body is small, and after.
constexpr uint64_t kSmallBuffer = 64 << 10;
constexpr uint64_t kLargeBuffer = 512 << 10;

// As kUrlFetchBytes, where the body is not small.
constexpr uint64_t kLargeFetchBytes = 2 << 20;

// What a step unpacks at most.
constexpr size_t kStepBytes = 128 << 10;

// A slice that keeps what it is of.
grpc::Slice Share(const absl::Cord& piece) {
  auto* const owner = new absl::Cord(piece);
  const absl::string_view bytes = owner->Flatten();
  return grpc::Slice(
      const_cast<char*>(bytes.data()), bytes.size(),
      [](void* cord) { delete static_cast<absl::Cord*>(cord); }, owner);
}

grpc::Slice FieldHead(int field, uint64_t size) {
  std::array<uint8_t, 1 + kMaxVarint> head;
  head[0] = Tag(field, WireType::kLengthDelimited);
  const uint8_t* const end = WriteVarint(size, &head[1]);
  return grpc::Slice(head.data(), static_cast<size_t>(end - head.data()));
}

}  // namespace

UrlSession::UrlSession(const compute::Engine& engine, const RequestLimits& limits,
                       const grpc::Slice& ruleset, compute::Limits give_up)
    : stream_(engine, limits, ruleset, std::move(give_up)) {}

absl::Status UrlSession::Begin(const UrlRequest& request) {
  include_body_ = request.include_body;
  max_body_bytes_ = request.max_body_bytes;
  max_included_bytes_ = request.max_included_body_bytes;
  return stream_.Begin(request.options);
}

absl::Status UrlSession::Take(UrlFetch::News news) {
  if (news.head.has_value()) {
    head_ = *std::move(news.head);
    if (!head_.encoding.empty()) {
      decoder_ = BodyDecoder::For(head_.encoding);
      if (decoder_ == nullptr) {
        return UrlError(absl::StatusCode::kFailedPrecondition, "URL_ENCODING_INVALID",
                        "the body has a content encoding that was not asked for", head_.redirects);
      }
    }
  }
  received_bytes_ += news.bytes.size();
  if (decoder_ != nullptr) {
    arrived_.append(news.bytes);
  } else if (!news.bytes.empty()) {
    Feed(std::move(news.bytes));
  }
  body_ended_ = news.ended;
  if (body_ended_ && decoder_ == nullptr) stream_.EndParts();
  return absl::OkStatus();
}

uint64_t UrlSession::BufferLimit() const {
  return received_bytes_ < UrlFetch::kSmallBody ? kSmallBuffer : kLargeBuffer;
}

bool UrlSession::wants_bytes() const {
  const uint64_t waiting = decoder_ != nullptr ? arrived_.size() : stream_.buffered_bytes();
  return !body_ended_ && waiting < BufferLimit();
}

void UrlSession::Feed(std::string bytes) {
  body_bytes_ += bytes.size();
  const absl::Cord part(std::move(bytes));
  if (include_body_ && body_.size() < max_included_bytes_) {
    body_.Append(part.Subcord(0, max_included_bytes_ - body_.size()));
  }
  stream_.Feed(part);
}

bool UrlSession::CanWork() const {
  if (stream_.CanScan()) return true;
  return decoder_ != nullptr &&
         (unpacked_ < packed_.size() || more_ || !arrived_.empty() || (body_ended_ && !told_end_));
}

void UrlSession::BeginWork() {
  decodes_ = decoder_ != nullptr && !told_end_;
  if (decodes_ && unpacked_ == packed_.size() && !more_) {
    packed_ = std::exchange(arrived_, {});
    unpacked_ = 0;
    last_ = body_ended_;
  }
}

void UrlSession::Decode() {
  work_status_ = Guarded([&] { return DecodeStep(); });
}

absl::Status UrlSession::DecodeStep() {
  const std::string_view rest = std::string_view(packed_).substr(unpacked_);
  if (!rest.empty() || more_) {
    std::string room(kStepBytes, '\0');
    const BodyDecoder::Step step = decoder_->Decode(rest, std::span(room));
    const bool stuck = !rest.empty() && step.consumed == 0 && step.produced == 0;
    if (!step.ok || stuck) {
      return UrlError(absl::StatusCode::kFailedPrecondition, "URL_ENCODING_INVALID",
                      "the body is not what its content encoding says", head_.redirects);
    }
    unpacked_ += step.consumed;
    whole_ = step.ended;
    more_ = step.produced == room.size();
    if (body_bytes_ + step.produced > max_body_bytes_) {
      return UrlBodyTooLarge(max_body_bytes_, head_.redirects);
    }
    room.resize(step.produced);
    Feed(std::move(room));
  }
  if (!last_ || unpacked_ < packed_.size() || more_) return absl::OkStatus();
  if (!whole_) {
    return UrlError(absl::StatusCode::kFailedPrecondition, "URL_BODY_CUT_OFF",
                    "the body ended before it was whole", head_.redirects);
  }
  told_end_ = true;
  stream_.EndParts();
  return absl::OkStatus();
}

bool UrlSession::NeedsScan() {
  scans_ = work_status_.ok() && stream_.CanScan();
  return scans_;
}

absl::Status UrlSession::EndWork() {
  absl::Status status = std::exchange(work_status_, absl::OkStatus());
  if (std::exchange(scans_, false)) {
    const size_t had = answers_.size();
    status.Update(stream_.EndWindow(answers_));
    for (size_t i = had; i < answers_.size(); ++i) answer_bytes_ += answers_[i].Length();
  }
  held_bytes_ = received_bytes_ < UrlFetch::kSmallBody ? kUrlFetchBytes : kLargeFetchBytes;
  held_bytes_ += answer_bytes_ + stream_.kept_bytes() + body_.size();
  if (decoder_ != nullptr) held_bytes_ += decoder_->memory_bytes();
  return status;
}

// The answers of a stream, one after the other, are the message that its answer is.
grpc::ByteBuffer UrlSession::Reply() const {
  std::vector<grpc::Slice> slices{FieldHead(Response::kContentFieldNumber, answer_bytes_)};
  for (const grpc::ByteBuffer& answer : answers_) {
    std::vector<grpc::Slice> of_answer;
    if (answer.Dump(&of_answer).ok()) {
      slices.insert(slices.end(), of_answer.begin(), of_answer.end());
    }
  }
  Response rest;
  rest.set_http_status(head_.status);
  rest.set_media_type(head_.media_type);
  rest.set_final_url(head_.url);
  rest.set_redirects(head_.redirects);
  rest.set_received_bytes(received_bytes_);
  rest.set_body_bytes(body_bytes_);
  rest.set_http_version(head_.http_version);
  rest.set_body_whole(include_body_ && body_.size() == body_bytes_);
  slices.emplace_back(rest.SerializeAsString());
  if (!body_.empty()) {
    slices.push_back(FieldHead(Response::kBodyFieldNumber, body_.size()));
    for (size_t begin = 0; begin < body_.size();) {
      const size_t size = (*body_.Subcord(begin, body_.size() - begin).chunk_begin()).size();
      slices.push_back(Share(body_.Subcord(begin, size)));
      begin += size;
    }
  }
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace trawl::service
