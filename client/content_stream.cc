#include "client/content_stream.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "client/error.h"
#include "client/token.h"

namespace trawl::client {
namespace {

// GetCapabilitiesResponse.max_stream_buffer_bytes of every server, at least.
constexpr uint64_t kServerRoom = 1 << 20;

}  // namespace

ContentStream::ContentStream(v1::ContentService::Stub& stub, const v1::ProcessOptions& options,
                             const std::string& token, absl::Duration timeout,
                             const std::stop_token& stop) {
  AddToken(token, context_);
  if (timeout != absl::InfiniteDuration()) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  }
  *request_.mutable_options() = options;
  stream_ = stub.ProcessContentStream(&context_);
  on_stop_.emplace(stop, CancelStream{this});
}

ContentStream::~ContentStream() {
  on_stop_.reset();
  if (finished_) return;
  Cancel();
  v1::ProcessContentStreamResponse unread;
  while (Read(unread)) {
  }
  Finish().IgnoreError();
}

bool ContentStream::Write(std::string_view part) {
  if (!WaitForRoom()) return false;
  sent_bytes_ += part.size();
  request_.set_data(part.data(), part.size());
  begun_ = true;
  const bool written = stream_->Write(request_);
  request_.clear_options();
  return written;
}

bool ContentStream::WaitForRoom() {
  std::unique_lock lock(mutex_);
  const bool in_time = changed_.wait_until(lock, context_.deadline(), [this] {
    return closed_ || sent_bytes_ - searched_bytes_ < kServerRoom;
  });
  return in_time && !closed_;
}

void ContentStream::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

void ContentStream::Cancel() {
  context_.TryCancel();
  Close();
}

void ContentStream::End() {
  if (!begun_ && !Write({})) return;
  stream_->WritesDone();
}

bool ContentStream::Read(v1::ProcessContentStreamResponse& response) {
  if (!stream_->Read(&response)) {
    Close();
    return false;
  }
  const std::lock_guard lock(mutex_);
  searched_bytes_ = std::max(searched_bytes_, response.searched_bytes());
  changed_.notify_all();
  return true;
}

absl::Status ContentStream::Finish() {
  finished_ = true;
  return ToAbslStatus(stream_->Finish());
}

}  // namespace trawl::client
