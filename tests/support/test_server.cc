#include "tests/support/test_server.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/base_sink.h>

#include <utility>

#include "google/rpc/status.pb.h"

namespace trawl::testing {

class TestServer::LogSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::vector<std::string> lines;

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    lines.emplace_back(message.payload.data(), message.payload.size());
  }
  void flush_() override {}
};

service::Options TestServer::DefaultOptions() {
  service::Options options;
  options.listen = "127.0.0.1:0";
  options.workers = 2;
  options.pollers = 1;
  options.inline_bytes = 0;
  options.max_wait_ms = 3'600'000;  // a slow machine is no reason to refuse
  options.log_level = "debug";      // each call is a line
  return options;
}

TestServer::TestServer(std::unique_ptr<const compute::Detector> detector, service::Options options)
    : log_sink_(std::make_shared<LogSink>()),
      log_(std::make_unique<service::Log>(options.log_level, log_sink_)) {
  absl::StatusOr<service::Server::Components> components = service::Server::LoadComponents(options);
  if (!components.ok()) throw std::runtime_error(components.status().ToString());
  if (detector != nullptr) {
    components->detectors.clear();
    components->detectors.push_back(std::move(detector));
  }
  absl::StatusOr<std::unique_ptr<service::Server>> server =
      service::Server::Start(options, *std::move(components), *log_);
  if (!server.ok()) throw std::runtime_error(server.status().ToString());
  server_ = *std::move(server);
  channel_ = NewChannel();
  stub_ = v1::ContentService::NewStub(channel_);
}

TestServer::~TestServer() = default;

std::shared_ptr<grpc::Channel> TestServer::NewChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(server_->address(), grpc::InsecureChannelCredentials(),
                                   arguments);
}

std::vector<std::string> TestServer::StopAndTakeLog() {
  server_.reset();
  log_.reset();
  return std::move(log_sink_->lines);
}

grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* reply) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  grpc::Slice slice(request);
  grpc::ByteBuffer bytes(&slice, 1);
  auto call = stub.PrepareUnaryCall(&context, method, bytes, &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, &call);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  queue.Shutdown();
  if (reply != nullptr) {
    std::vector<grpc::Slice> slices;
    if (answer.Valid()) answer.Dump(&slices).ok();
    reply->clear();
    for (const grpc::Slice& part : slices) {
      reply->append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
  }
  return status;
}

Details DetailsOf(const grpc::Status& status) {
  Details details;
  google::rpc::Status proto;
  EXPECT_TRUE(proto.ParseFromString(status.error_details()));
  EXPECT_EQ(proto.code(), status.error_code());
  EXPECT_EQ(proto.message(), status.error_message());
  for (const google::protobuf::Any& any : proto.details()) {
    any.UnpackTo(&details.info);
    any.UnpackTo(&details.bad_request);
    details.has_retry = any.UnpackTo(&details.retry) || details.has_retry;
  }
  return details;
}

}  // namespace trawl::testing
