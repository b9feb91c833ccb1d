// Sends malformed requests to a server and demands for each exactly the answer that it should have,
// or a refusal that says when to try again.
//
//   hostile_client ADDRESS REQUESTS SEED
//
// Prints what the calls ended with, {"METHOD": {"CODE": COUNT}}. Exit code 1 at the first answer
// that is another, with the request in hexadecimal.

#include <google/protobuf/stubs/logging.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/support/malformed_requests.h"

namespace {

using trawl::testing::MalformedRequest;

constexpr int kOutstanding = 64;

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

// One call, with one operation under way at a time.
class Call {
 public:
  Call(MalformedRequest request, grpc::GenericStub& stub, grpc::CompletionQueue& queue)
      : request_(std::move(request)), path_("/trawl.v1.ContentService/" + request_.method) {
    if (request_.method == "ProcessContentStream") {
      stream_ = stub.PrepareCall(&context_, path_, &queue);
      stream_->StartCall(this);
    } else {
      reader_ =
          stub.PrepareUnaryCall(&context_, path_, ToBuffer(request_.messages.front()), &queue);
      reader_->StartCall();
      finishes_ = true;
      reader_->Finish(&answer_, &status_, this);
    }
  }

  const MalformedRequest& request() const { return request_; }
  const grpc::Status& status() const { return status_; }
  const grpc::ClientContext& context() const { return context_; }

  // An operation ended. Whether the call has.
  bool GoOn(bool ok) {
    if (finishes_) return true;
    if (!ok) {
      finishes_ = true;
      stream_->Finish(&status_, this);
    } else if (written_ < request_.messages.size()) {
      stream_->Write(ToBuffer(request_.messages[written_++]), this);
    } else if (!std::exchange(closed_, true)) {
      stream_->WritesDone(this);
    } else {
      stream_->Read(&answer_, this);
    }
    return false;
  }

 private:
  const MalformedRequest request_;
  const std::string path_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  size_t written_ = 0;
  bool closed_ = false;
  bool finishes_ = false;
  grpc::ByteBuffer answer_;
  grpc::Status status_;
};

// "" for OK, else the ErrorInfo's.
std::string ReasonOf(const grpc::Status& status) {
  if (status.ok()) return "";
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (status.error_code() != grpc::INVALID_ARGUMENT ||
      !details.ParseFromString(status.error_details())) {
    return "no details: " + status.error_message();
  }
  for (const google::protobuf::Any& any : details.details()) any.UnpackTo(&info);
  return info.reason();
}

// Whether a refusal says when to try again, in both places and the same.
bool SaysWhen(const Call& call) {
  google::rpc::Status details;
  if (!details.ParseFromString(call.status().error_details())) return false;
  std::optional<int64_t> delay_ms;
  bool has_reason = false;
  for (const google::protobuf::Any& any : details.details()) {
    google::rpc::RetryInfo retry;
    google::rpc::ErrorInfo info;
    if (any.UnpackTo(&info)) has_reason = !info.reason().empty();
    if (!any.UnpackTo(&retry)) continue;
    delay_ms = retry.retry_delay().seconds() * 1000 + retry.retry_delay().nanos() / 1'000'000;
  }
  const auto& trailers = call.context().GetServerTrailingMetadata();
  const auto pushback = trailers.find("grpc-retry-pushback-ms");
  return has_reason && delay_ms.has_value() && *delay_ms > 0 && pushback != trailers.end() &&
         std::to_string(*delay_ms) == std::string(pushback->second.data(), pushback->second.size());
}

class Sender {
 public:
  Sender(const std::string& address, uint64_t seed)
      : stub_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())), requests_(seed) {}

  // Whether all were answered as they should.
  bool Run(uint64_t count) {
    uint64_t sent = 0;
    for (; sent < count && sent < kOutstanding; ++sent) Send();
    bool right = true;
    for (uint64_t ended = 0; ended < sent;) {
      void* tag = nullptr;
      bool ok = false;
      queue_.Next(&tag, &ok);
      auto* const goes_on = static_cast<Call*>(tag);
      if (!goes_on->GoOn(ok)) continue;
      const std::unique_ptr<Call> call(goes_on);
      ++ended;
      if (right && !Check(*call)) right = false;
      if (right && sent < count) {
        Send();
        ++sent;
      }
    }
    return right;
  }

  const nlohmann::ordered_json& counts() const { return counts_; }

 private:
  // Owned by itself until it has ended.
  void Send() { new Call(requests_.Next(), stub_, queue_); }

  bool Check(const Call& call) {
    const MalformedRequest& request = call.request();
    const auto code = static_cast<absl::StatusCode>(call.status().error_code());
    auto& count = counts_[request.method][absl::StatusCodeToString(code)];
    count = count.is_null() ? 1 : count.get<uint64_t>() + 1;
    const std::string reason = ReasonOf(call.status());
    // On a busy machine a call may be refused before it is looked at.
    if (code == absl::StatusCode::kResourceExhausted && SaysWhen(call)) return true;
    if (request.reasons.contains(reason)) return true;
    std::cerr << request.method;
    for (const std::string& message : request.messages) {
      std::cerr << " " << absl::BytesToHexString(message);
    }
    std::cerr << " was answered with code " << call.status().error_code() << " and reason '"
              << reason << "', not with";
    for (const std::string& right : request.reasons) std::cerr << " '" << right << "'";
    std::cerr << "\n";
    return false;
  }

  grpc::GenericStub stub_;
  grpc::CompletionQueue queue_;
  trawl::testing::MalformedRequests requests_;
  nlohmann::ordered_json counts_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: hostile_client ADDRESS REQUESTS SEED\n";
    return 2;
  }
  google::protobuf::SetLogHandler(nullptr);
  Sender sender(argv[1], std::strtoull(argv[3], nullptr, 10));
  const bool right = sender.Run(std::strtoull(argv[2], nullptr, 10));
  std::cout << sender.counts() << "\n";
  return right ? 0 : 1;
}
