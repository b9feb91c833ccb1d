// The floor under trawld: a gRPC server that takes the same calls and does nothing with them. What
// it reaches, trawld cannot exceed.
//
//   floor_server [--listen 127.0.0.1:0] [--mode raw|parsed] [--reply_bytes N] [--tuned] [--pollers
//   N]
//
// It answers ProcessContent from a completion queue for each poller, with a reply made once, and
// reads the parts of ProcessContentStream to their end, to answer with one empty message. `raw`
// leaves requests and replies as bytes; `parsed` is what generated code does. It prints its address
// as trawld does, and ends as SIGTERM ends any process.

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/bench/tuning.h"
#include "trawl/v1/content.grpc.pb.h"

namespace trawl::bench {
namespace {

// As many as trawld has.
constexpr size_t kArmedCalls = 32;
constexpr size_t kArmedStreams = 8;

struct Raw {
  using Service = v1::ContentService::WithRawMethod_ProcessContent<
      v1::ContentService::WithRawMethod_ProcessContentStream<v1::ContentService::Service>>;
  using Request = grpc::ByteBuffer;
  using Reply = grpc::ByteBuffer;
  using Part = grpc::ByteBuffer;
  using Answer = grpc::ByteBuffer;
};

struct Parsed {
  using Service = v1::ContentService::WithAsyncMethod_ProcessContent<
      v1::ContentService::WithAsyncMethod_ProcessContentStream<v1::ContentService::Service>>;
  using Request = v1::ProcessContentRequest;
  using Reply = v1::ProcessContentResponse;
  using Part = v1::ProcessContentStreamRequest;
  using Answer = v1::ProcessContentStreamResponse;
};

struct Options {
  std::string listen = "127.0.0.1:0";
  std::string mode = "raw";
  size_t reply_bytes = 0;
  bool tuned = false;
  int pollers = 1;
};

// A reply of `bytes` bytes, or a few less where no length of its filling gives that many.
v1::ProcessContentResponse MakeReply(size_t bytes) {
  v1::ProcessContentResponse reply;
  if (bytes == 0) return reply;
  std::string& filling = *reply.mutable_ruleset()->mutable_version();
  filling.resize(bytes);
  // Without the tags and lengths around it, which depend on the length in turn.
  filling.resize(bytes - std::min(bytes, reply.ByteSizeLong() - bytes));
  filling.resize(filling.size() + bytes - std::min(bytes, reply.ByteSizeLong()));
  return reply;
}

grpc::ByteBuffer ToBuffer(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

class Tag {
 public:
  virtual ~Tag() = default;
  virtual void Complete(bool ok) = 0;
};

// One call after the other: accepted, answered, accepted again.
template <typename Mode>
class Call final : public Tag {
 public:
  void Accept(typename Mode::Service& service, grpc::ServerCompletionQueue& queue,
              const typename Mode::Reply& reply) {
    service_ = &service;
    queue_ = &queue;
    reply_ = &reply;
    Accept();
  }

  void Complete(bool ok) override {
    if (answered_) {
      Accept();
    } else if (ok) {
      answered_ = true;
      call_->writer.Finish(*reply_, grpc::Status::OK, this);
    }
  }

 private:
  struct State {
    grpc::ServerContext context;
    typename Mode::Request request;
    grpc::ServerAsyncResponseWriter<typename Mode::Reply> writer{&context};
  };

  void Accept() {
    answered_ = false;
    call_.emplace();
    service_->RequestProcessContent(&call_->context, &call_->request, &call_->writer, queue_,
                                    queue_, this);
  }

  typename Mode::Service* service_ = nullptr;
  grpc::ServerCompletionQueue* queue_ = nullptr;
  const typename Mode::Reply* reply_ = nullptr;
  bool answered_ = false;
  std::optional<State> call_;
};

// One stream after the other: accepted, read to its end, answered.
template <typename Mode>
class Stream final : public Tag {
 public:
  void Accept(typename Mode::Service& service, grpc::ServerCompletionQueue& queue) {
    service_ = &service;
    queue_ = &queue;
    Accept();
  }

  void Complete(bool ok) override {
    const bool was_accepted = std::exchange(accepted_, true);
    if (answered_) {
      Accept();
    } else if (ok) {
      call_->stream.Read(&call_->part, this);
    } else if (was_accepted) {
      answered_ = true;
      call_->stream.WriteAndFinish(answer_, grpc::WriteOptions(), grpc::Status::OK, this);
    }
  }

 private:
  struct State {
    grpc::ServerContext context;
    typename Mode::Part part;
    grpc::ServerAsyncReaderWriter<typename Mode::Answer, typename Mode::Part> stream{&context};
  };

  static typename Mode::Answer EmptyAnswer() {
    if constexpr (std::is_same_v<typename Mode::Answer, grpc::ByteBuffer>) {
      return ToBuffer(v1::ProcessContentStreamResponse());
    } else {
      return {};
    }
  }

  void Accept() {
    accepted_ = answered_ = false;
    call_.emplace();
    service_->RequestProcessContentStream(&call_->context, &call_->stream, queue_, queue_, this);
  }

  const typename Mode::Answer answer_ = EmptyAnswer();
  typename Mode::Service* service_ = nullptr;
  grpc::ServerCompletionQueue* queue_ = nullptr;
  bool accepted_ = false;
  bool answered_ = false;
  std::optional<State> call_;
};

template <typename Mode>
int Serve(const Options& options, const typename Mode::Reply& reply) {
  typename Mode::Service service;
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(-1);
  int port = 0;
  builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues;
  for (int i = 0; i < options.pollers; ++i) queues.push_back(builder.AddCompletionQueue());
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    std::cerr << "floor_server: cannot listen on " << options.listen << "\n";
    return 1;
  }
  std::vector<std::array<Call<Mode>, kArmedCalls>> calls(queues.size());
  std::vector<std::array<Stream<Mode>, kArmedStreams>> streams(queues.size());
  std::vector<std::jthread> pollers;
  for (size_t i = 0; i < queues.size(); ++i) {
    for (Call<Mode>& call : calls[i]) call.Accept(service, *queues[i], reply);
    for (Stream<Mode>& stream : streams[i]) stream.Accept(service, *queues[i]);
    pollers.emplace_back([&queue = *queues[i]] {
      void* tag = nullptr;
      bool ok = false;
      while (queue.Next(&tag, &ok)) static_cast<Tag*>(tag)->Complete(ok);
    });
  }
  const std::string host = options.listen.substr(0, options.listen.rfind(':'));
  const nlohmann::ordered_json line = {{"message", "listening"},
                                       {"address", host + ":" + std::to_string(port)}};
  std::cout << line.dump() << std::endl;
  return 0;
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app{"Answers ProcessContent and ProcessContentStream with nothing"};
  app.add_option("--listen", options.listen, "HOST:PORT; port 0: any free one");
  app.add_option("--mode", options.mode)->check(CLI::IsMember({"raw", "parsed"}));
  app.add_option("--reply_bytes", options.reply_bytes, "Of each reply; 0: an empty message")
      ->check(CLI::Range(0, 1 << 30));
  app.add_flag("--tuned", options.tuned, "Keep memory, do not look for lock cycles");
  app.add_option("--pollers", options.pollers, "Threads, a completion queue each")
      ->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);
  if (options.tuned) TuneProcess();
  const v1::ProcessContentResponse reply = MakeReply(options.reply_bytes);
  if (options.mode == "raw") return Serve<Raw>(options, ToBuffer(reply));
  return Serve<Parsed>(options, reply);
}

}  // namespace
}  // namespace trawl::bench

int main(int argc, char** argv) { return trawl::bench::Main(argc, argv); }
