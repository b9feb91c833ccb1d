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
// Write waits until the server has room for the part, as the contract's ProcessContentStream says,
// and Read learns of it: so the two belong on two threads. No more is on its way than the server
// takes in, and no proxy in between has to hold any of it. Parts are held nowhere once they are
// sent, hence a stream that the server refuses is not tried again.
//
// Threads: Write and End by one, Read and Finish by one, perhaps another; Cancel by any. Finish
// comes after the last Read, which returned false, and when no Write is running.
//
// Lifetime: shorter than its Client's. The destructor cancels what was not finished.
#ifndef TRAWL_CLIENT_CONTENT_STREAM_H_
#define TRAWL_CLIENT_CONTENT_STREAM_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
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
  // the stream takes no more, Read has returned false or Cancel was called; Finish tells why.
  bool Write(std::string_view part);

  // The document ends here.
  void End();

  // Waits for the next message. False when there is none any more.
  bool Read(v1::ProcessContentStreamResponse& response);

  // How the stream ended.
  absl::Status Finish();

  // Ends it with CANCELLED, also Write and Read that wait.
  void Cancel();

 private:
  struct CancelStream {
    ContentStream* stream;
    void operator()() const { stream->Cancel(); }
  };

  // Whether the stream goes on.
  bool WaitForRoom();
  void Close();

  grpc::ClientContext context_;
  v1::ProcessContentStreamRequest request_;
  bool begun_ = false;
  bool finished_ = false;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::ProcessContentStreamRequest, v1::ProcessContentStreamResponse>>
      stream_;

  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t sent_bytes_ = 0;
  uint64_t searched_bytes_ = 0;  // guarded by mutex_, as closed_
  bool closed_ = false;

  std::optional<std::stop_callback<CancelStream>> on_stop_;
};

}  // namespace trawl::client

#endif  // TRAWL_CLIENT_CONTENT_STREAM_H_
