#include <latch>
#include <stop_token>
#include <thread>

#include "client/client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_content_service.h"

namespace trawl::client {
namespace {

using testing::SizeIs;

v1::ProcessUrlRequest UrlRequest() {
  v1::ProcessUrlRequest request;
  request.set_url("http://a.example/");
  request.mutable_fetch()->set_include_body(true);
  return request;
}

TEST(ProcessUrlTest, HasAUrlFetched) {
  FakeContentService server;
  server.AnswerProcessUrl([](const auto& request, auto& response) {
    response.set_final_url(request.url() + "b");
    response.set_http_status(404);
    if (request.fetch().include_body()) response.set_body("body");
    response.mutable_content()->add_findings()->set_value("b.example");
    return grpc::Status::OK;
  });
  Client client({.target = server.address()});
  const auto response = client.ProcessUrl(UrlRequest());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->final_url(), "http://a.example/b");
  EXPECT_EQ(response->http_status(), 404u);
  EXPECT_EQ(response->body(), "body");
  ASSERT_THAT(response->content().findings(), SizeIs(1));
  EXPECT_EQ(response->content().findings(0).value(), "b.example");
}

TEST(ProcessUrlTest, TellsWhyAUrlWasNotFetched) {
  FakeContentService server;
  server.AnswerProcessUrl([](const auto&, auto&) {
    return ErrorWithDetails(grpc::StatusCode::FAILED_PRECONDITION, "the body ended too early",
                            {.reason = "URL_BODY_CUT_OFF", .metadata = {{"redirects", "2"}}});
  });
  Client client({.target = server.address()});
  const auto response = client.ProcessUrl(UrlRequest());
  const Error error = DecodeError(response.status());
  EXPECT_EQ(error.code, absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(error.reason, "URL_BODY_CUT_OFF");
  EXPECT_EQ(error.metadata.at("redirects"), "2");
}

TEST(ProcessUrlTest, GivesUpAFetchAtItsDeadline) {
  FakeContentService server;
  std::latch let_go(1);
  server.AnswerProcessUrl([&](const auto&, auto&) {
    let_go.wait();
    return grpc::Status::OK;
  });
  Client client({.target = server.address()});
  const auto response =
      client.ProcessUrl(UrlRequest(), {.timeout = absl::Milliseconds(50), .stop = {}});
  EXPECT_TRUE(absl::IsDeadlineExceeded(response.status())) << response.status();
  let_go.count_down();
}

TEST(ProcessUrlTest, GivesUpAFetchWhenItIsStopped) {
  FakeContentService server;
  std::latch called(1);
  std::latch let_go(1);
  server.AnswerProcessUrl([&](const auto&, auto&) {
    called.count_down();
    let_go.wait();
    return grpc::Status::OK;
  });
  Client client({.target = server.address()});
  std::stop_source stop;
  std::jthread stopper([&] {
    called.wait();
    stop.request_stop();
  });
  const auto response = client.ProcessUrl(UrlRequest(), {.timeout = {}, .stop = stop.get_token()});
  EXPECT_TRUE(absl::IsCancelled(response.status())) << response.status();
  let_go.count_down();
}

}  // namespace
}  // namespace trawl::client
