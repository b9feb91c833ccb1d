// A light client of ProcessContentStream: sends a document in parts, as fast as they are taken, and
// reads what is answered.
//
//   stream_client --server 127.0.0.1:4321 --input prose --part_bytes 262144 --bytes 2147483648
//
// The parts are made once and sent again and again, answers are not parsed but for the last one,
// and one thread on one completion queue does everything: as load_client. Prints one JSON object;
// ends with 1 where the stream failed.

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/bench/inputs.h"
#include "tests/bench/load_figures.h"
#include "tests/bench/tuning.h"
#include "trawl/v1/content.pb.h"

namespace trawl::bench {
namespace {

constexpr char kMethod[] = "/trawl.v1.ContentService/ProcessContentStream";
// Of the parts together, before they repeat.
constexpr uint64_t kDistinctBytes = 16 << 20;

struct Options {
  std::string server;
  std::string input = "prose";
  uint64_t part_bytes = 256 << 10;
  uint64_t bytes = uint64_t{2} << 30;
  std::string form = "FINDINGS";
};

grpc::ByteBuffer ToBuffer(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

grpc::ByteBuffer OptionsMessage(const std::string& form) {
  v1::ResultForm value{};
  v1::ResultForm_Parse("RESULT_FORM_" + form, &value);
  v1::ProcessContentStreamRequest request;
  request.mutable_options()->set_result_form(value);
  return ToBuffer(request);
}

std::vector<grpc::ByteBuffer> MakeParts(const Options& options) {
  const uint64_t count =
      std::clamp<uint64_t>(kDistinctBytes / options.part_bytes, 1, kDistinctBytes / 1024);
  const std::string text = MakeInput(options.input, count * options.part_bytes);
  std::vector<grpc::ByteBuffer> parts;
  for (uint64_t i = 0; i < count; ++i) {
    v1::ProcessContentStreamRequest request;
    request.set_data(text.substr(i * options.part_bytes, options.part_bytes));
    parts.push_back(ToBuffer(request));
  }
  return parts;
}

uint64_t TotalCount(const grpc::ByteBuffer& answer) {
  std::vector<grpc::Slice> slices;
  if (!answer.Valid() || !answer.Dump(&slices).ok()) return 0;
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  v1::ProcessContentStreamResponse response;
  return response.ParseFromString(bytes) ? response.total_count() : 0;
}

class Sending {
 public:
  explicit Sending(const Options& options)
      : options_(options), parts_(MakeParts(options)), first_(OptionsMessage(options.form)) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetMaxSendMessageSize(-1);
    stub_ = std::make_unique<grpc::GenericStub>(
        grpc::CreateCustomChannel(options.server, grpc::InsecureChannelCredentials(), arguments));
  }

  // Whether all went well.
  bool Run() {
    stream_ = stub_->PrepareCall(&context_, kMethod, &queue_);
    const Clock::time_point begin = Clock::now();
    stream_->StartCall(&started_);
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok) && tag != &finished_) Complete(tag, ok);
    Print(std::chrono::duration<double>(Clock::now() - begin).count());
    return status_.ok() && sent_ >= options_.bytes;
  }

 private:
  void Complete(const void* tag, bool ok) {
    if (tag == &started_) {
      stream_->Write(first_, &written_);
      stream_->Read(&next_, &read_);
    } else if (tag == &read_ && ok) {
      ++answers_;
      answer_bytes_ += next_.Length();
      last_.Swap(&next_);
      stream_->Read(&next_, &read_);
    } else if (tag == &read_) {
      stream_->Finish(&status_, &finished_);
    } else if (tag == &written_ && ok) {
      if (sent_ < options_.bytes) {
        stream_->Write(parts_[(sent_ / options_.part_bytes) % parts_.size()], &written_);
        sent_ += options_.part_bytes;
      } else {
        stream_->WritesDone(&done_);
      }
    }
  }

  void Print(double seconds) const {
    const nlohmann::ordered_json json = {
        {"bytes", sent_},
        {"seconds", seconds},
        {"bytes_per_second", static_cast<double>(sent_) / seconds},
        {"answers", answers_},
        {"answer_bytes", answer_bytes_},
        {"findings", TotalCount(last_)},
        {"code", static_cast<int>(status_.error_code())},
        {"error", status_.error_message()},
        {"client_cpu_seconds", CpuSeconds()},
    };
    std::cout << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  }

  const Options& options_;
  const std::vector<grpc::ByteBuffer> parts_;
  const grpc::ByteBuffer first_;
  std::unique_ptr<grpc::GenericStub> stub_;
  grpc::CompletionQueue queue_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  // Tags.
  char started_ = 0, written_ = 0, done_ = 0, read_ = 0, finished_ = 0;
  grpc::ByteBuffer next_;
  grpc::ByteBuffer last_;
  grpc::Status status_;
  uint64_t sent_ = 0;
  uint64_t answers_ = 0;
  uint64_t answer_bytes_ = 0;
};

int Main(int argc, char** argv) {
  TuneProcess();
  Options options;
  CLI::App app{"Sends a stream to a gRPC server"};
  app.add_option("--server", options.server)->required();
  app.add_option("--input", options.input, "Kind of content, as inputs.h has them");
  app.add_option("--part_bytes", options.part_bytes)->check(CLI::Range(1, 32 << 20));
  app.add_option("--bytes", options.bytes, "Of content, at least")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 40));
  app.add_option("--form", options.form)
      ->check(CLI::IsMember({"FINDINGS", "DISTINCT", "SPANS", "COUNTS"}));
  CLI11_PARSE(app, argc, argv);
  return Sending(options).Run() ? 0 : 1;
}

}  // namespace
}  // namespace trawl::bench

int main(int argc, char** argv) { return trawl::bench::Main(argc, argv); }
