// The C++ client of trawl.v1.ContentService.
//
//   #include "client/client.h"
//
//   trawl::client::Client client({.target = "localhost:50151"});
//   trawl::v1::ProcessContentRequest request;
//   request.set_text("see www.example.com");
//   const auto response = client.ProcessContent(request);
//   if (!response.ok()) return Fail(response.status());
//   for (const auto& finding : response->findings()) std::cout << finding.value() << "\n";
//
// Calls either block and return their answer, or (…Async) return at once and hand it to a callback.
// A call that the server refuses with UNAVAILABLE, RESOURCE_EXHAUSTED or CANCELLED (what gRPC sends
// while it shuts down) is tried again by gRPC, with a backoff or after the delay the server asks
// for, until Options::max_attempts or the deadline. Connections are made when first needed and made
// again when lost. A connection is served by one completion queue of the server, so one client with
// a lot to do should have several channels.
//
// A document that is large, or comes bit by bit, is sent by ProcessContentStream
// (client/content_stream.h), which is never tried again and has no deadline of itself.
//
// Without Options::tls, connections are plaintext: for loopback addresses and trusted networks. A
// client reads nothing from files: certificates that changed need a new client.
//
// Threads: every method may be called from any thread at any time. Callbacks run on threads of
// gRPC, several at once; they must not block for long, and may start calls.
//
// Lifetime: the destructor waits for the asynchronous calls in flight (stop them by their tokens to
// make that quick), so it must not run inside a callback.
//
// Errors: absl::Status with the code of gRPC; DecodeError (client/error.h) gives the details the
// server sent. A stopped call is CANCELLED, an expired one DEADLINE_EXCEEDED, a request above
// Options::max_send_bytes INVALID_ARGUMENT without being sent.
#ifndef TRAWL_CLIENT_CLIENT_H_
#define TRAWL_CLIENT_CLIENT_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/content_stream.h"
#include "client/error.h"
#include "trawl/v1/content.grpc.pb.h"

namespace trawl::client {

// What a connection by TLS is made with. All in PEM.
struct TlsOptions {
  // CAs that the server's certificate may come from; empty: those of the system.
  std::string ca;
  // What the client shows of itself, with its key; empty: nothing.
  std::string certificate;
  std::string key;
  // The name that the server's certificate has to have; empty: the host of the target. A target of
  // several addresses needs it.
  std::string server_name;
};

struct CallOptions {
  // From now until the answer, over all attempts. Not set: Options::timeout; for a stream, none.
  std::optional<absl::Duration> timeout;
  // A stop requested here cancels the call, also one not yet begun.
  std::stop_token stop;
};

class Client {
 public:
  struct Options {
    // "host:port", "unix:path", or any other name gRPC understands ("dns:///host:port"). Calls go
    // round the addresses of a name that has several, as "ipv4:127.0.0.1:1,127.0.0.1:2" does; with
    // one attempt only, all go to the first that can be reached.
    std::string target = "localhost:50151";
    // Nothing: plaintext.
    std::optional<TlsOptions> tls;
    // A bearer token, sent with each call; empty: none. Who listens in on plaintext reads it.
    std::string token;
    // Of each call; absl::InfiniteDuration() for none.
    absl::Duration timeout = absl::Seconds(30);
    // Of each call, the first included: 1 (never try again) to 5, where gRPC ends.
    int max_attempts = 4;
    // Before the second attempt, doubled before each further one up to the maximum; gRPC waits a
    // random part of it.
    absl::Duration initial_backoff = absl::Milliseconds(100);
    absl::Duration max_backoff = absl::Seconds(2);
    // Connections, at least 1, used in turn.
    int channels = 1;
    // Largest request and response, in bytes of protobuf.
    int max_send_bytes = std::numeric_limits<int>::max();
    int max_receive_bytes = std::numeric_limits<int>::max();
  };

  template <typename Response>
  using Callback = std::function<void(absl::StatusOr<Response>)>;

  explicit Client(const Options& options);
  ~Client();

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  absl::StatusOr<v1::ProcessContentResponse> ProcessContent(
      const v1::ProcessContentRequest& request, const CallOptions& call = {});
  absl::StatusOr<v1::ProcessContentBatchResponse> ProcessContentBatch(
      const v1::ProcessContentBatchRequest& request, const CallOptions& call = {});
  absl::StatusOr<v1::ProcessUrlResponse> ProcessUrl(const v1::ProcessUrlRequest& request,
                                                    const CallOptions& call = {});
  absl::StatusOr<v1::ExplainResponse> Explain(const v1::ExplainRequest& request,
                                              const CallOptions& call = {});
  absl::StatusOr<v1::PingResponse> Ping(const v1::PingRequest& request = {},
                                        const CallOptions& call = {});
  absl::StatusOr<v1::GetCapabilitiesResponse> GetCapabilities(const CallOptions& call = {});

  // Of CallOptions::timeout, not set is no deadline. `options` are sent with the first part.
  std::unique_ptr<ContentStream> ProcessContentStream(const v1::ProcessOptions& options,
                                                      const CallOptions& call = {});

  // `request` must live until `done` is called, which happens exactly once, possibly before the
  // function returns.
  void ProcessContentAsync(const v1::ProcessContentRequest& request, const CallOptions& call,
                           Callback<v1::ProcessContentResponse> done);
  void ProcessUrlAsync(const v1::ProcessUrlRequest& request, const CallOptions& call,
                       Callback<v1::ProcessUrlResponse> done);
  void PingAsync(const v1::PingRequest& request, const CallOptions& call,
                 Callback<v1::PingResponse> done);

  // Makes every connection now, so that the first calls need not, and waits for them. Whether it
  // worked shows in the next call, whose error says why not.
  void Connect(absl::Duration timeout);

 private:
  struct Channel {
    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<v1::ContentService::Stub> stub;
    // For streams, on a connection of their own: where a call may be tried again, gRPC keeps all
    // that it sent.
    std::unique_ptr<v1::ContentService::Stub> stream_stub;
  };

  template <typename Request, typename Response>
  using BlockingMethod = grpc::Status (v1::ContentService::Stub::*)(grpc::ClientContext*,
                                                                    const Request&, Response*);
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(BlockingMethod<Request, Response> method, const Request& request,
                                const CallOptions& call);

  template <typename Request, typename Response>
  using AsyncMethod = void (v1::ContentService::StubInterface::async_interface::*)(
      grpc::ClientContext*, const Request*, Response*, std::function<void(grpc::Status)>);
  template <typename Request, typename Response>
  void CallAsync(AsyncMethod<Request, Response> method, const Request& request,
                 const CallOptions& call, Callback<Response> done);

  absl::Status CheckSize(const google::protobuf::Message& request) const;
  void Prepare(const CallOptions& call, grpc::ClientContext& context) const;
  const Channel& NextChannel();

  const Options options_;
  std::vector<Channel> channels_;
  std::atomic<uint32_t> next_channel_ = 0;

  std::mutex mutex_;
  std::condition_variable idle_;
  int64_t calls_in_flight_ = 0;
};

}  // namespace trawl::client

#endif  // TRAWL_CLIENT_CLIENT_H_
