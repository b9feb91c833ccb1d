// Many calls at once, and what is logged of them.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/fake_detectors.h"
#include "tests/support/test_server.h"

namespace trawl::testing {
namespace {

TEST(LoadTest, ManySmallCallsAndPingsAreAnsweredWhileAHugeDocumentIsWorkedOn) {
  constexpr int kCallers = 64;
  constexpr int kCallsEach = 10;
  TestServer server(std::make_unique<HashDetector>());

  v1::ProcessContentRequest huge;
  std::string& data = *huge.mutable_data();
  data.assign(32 << 20, ' ');
  for (size_t i = 0; i < data.size(); i += 1000) data[i] = '#', data[i + 1] = 'x';
  v1::ProcessContentResponse huge_response;
  grpc::Status huge_status;
  grpc::ClientContext huge_context;
  std::latch huge_answered(1);
  server.stub().async()->ProcessContent(&huge_context, &huge, &huge_response,
                                        [&](grpc::Status status) {
                                          huge_status = std::move(status);
                                          huge_answered.count_down();
                                        });

  std::atomic<int> failed = 0;
  std::vector<std::jthread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      for (int n = 0; n < kCallsEach; ++n) {
        v1::ProcessContentRequest request;
        request.set_text(std::string("#a #") + static_cast<char>('a' + i % 26));
        v1::ProcessContentResponse response;
        grpc::ClientContext context;
        if (!server.stub().ProcessContent(&context, request, &response).ok() ||
            response.findings_size() != 2) {
          ++failed;
        }
        v1::PingResponse ping;
        grpc::ClientContext ping_context;
        if (!server.stub().Ping(&ping_context, {}, &ping).ok()) ++failed;
      }
    });
  }
  callers.clear();
  huge_answered.wait();
  EXPECT_EQ(failed, 0);
  EXPECT_TRUE(huge_status.ok()) << huge_status.error_message();
  EXPECT_EQ(huge_response.total_count(), (data.size() + 999) / 1000);
}

TEST(LogTest, HasOneLineForEachCallAndNoContent) {
  TestServer server(std::make_unique<HashDetector>());
  const std::string marker = "VerySecretMarker";
  v1::ProcessContentResponse response;
  for (int i = 0; i < 3; ++i) {
    v1::ProcessContentRequest request;
    request.set_text("#a " + marker);
    if (i == 2) request.mutable_options()->set_chunk_count(5000);
    grpc::ClientContext context;
    EXPECT_EQ(server.stub().ProcessContent(&context, request, &response).ok(), i < 2);
  }
  CallRaw(server.channel(), "/trawl.v1.ContentService/ProcessContent",
          "\x12\x12\xff" + marker + "!");
  v1::PingRequest ping;
  ping.set_payload(marker);
  v1::PingResponse pong;
  grpc::ClientContext context;
  EXPECT_TRUE(server.stub().Ping(&context, ping, &pong).ok());

  std::multiset<std::string> calls;
  for (const std::string& line : server.StopAndTakeLog()) {
    EXPECT_EQ(line.find(marker), std::string::npos) << line;
    nlohmann::json json = nlohmann::json::parse(line);
    if (json["message"] != "call") continue;
    calls.insert(json["method"].get<std::string>() + " " + json["code"].get<std::string>());
    EXPECT_EQ(json["delivered"], true);
    EXPECT_GE(json["duration_us"], 0);
    EXPECT_THAT(json["peer"].get<std::string>(), ::testing::HasSubstr("127.0.0.1"));
    if (json["code"] == "OK" && json["method"] == "ProcessContent") {
      EXPECT_EQ(json["findings"], 1);
      EXPECT_EQ(json["bytes"], 3 + marker.size());
      EXPECT_EQ(json["documents"], 1);
    }
  }
  EXPECT_THAT(calls, ::testing::ElementsAre("Ping OK", "ProcessContent INVALID_ARGUMENT",
                                            "ProcessContent INVALID_ARGUMENT", "ProcessContent OK",
                                            "ProcessContent OK"));
}

}  // namespace
}  // namespace trawl::testing
