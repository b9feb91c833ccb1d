// A caller of ProcessContentStream.
//
// Thread-safety: Send, Close by one thread, Read and Finish by one, perhaps another.

#ifndef TRAWL_TESTS_SUPPORT_STREAM_CALLER_H_
#define TRAWL_TESTS_SUPPORT_STREAM_CALLER_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "trawl/v1/content.grpc.pb.h"

namespace trawl::testing {

using StreamMessages = std::vector<v1::ProcessContentStreamResponse>;

class StreamCaller {
 public:
  using Deadline = std::chrono::system_clock::time_point;

  explicit StreamCaller(v1::ContentService::Stub& stub, Deadline deadline = Deadline::max());

  // Before the first Send: goes with it.
  void SetOptions(const v1::ProcessOptions& options) { options_ = options; }

  // Whether the stream still takes parts.
  bool Send(std::string_view part);
  void Close() { stream_->WritesDone(); }

  // Whether there was another message.
  bool Read(v1::ProcessContentStreamResponse& message) { return stream_->Read(&message); }
  StreamMessages ReadAll();
  grpc::Status Finish() { return stream_->Finish(); }

  grpc::ClientContext context;

 private:
  v1::ProcessOptions options_;
  bool first_ = true;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::ProcessContentStreamRequest, v1::ProcessContentStreamResponse>>
      stream_;
};

// The messages, one after the other, as one.
v1::ProcessContentResponse Merged(const StreamMessages& messages);

// Sends all parts, reads all messages.
grpc::Status Stream(v1::ContentService::Stub& stub, const v1::ProcessOptions& options,
                    const std::vector<std::string>& parts, StreamMessages& messages);

}  // namespace trawl::testing

#endif  // TRAWL_TESTS_SUPPORT_STREAM_CALLER_H_
