// Health and reflection, through clients that know nothing of our contract.

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "tests/support/fake_detectors.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

// A streaming call of any method; every operation is waited for.
class RawStream {
 public:
  RawStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& method)
      : stub_(channel), call_(stub_.PrepareCall(&context_, method, &queue_)) {
    call_->StartCall(this);
    EXPECT_TRUE(Wait());
  }
  ~RawStream() {
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, this);
    Wait();
    queue_.Shutdown();
  }

  void Write(const std::string& bytes) {
    call_->Write(BufferOf(bytes), this);
    EXPECT_TRUE(Wait());
  }
  std::string Read() {
    grpc::ByteBuffer buffer;
    call_->Read(&buffer, this);
    EXPECT_TRUE(Wait());
    return BytesOf(buffer);
  }

 private:
  bool Wait() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
    return ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

// grpc.health.v1: HealthCheckRequest{service = 1}, HealthCheckResponse{status = 1}.
const std::string kServing("\x08\x01", 2);
const std::string kNotServing("\x08\x02", 2);

std::string HealthRequest(const std::string& service) {
  if (service.empty()) return "";
  return std::string("\x0a") + static_cast<char>(service.size()) + service;
}

grpc::Status CheckHealth(TestServer& server, const std::string& service, std::string* reply) {
  return CallRaw(server.channel(), "/grpc.health.v1.Health/Check", HealthRequest(service), reply);
}

TEST(HealthTest, IsServingForTheServerAndTheServiceOnly) {
  TestServer server(std::make_unique<HashDetector>());
  std::string reply;
  for (const char* service : {"", "trawl.v1.ContentService"}) {
    EXPECT_TRUE(CheckHealth(server, service, &reply).ok());
    EXPECT_EQ(reply, kServing);
  }
  EXPECT_EQ(CheckHealth(server, "no.such.Service", &reply).error_code(), grpc::NOT_FOUND);
}

TEST(HealthTest, WatchesOfUnknownServicesSayThatTheyAre) {
  TestServer server(std::make_unique<HashDetector>());
  RawStream watch(server.channel(), "/grpc.health.v1.Health/Watch");
  watch.Write(HealthRequest("no.such.Service"));
  EXPECT_EQ(watch.Read(), std::string("\x08\x03", 2));
}

TEST(HealthTest, ADrainEndsAllWatches) {
  service::Options options = TestServer::DefaultOptions();
  options.drain_grace_seconds = 3600;
  TestServer server(std::make_unique<HashDetector>(), options);
  std::vector<std::unique_ptr<RawStream>> watches;
  for (int i = 0; i < 100; ++i) {
    watches.push_back(
        std::make_unique<RawStream>(server.channel(), "/grpc.health.v1.Health/Watch"));
    watches.back()->Write(HealthRequest(""));
    EXPECT_EQ(watches.back()->Read(), kServing);
  }
  watches.resize(50);  // these are cancelled
  EXPECT_TRUE(server.server().Drain().ok()) << "long before the grace has passed";
}

TEST(HealthTest, TurnsNotServingWhenADrainBeginsAndCallsAreStillTaken) {
  service::Options options = TestServer::DefaultOptions();
  options.drain_delay_seconds = 3600;
  TestServer server(std::make_unique<HashDetector>(), options);
  RawStream watch(server.channel(), "/grpc.health.v1.Health/Watch");
  watch.Write(HealthRequest("trawl.v1.ContentService"));
  EXPECT_EQ(watch.Read(), kServing);
  std::stop_source hurry;
  std::jthread drain([&] { EXPECT_TRUE(server.server().Drain(hurry.get_token()).ok()); });
  EXPECT_EQ(watch.Read(), kNotServing);
  v1::PingResponse ping;
  grpc::ClientContext context;
  EXPECT_TRUE(server.stub().Ping(&context, {}, &ping).ok());
  hurry.request_stop();
}

TEST(HealthTest, TurnsNotServingWhileWorkersAreStuckAndBackAfter) {
  std::latch released(1);
  service::Options options = TestServer::DefaultOptions();
  options.workers = 1;
  options.watchdog_seconds = 1;
  TestServer server(std::make_unique<CallbackDetector>(
                        [&](std::string_view, compute::Chunk) { released.wait(); }),
                    options);
  RawStream watch(server.channel(), "/grpc.health.v1.Health/Watch");
  watch.Write(HealthRequest(""));
  EXPECT_EQ(watch.Read(), kServing);
  v1::ProcessContentRequest request;
  request.set_data("x");
  v1::ProcessContentResponse response;
  grpc::ClientContext context;
  std::latch answered(1);
  server.stub().async()->ProcessContent(&context, &request, &response,
                                        [&](const grpc::Status&) { answered.count_down(); });
  EXPECT_EQ(watch.Read(), kNotServing);
  released.count_down();
  EXPECT_EQ(watch.Read(), kServing);
  answered.wait();
}

// Asks reflection, whose contract is in this process's descriptor pool with the server.
class ReflectionTest : public ::testing::Test {
 protected:
  using Message = google::protobuf::Message;

  std::unique_ptr<Message> Ask(const std::string& field, const std::string& value) {
    const auto& pool = *google::protobuf::DescriptorPool::generated_pool();
    const std::string package = "grpc.reflection.v1alpha.";
    std::unique_ptr<Message> request(
        factory_.GetPrototype(pool.FindMessageTypeByName(package + "ServerReflectionRequest"))
            ->New());
    request->GetReflection()->SetString(request.get(),
                                        request->GetDescriptor()->FindFieldByName(field), value);
    RawStream stream(server_.channel(),
                     "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
    stream.Write(request->SerializeAsString());
    std::unique_ptr<Message> response(
        factory_.GetPrototype(pool.FindMessageTypeByName(package + "ServerReflectionResponse"))
            ->New());
    EXPECT_TRUE(response->ParseFromString(stream.Read()));
    return response;
  }

  google::protobuf::DynamicMessageFactory factory_;
  TestServer server_{std::make_unique<HashDetector>()};
};

TEST_F(ReflectionTest, ListsTheServices) {
  std::string services = Ask("list_services", "")->ShortDebugString();
  for (const char* service : {"trawl.v1.ContentService", "grpc.health.v1.Health"}) {
    EXPECT_THAT(services, ::testing::HasSubstr(service));
  }
}

TEST_F(ReflectionTest, ResolvesTheContractAndTheDetailsOfErrors) {
  for (const char* symbol : {"trawl.v1.ContentService", "google.rpc.Status", "google.rpc.ErrorInfo",
                             "google.rpc.BadRequest", "google.rpc.RetryInfo"}) {
    std::string answer = Ask("file_containing_symbol", symbol)->ShortDebugString();
    EXPECT_THAT(answer, ::testing::HasSubstr("file_descriptor_proto")) << symbol;
    EXPECT_THAT(answer, ::testing::Not(::testing::HasSubstr("error_code"))) << symbol;
  }
}

}  // namespace
}  // namespace trawl::testing
