// Sends malformed requests to a server and demands for each exactly the answer that it should have.
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

struct Call {
  MalformedRequest request;
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer answer;
  grpc::Status status;
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

class Sender {
 public:
  Sender(const std::string& address, uint64_t seed)
      : stub_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())), requests_(seed) {}

  // Whether all were answered as they should.
  bool Run(uint64_t count) {
    uint64_t sent = 0;
    for (; sent < count && sent < kOutstanding; ++sent) Send();
    bool right = true;
    for (uint64_t ended = 0; ended < sent; ++ended) {
      void* tag = nullptr;
      bool ok = false;
      queue_.Next(&tag, &ok);
      const std::unique_ptr<Call> call(static_cast<Call*>(tag));
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
  void Send() {
    auto call = std::make_unique<Call>();
    call->request = requests_.Next();
    const grpc::Slice slice(call->request.bytes);
    call->reader =
        stub_.PrepareUnaryCall(&call->context, "/trawl.v1.ContentService/" + call->request.method,
                               grpc::ByteBuffer(&slice, 1), &queue_);
    call->reader->StartCall();
    Call* const started = call.release();
    started->reader->Finish(&started->answer, &started->status, started);
  }

  bool Check(const Call& call) {
    const auto code = static_cast<absl::StatusCode>(call.status.error_code());
    auto& count = counts_[call.request.method][absl::StatusCodeToString(code)];
    count = count.is_null() ? 1 : count.get<uint64_t>() + 1;
    const std::string reason = ReasonOf(call.status);
    if (call.request.reasons.contains(reason)) return true;
    std::cerr << call.request.method << " " << absl::BytesToHexString(call.request.bytes)
              << " was answered with code " << call.status.error_code() << " and reason '" << reason
              << "', not with";
    for (const std::string& right : call.request.reasons) std::cerr << " '" << right << "'";
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
