// A real server in this process, on a free port of the loopback interface, and a channel to it.

#ifndef TRAWL_TESTS_SUPPORT_TEST_SERVER_H_
#define TRAWL_TESTS_SUPPORT_TEST_SERVER_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "compute/detector.h"
#include "google/rpc/error_details.pb.h"
#include "service/log.h"
#include "service/options.h"
#include "service/server.h"
#include "trawl/v1/content.grpc.pb.h"

namespace trawl::testing {

class TestServer {
 public:
  // Port 0 of the loopback interface, two workers, no drain delay.
  static service::Options DefaultOptions();

  // `detector` is the server's only one; null: those of this build.
  explicit TestServer(std::unique_ptr<const compute::Detector> detector = nullptr,
                      service::Options options = DefaultOptions());
  ~TestServer();

  service::Server& server() { return *server_; }
  std::shared_ptr<grpc::Channel> channel() { return channel_; }
  v1::ContentService::Stub& stub() { return *stub_; }
  // Another channel, with a connection of its own.
  std::shared_ptr<grpc::Channel> NewChannel();

  // Destroys the server, which writes its log, and gives the lines.
  std::vector<std::string> StopAndTakeLog();

 private:
  class LogSink;
  std::shared_ptr<LogSink> log_sink_;
  std::unique_ptr<service::Log> log_;
  std::unique_ptr<service::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::ContentService::Stub> stub_;
};

// A unary call of any method with any bytes.
grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* reply = nullptr);

// The details of an error.
struct Details {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::RetryInfo retry;
  bool has_retry = false;
};
Details DetailsOf(const grpc::Status& status);

}  // namespace trawl::testing

#endif  // TRAWL_TESTS_SUPPORT_TEST_SERVER_H_
