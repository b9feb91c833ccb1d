#include <atomic>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/client/temporary_directory.h"
#include "tests/client/trawl_process.h"
#include "tests/support/fake_content_service.h"

namespace trawl {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

json LoadJson(const FakeContentService& server, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--server", server.address(), "load", "--json"});
  const ProcessResult result = RunTrawl(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return json::parse(result.out);
}

TEST(LoadProgramTest, CountsTheCallsTheServerSaw) {
  FakeContentService server;
  const json report = LoadJson(
      server, {"--requests", "200", "--concurrency", "8", "--size", "4KiB", "--form", "counts"});
  EXPECT_EQ(report["calls"], 200);
  EXPECT_EQ(report["ok"], 200);
  EXPECT_EQ(report["errors"], json::object());
  EXPECT_EQ(report["bytes"], 200 * 4096);
  EXPECT_EQ(report["version"], "1.2.3");
  EXPECT_EQ(server.process_content_calls(), 200);
  for (const auto& request : server.requests()) {
    EXPECT_EQ(request.data().size(), 4096u);
    EXPECT_EQ(request.options().result_form(), v1::RESULT_FORM_COUNTS);
  }
  const json& latency = report["latency_us"];
  EXPECT_GT(latency["p50"], 0);
  EXPECT_LE(latency["p50"], latency["p90"]);
  EXPECT_LE(latency["p90"], latency["p99"]);
  EXPECT_LE(latency["p99"], latency["p99.9"]);
  EXPECT_LE(latency["p99.9"], latency["max"]);
}

TEST(LoadProgramTest, ADurationOrARateEndsItToo) {
  FakeContentService server;
  const json closed = LoadJson(server, {"--method", "ping", "--duration", "0.1"});
  EXPECT_EQ(closed["calls"], server.ping_calls());
  EXPECT_GE(closed["seconds"], 0.1);
  const int before = server.ping_calls();
  const json open = LoadJson(server, {"--method", "ping", "--duration", "0.1", "--rate", "100"});
  EXPECT_EQ(open["calls"], server.ping_calls() - before);
  EXPECT_EQ(open["calls"], 10 - open["not_started"].get<int>());
  EXPECT_EQ(open["concurrency"], 1024);
}

TEST(LoadProgramTest, ErrorsAreCountedByCode) {
  FakeContentService server;
  std::atomic<int> calls = 0;
  server.AnswerProcessContent([&](const auto&, auto&) {
    return ++calls % 2 == 0 ? grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "busy")
                            : grpc::Status::OK;
  });
  const json report = LoadJson(server, {"--requests", "10"});
  EXPECT_EQ(report["calls"], 10);
  EXPECT_EQ(report["ok"], 5);
  EXPECT_EQ(report["errors"], json({{"RESOURCE_EXHAUSTED", 5}}));
}

TEST(LoadProgramTest, NoCallAnsweredIsAnError) {
  FakeContentService server;
  server.AnswerProcessContent(
      [](const auto&, auto&) { return grpc::Status(grpc::StatusCode::INTERNAL, "broken"); });
  const ProcessResult result = RunTrawl({"--server", server.address(), "load", "--requests", "3"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(Lines(result.err), testing::ElementsAre(HasSubstr("INTERNAL: broken")));
}

TEST(LoadProgramTest, SendsTheFileNamed) {
  FakeContentService server;
  const TemporaryDirectory directory;
  const std::string file = directory.Write("content", "see a.example");
  const ProcessResult result =
      RunTrawl({"--server", server.address(), "load", "--requests", "2", "--file", file});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("p99.9"));
  ASSERT_THAT(server.requests(), SizeIs(2));
  for (const auto& request : server.requests()) EXPECT_EQ(request.data(), "see a.example");
  EXPECT_EQ(RunTrawl({"--server", server.address(), "load", "--file", file + ".missing"}).exit_code,
            2);
}

}  // namespace
}  // namespace trawl
