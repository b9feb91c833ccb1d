#include "client/client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_format.h"
#include "client/token.h"
#include "nlohmann/json.hpp"

namespace trawl::client {
namespace {

std::string Seconds(absl::Duration duration) {
  return absl::StrFormat("%.3fs", absl::ToDoubleSeconds(duration));
}

// https://github.com/grpc/grpc/blob/v1.51.1/doc/service_config.md
// CANCELLED: what a server that shuts down answers calls with that were on their way to it
// (grpc#41785). A call that the caller cancelled is not tried again.
std::string ServiceConfig(const Client::Options& options) {
  const nlohmann::json retry_policy = {
      {"maxAttempts", std::min(options.max_attempts, 5)},
      {"initialBackoff", Seconds(options.initial_backoff)},
      {"maxBackoff", Seconds(options.max_backoff)},
      {"backoffMultiplier", 2},
      {"retryableStatusCodes", {"UNAVAILABLE", "RESOURCE_EXHAUSTED", "CANCELLED"}},
  };
  const nlohmann::json method_config = {
      {"name", nlohmann::json::array({{{"service", "trawl.v1.ContentService"}}})},
      {"retryPolicy", retry_policy},
  };
  return nlohmann::json{
      {"loadBalancingConfig", {{{"round_robin", nlohmann::json::object()}}}},
      {"methodConfig", nlohmann::json::array({method_config})},
  }
      .dump();
}

grpc::ChannelArguments ChannelArguments(const Client::Options& options, bool retries) {
  grpc::ChannelArguments arguments;
  // Channels with equal arguments share one connection unless each has a pool of its own.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (options.tls && !options.tls->server_name.empty()) {
    arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, options.tls->server_name);
  }
  arguments.SetMaxSendMessageSize(options.max_send_bytes);
  arguments.SetMaxReceiveMessageSize(options.max_receive_bytes);
  if (retries) {
    arguments.SetServiceConfigJSON(ServiceConfig(options));
    // A request above this buffer (256 KiB by default) is never tried again, without a word.
    arguments.SetInt(GRPC_ARG_PER_RPC_RETRY_BUFFER_SIZE, std::numeric_limits<int>::max());
  } else {
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  }
  return arguments;
}

std::shared_ptr<grpc::ChannelCredentials> Credentials(const std::optional<TlsOptions>& tls) {
  if (!tls) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials(
      {.pem_root_certs = tls->ca, .pem_private_key = tls->key, .pem_cert_chain = tls->certificate});
}

struct Cancel {
  grpc::ClientContext* context;
  void operator()() const { context->TryCancel(); }
};

// What an asynchronous call needs until its callback ran.
template <typename Response>
struct CallInFlight {
  grpc::ClientContext context;
  Response response;
  Client::Callback<Response> done;
  std::optional<std::stop_callback<Cancel>> on_stop;
};

}  // namespace

Client::Client(const Options& options) : options_(options) {
  const grpc::ChannelArguments arguments = ChannelArguments(options_, options_.max_attempts > 1);
  const grpc::ChannelArguments stream_arguments = ChannelArguments(options_, /*retries=*/false);
  const std::shared_ptr<grpc::ChannelCredentials> credentials = Credentials(options_.tls);
  for (int i = 0; i < std::max(options_.channels, 1); ++i) {
    Channel& channel = channels_.emplace_back();
    channel.channel = grpc::CreateCustomChannel(options_.target, credentials, arguments);
    channel.stub = v1::ContentService::NewStub(channel.channel);
    channel.stream_stub = v1::ContentService::NewStub(
        grpc::CreateCustomChannel(options_.target, credentials, stream_arguments));
  }
}

Client::~Client() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return calls_in_flight_ == 0; });
}

absl::StatusOr<v1::ProcessContentResponse> Client::ProcessContent(
    const v1::ProcessContentRequest& request, const CallOptions& call) {
  return Call(&v1::ContentService::Stub::ProcessContent, request, call);
}

absl::StatusOr<v1::ProcessContentBatchResponse> Client::ProcessContentBatch(
    const v1::ProcessContentBatchRequest& request, const CallOptions& call) {
  return Call(&v1::ContentService::Stub::ProcessContentBatch, request, call);
}

absl::StatusOr<v1::ProcessUrlResponse> Client::ProcessUrl(const v1::ProcessUrlRequest& request,
                                                          const CallOptions& call) {
  return Call(&v1::ContentService::Stub::ProcessUrl, request, call);
}

absl::StatusOr<v1::ExplainResponse> Client::Explain(const v1::ExplainRequest& request,
                                                    const CallOptions& call) {
  return Call(&v1::ContentService::Stub::Explain, request, call);
}

