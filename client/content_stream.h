// A document sent in parts, its findings read as they come: one call of ProcessContentStream.
//
//   const auto stream = client.ProcessContentStream(options);
//   std::jthread writer([&] {
//     while (ReadPart(part) && stream->Write(part)) {
//     }
//     stream->End();
//   });
//   v1::ProcessContentStreamResponse response;
//   while (stream->Read(response)) Use(response);
//   writer.join();
//   const absl::Status status = stream->Finish();
//
// Write waits while the server has enough to do, and the server waits while nobody reads: so the
// two belong on two threads. Parts are held nowhere once they are sent, hence a stream that the
// server refuses is not tried again.
//
// Threads: Write and End by one, Read and Finish by one, perhaps another; Cancel by any. Finish
// comes after the last Read, which returned false, and when no Write is running.
//
// Lifetime: shorter than its Client's. The destructor cancels what was not finished.
#ifndef TRAWL_CLIENT_CONTENT_STREAM_H_
#define TRAWL_CLIENT_CONTENT_STREAM_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "trawl/v1/content.grpc.pb.h"

namespace trawl::client {

class ContentStream {
 public:
  // What Client::ProcessContentStream calls. `options` go with the first part.
  ContentStream(v1::ContentService::Stub& stub, const v1::ProcessOptions& options,
                const std::string& token, absl::Duration timeout, const std::stop_token& stop);
  ~ContentStream();

  ContentStream(const ContentStream&) = delete;
  ContentStream& operator=(const ContentStream&) = delete;

  // Sends the next part, of any size up to the server's max_content_bytes, 0 included. False once
  // the stream takes no more; Finish tells why.
  bool Write(std::string_view part);

  // The document ends here.
  void End();

  // Waits for the next message. False when there is none any more.
  bool Read(v1::ProcessContentStreamResponse& response);

  // How the stream ended.
  absl::Status Finish();

  // Ends it with CANCELLED, also Write and Read that wait.
  void Cancel() { context_.TryCancel(); }

 private:
  struct CancelCall {
    grpc::ClientContext* context;
    void operator()() const { context->TryCancel(); }
  };

  grpc::ClientContext context_;
  v1::ProcessContentStreamRequest request_;
  bool begun_ = false;
  bool finished_ = false;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::ProcessContentStreamRequest, v1::ProcessContentStreamResponse>>
      stream_;
  std::optional<std::stop_callback<CancelCall>> on_stop_;
};

}  // namespace trawl::client

#endif  // TRAWL_CLIENT_CONTENT_STREAM_H_
