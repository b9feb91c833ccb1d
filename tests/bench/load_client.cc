// A light client: keeps calls outstanding at a server for a while and measures them.
//
//   load_client --server 127.0.0.1:4321 --input weblog --bytes 1048576 --outstanding 8
//
// The request is made once and shared by all calls, answers are not parsed but for the last one,
// and one thread on one completion queue does everything: so that the server is what is measured,
// and the client fits on one core. Prints one JSON object; ends with 1 where a call failed.

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/inputs.h"
#include "tests/bench/load_figures.h"
#include "tests/bench/tuning.h"
#include "trawl/v1/content.pb.h"

namespace trawl::bench {
namespace {

constexpr char kProcess[] = "/trawl.v1.ContentService/ProcessContent";
constexpr char kProcessBatch[] = "/trawl.v1.ContentService/ProcessContentBatch";
constexpr char kPing[] = "/trawl.v1.ContentService/Ping";

struct Options {
  std::string server;
  bool ping = false;
  std::string input = "weblog";
  size_t bytes = 1 << 20;
  int batch = 0;
  std::string form = "FINDINGS";
  int outstanding = 1;
  int channels = 1;
  double seconds = 1;
  double warm_up = 0.2;
  double interval_ms = 0;
};

grpc::ByteBuffer ToBuffer(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

const char* Method(const Options& options) {
  if (options.ping) return kPing;
  return options.batch > 0 ? kProcessBatch : kProcess;
}

grpc::ByteBuffer MakeRequest(const Options& options) {
  if (options.ping) return ToBuffer(v1::PingRequest());
  const std::string content = MakeInput(options.input, options.bytes);
  v1::ResultForm form{};
  v1::ResultForm_Parse("RESULT_FORM_" + options.form, &form);
  if (options.batch > 0) {
    v1::ProcessContentBatchRequest request;
    for (int i = 0; i < options.batch; ++i) request.add_documents()->set_data(content);
    request.mutable_options()->set_result_form(form);
    return ToBuffer(request);
  }
  v1::ProcessContentRequest request;
  request.set_data(content);
  request.mutable_options()->set_result_form(form);
  return ToBuffer(request);
}

uint64_t CountFindings(const Options& options, const grpc::ByteBuffer& reply) {
  std::vector<grpc::Slice> slices;
  if (!reply.Dump(&slices).ok()) return 0;
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  if (options.batch > 0) {
    v1::ProcessContentBatchResponse response;
    if (!response.ParseFromString(bytes)) return 0;
    uint64_t count = 0;
    for (const v1::BatchResult& result : response.results()) {
      count += result.response().total_count();
    }
    return count;
  }
  v1::ProcessContentResponse response;
  return response.ParseFromString(bytes) ? response.total_count() : 0;
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        request_(MakeRequest(options)),
        window_(options.warm_up, options.seconds),
        calls_(static_cast<size_t>(options.outstanding)) {
    for (int i = 0; i < options.channels; ++i) {
      grpc::ChannelArguments arguments;
      arguments.SetMaxReceiveMessageSize(-1);
      arguments.SetMaxSendMessageSize(-1);
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      stubs_.push_back(std::make_unique<grpc::GenericStub>(grpc::CreateCustomChannel(
          options.server, grpc::InsecureChannelCredentials(), arguments)));
    }
  }

  LoadFigures Run() {
    figures_.content_bytes =
        options_.ping ? 0 : options_.bytes * static_cast<size_t>(std::max(options_.batch, 1));
    figures_.seconds = options_.seconds;
    for (Call& call : calls_) Start(call);
    void* tag = nullptr;
    bool ok = false;
    for (size_t running = calls_.size(); running > 0 && queue_.Next(&tag, &ok);) {
      if (!Finish(*static_cast<Call*>(tag))) --running;
    }
    if (!options_.ping) figures_.findings = CountFindings(options_, last_);
    return figures_;
  }

 private:
  struct Call {
    std::optional<grpc::ClientContext> context;
    std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
    grpc::ByteBuffer reply;
    grpc::Status status;
    Clock::time_point begin;
  };

  void Start(Call& call) {
    grpc::GenericStub& stub = *stubs_[static_cast<size_t>(&call - calls_.data()) % stubs_.size()];
    call.reader.reset();
    call.context.emplace();
    call.context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    call.reply.Clear();
    call.begin = Clock::now();
    call.reader = stub.PrepareUnaryCall(&*call.context, Method(options_), request_, &queue_);
    call.reader->StartCall();
    call.reader->Finish(&call.reply, &call.status, &call);
  }

  // Whether another call was started.
  bool Finish(Call& call) {
    const Clock::time_point now = Clock::now();
    if (!call.status.ok()) {
      figures_.Fail(call.status.error_message());
      return false;
    }
    figures_.Succeed(call.begin, now, window_);
    figures_.reply_bytes = call.reply.Length();
    last_.Swap(&call.reply);
    if (now >= window_.end) return false;
    if (options_.interval_ms > 0) {
      std::this_thread::sleep_until(
          call.begin + std::chrono::microseconds(std::lround(1000 * options_.interval_ms)));
    }
    Start(call);
    return true;
  }

  const Options& options_;
  const grpc::ByteBuffer request_;
  const Window window_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  grpc::CompletionQueue queue_;
  std::vector<Call> calls_;
  grpc::ByteBuffer last_;
  LoadFigures figures_;
};

int Main(int argc, char** argv) {
  TuneProcess();
  Options options;
  CLI::App app{"Puts a gRPC server under load"};
  app.add_option("--server", options.server)->required();
  app.add_flag("--ping", options.ping, "Call Ping, not ProcessContent");
  app.add_option("--input", options.input, "Kind of content, as inputs.h has them");
  app.add_option("--bytes", options.bytes, "Of content");
  app.add_option("--batch", options.batch, "Documents of a batch in each call; 0: no batch")
      ->check(CLI::Range(0, 10'000));
  app.add_option("--form", options.form)
      ->check(CLI::IsMember({"FINDINGS", "DISTINCT", "SPANS", "COUNTS"}));
  app.add_option("--outstanding", options.outstanding)->check(CLI::Range(1, 1024));
  app.add_option("--channels", options.channels)->check(CLI::Range(1, 64));
  app.add_option("--seconds", options.seconds)->check(CLI::Range(0.01, 600.0));
  app.add_option("--warm_up", options.warm_up, "Seconds")->check(CLI::Range(0.0, 60.0));
  app.add_option("--interval_ms", options.interval_ms, "From call to call; 0: none");
  CLI11_PARSE(app, argc, argv);
  const LoadFigures figures = Load(options).Run();
  std::cout << figures.Json() << "\n";
  return figures.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace trawl::bench

int main(int argc, char** argv) { return trawl::bench::Main(argc, argv); }
