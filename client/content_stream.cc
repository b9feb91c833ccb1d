#include "client/content_stream.h"

#include "absl/time/clock.h"
#include "client/error.h"
#include "client/token.h"

namespace trawl::client {

ContentStream::ContentStream(v1::ContentService::Stub& stub, const v1::ProcessOptions& options,
                             const std::string& token, absl::Duration timeout,
                             const std::stop_token& stop) {
  AddToken(token, context_);
  if (timeout != absl::InfiniteDuration()) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  }
  *request_.mutable_options() = options;
  stream_ = stub.ProcessContentStream(&context_);
  on_stop_.emplace(stop, CancelCall{&context_});
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
  request_.set_data(part.data(), part.size());
  begun_ = true;
  const bool written = stream_->Write(request_);
  request_.clear_options();
  return written;
}

void ContentStream::End() {
  if (!begun_ && !Write({})) return;
  stream_->WritesDone();
}

bool ContentStream::Read(v1::ProcessContentStreamResponse& response) {
  return stream_->Read(&response);
}

absl::Status ContentStream::Finish() {
  finished_ = true;
  return ToAbslStatus(stream_->Finish());
}

}  // namespace trawl::client