absl::StatusOr<v1::PingResponse> Client::Ping(const v1::PingRequest& request,
                                              const CallOptions& call) {
  return Call(&v1::ContentService::Stub::Ping, request, call);
}

absl::StatusOr<v1::GetCapabilitiesResponse> Client::GetCapabilities(const CallOptions& call) {
  return Call(&v1::ContentService::Stub::GetCapabilities, v1::GetCapabilitiesRequest(), call);
}

std::unique_ptr<ContentStream> Client::ProcessContentStream(const v1::ProcessOptions& options,
                                                            const CallOptions& call) {
  return std::make_unique<ContentStream>(*NextChannel().stream_stub, options, options_.token,
                                         call.timeout.value_or(absl::InfiniteDuration()),
                                         call.stop);
}

void Client::ProcessContentAsync(const v1::ProcessContentRequest& request, const CallOptions& call,
                                 Callback<v1::ProcessContentResponse> done) {
  CallAsync<v1::ProcessContentRequest, v1::ProcessContentResponse>(
      &v1::ContentService::StubInterface::async_interface::ProcessContent, request, call,
      std::move(done));
}

void Client::ProcessUrlAsync(const v1::ProcessUrlRequest& request, const CallOptions& call,
                             Callback<v1::ProcessUrlResponse> done) {
  CallAsync<v1::ProcessUrlRequest, v1::ProcessUrlResponse>(
      &v1::ContentService::StubInterface::async_interface::ProcessUrl, request, call,
      std::move(done));
}

void Client::PingAsync(const v1::PingRequest& request, const CallOptions& call,
                       Callback<v1::PingResponse> done) {
  CallAsync<v1::PingRequest, v1::PingResponse>(
      &v1::ContentService::StubInterface::async_interface::Ping, request, call, std::move(done));
}

void Client::Connect(absl::Duration timeout) {
  const auto deadline = absl::ToChronoTime(absl::Now() + timeout);
  for (const Channel& channel : channels_) channel.channel->GetState(/*try_to_connect=*/true);
  for (const Channel& channel : channels_) {
    grpc_connectivity_state state = channel.channel->GetState(true);
    while (state != GRPC_CHANNEL_READY && state != GRPC_CHANNEL_TRANSIENT_FAILURE) {
      if (!channel.channel->WaitForStateChange(state, deadline)) return;
      state = channel.channel->GetState(true);
    }
  }
}

template <typename Request, typename Response>
absl::StatusOr<Response> Client::Call(BlockingMethod<Request, Response> method,
                                      const Request& request, const CallOptions& call) {
  if (absl::Status size = CheckSize(request); !size.ok()) return size;
  grpc::ClientContext context;
  Prepare(call, context);
  const std::stop_callback on_stop(call.stop, Cancel{&context});
  Response response;
  const grpc::Status status = (*NextChannel().stub.*method)(&context, request, &response);
  if (!status.ok()) return ToAbslStatus(status);
  return response;
}

template <typename Request, typename Response>
void Client::CallAsync(AsyncMethod<Request, Response> method, const Request& request,
                       const CallOptions& call, Callback<Response> done) {
  if (absl::Status size = CheckSize(request); !size.ok()) return done(size);
  {
    const std::lock_guard lock(mutex_);
    ++calls_in_flight_;
  }
  auto in_flight = std::make_shared<CallInFlight<Response>>();
  in_flight->done = std::move(done);
  Prepare(call, in_flight->context);
  in_flight->on_stop.emplace(call.stop, Cancel{&in_flight->context});
  grpc::ClientContext* const context = &in_flight->context;
  Response* const response = &in_flight->response;
  (NextChannel().stub->async()->*method)(
      context, &request, response,
      [this, in_flight = std::move(in_flight)](const grpc::Status& status) mutable {
        in_flight->on_stop.reset();
        if (status.ok()) {
          in_flight->done(std::move(in_flight->response));
        } else {
          in_flight->done(ToAbslStatus(status));
        }
        in_flight.reset();
        const std::lock_guard lock(mutex_);
        if (--calls_in_flight_ == 0) idle_.notify_all();
      });
}

absl::Status Client::CheckSize(const google::protobuf::Message& request) const {
  const size_t bytes = request.ByteSizeLong();
  if (bytes <= static_cast<size_t>(options_.max_send_bytes)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "the request has %d bytes, more than max_send_bytes, %d", bytes, options_.max_send_bytes));
}

void Client::Prepare(const CallOptions& call, grpc::ClientContext& context) const {
  AddToken(options_.token, context);
  const absl::Duration timeout = call.timeout.value_or(options_.timeout);
  if (timeout == absl::InfiniteDuration()) return;
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
}

const Client::Channel& Client::NextChannel() {
  return channels_[next_channel_.fetch_add(1, std::memory_order_relaxed) % channels_.size()];
}

}  // namespace trawl::client
