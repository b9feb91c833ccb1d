// A ContentService in this process, on a free port, that answers as a test scripts it and counts
// what it is asked.
//
//   FakeContentService server;
//   server.AnswerProcessContent([](const auto& request, auto& response) { ... });
//   client::Client client({.target = server.address()});
//
// Unscripted, ProcessContent finds the words that have a dot inside ("a.b"), in the form asked for,
// ProcessContentStream tells of its parts when it must, and answers at their end as ProcessContent
// would, in one message,
// Explain and ProcessUrl answer with nothing, GetCapabilities has a version, and Ping sends its
// payload back. Handlers run on gRPC's threads, several at once; one that blocks must be let go
// before the server is destroyed.
#ifndef TRAWL_TESTS_SUPPORT_FAKE_CONTENT_SERVICE_H_
#define TRAWL_TESTS_SUPPORT_FAKE_CONTENT_SERVICE_H_

#include <grpcpp/server.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "trawl/v1/content.grpc.pb.h"

namespace trawl {

class FakeContentService final : private v1::ContentService::Service {
 public:
  using ProcessHandler =
      std::function<grpc::Status(const v1::ProcessContentRequest&, v1::ProcessContentResponse&)>;
  using ExplainHandler =
      std::function<grpc::Status(const v1::ExplainRequest&, v1::ExplainResponse&)>;
  using UrlHandler =
      std::function<grpc::Status(const v1::ProcessUrlRequest&, v1::ProcessUrlResponse&)>;

  FakeContentService();
  ~FakeContentService() override;

  // "127.0.0.1:PORT".
  const std::string& address() const { return address_; }

  void AnswerProcessContent(ProcessHandler handler);
  void AnswerExplain(ExplainHandler handler);
  void AnswerProcessUrl(UrlHandler handler);
  // Every call of the other methods ends with it.
  void FailOtherMethods(const grpc::Status& status);

  // GetCapabilities tells it.
  void SetMaxContentBytes(uint64_t bytes);

  int process_content_calls() const;
  int ping_calls() const;
  // Of all calls but GetCapabilities: one for each connection.
  std::set<std::string> peers() const;
  // Of the calls of ProcessContent, in the order they came.
  std::vector<v1::ProcessContentRequest> requests() const;
  // Streams say nothing before they have all parts, against the contract.
  void KeepStreamsSilent();

  // Parts of streams that came so far.
  int stream_parts() const;
  // Of the calls of ProcessContentStream that came to an end: the parts as one content.
  std::vector<v1::ProcessContentRequest> streams() const;
  // Of the calls of Explain, likewise.
  std::vector<v1::ExplainRequest> explain_requests() const;

  // What ProcessContent does unscripted.
  static grpc::Status FindDottedWords(const v1::ProcessContentRequest& request,
                                      v1::ProcessContentResponse& response);

 private:
  grpc::Status ProcessContent(grpc::ServerContext* context,
                              const v1::ProcessContentRequest* request,
                              v1::ProcessContentResponse* response) override;
  grpc::Status ProcessContentBatch(grpc::ServerContext* context,
                                   const v1::ProcessContentBatchRequest* request,
                                   v1::ProcessContentBatchResponse* response) override;
  grpc::Status ProcessContentStream(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::ProcessContentStreamResponse, v1::ProcessContentStreamRequest>*
          stream) override;
  grpc::Status Explain(grpc::ServerContext* context, const v1::ExplainRequest* request,
                       v1::ExplainResponse* response) override;
  grpc::Status ProcessUrl(grpc::ServerContext* context, const v1::ProcessUrlRequest* request,
                          v1::ProcessUrlResponse* response) override;
  grpc::Status Ping(grpc::ServerContext* context, const v1::PingRequest* request,
                    v1::PingResponse* response) override;
  grpc::Status GetCapabilities(grpc::ServerContext* context,
                               const v1::GetCapabilitiesRequest* request,
                               v1::GetCapabilitiesResponse* response) override;

  mutable std::mutex mutex_;
  ProcessHandler process_content_ = FindDottedWords;
  ExplainHandler explain_;
  UrlHandler process_url_;
  grpc::Status other_methods_;
  int ping_calls_ = 0;
  std::set<std::string> peers_;
  std::vector<v1::ProcessContentRequest> requests_;
  std::vector<v1::ProcessContentRequest> streams_;
  int stream_parts_ = 0;
  bool streams_tell_ = true;
  uint64_t max_content_bytes_ = 32 << 20;
  std::vector<v1::ExplainRequest> explain_requests_;

  std::string address_;
  std::unique_ptr<grpc::Server> server_;
};

// A status as trawld sends it: google.rpc.Status in the error details.
struct ErrorDetails {
  std::string reason;
  std::map<std::string, std::string> metadata;
  // Field and description.
  std::map<std::string, std::string> field_violations;
  int retry_delay_ms = -1;
};
grpc::Status ErrorWithDetails(grpc::StatusCode code, const std::string& message,
                              const ErrorDetails& details);

}  // namespace trawl

#endif  // TRAWL_TESTS_SUPPORT_FAKE_CONTENT_SERVICE_H_
