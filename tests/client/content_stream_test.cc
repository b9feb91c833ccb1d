#include "client/content_stream.h"

#include <functional>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "client/client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/closed_port.h"
#include "tests/support/fake_content_service.h"

namespace trawl::client {
namespace {

using testing::SizeIs;

TEST(ContentStreamTest, SendsPartsAndOptionsAndReadsWhatIsFound) {
  FakeContentService server;
  Client client({.target = server.address()});
  v1::ProcessOptions options;
  options.set_defang(v1::DEFANG_MODE_OFF);
  const auto stream = client.ProcessContentStream(options);
  for (const char* part : {"see a.exa", "", "mple now"}) EXPECT_TRUE(stream->Write(part));
  stream->End();
  v1::ProcessContentStreamResponse response;
  ASSERT_TRUE(stream->Read(response));
  ASSERT_THAT(response.findings(), SizeIs(1));
  EXPECT_EQ(response.findings(0).value(), "a.example");
  EXPECT_FALSE(stream->Read(response));
  EXPECT_TRUE(stream->Finish().ok());
  ASSERT_THAT(server.streams(), SizeIs(1));
  EXPECT_EQ(server.streams()[0].options().defang(), v1::DEFANG_MODE_OFF);
}

TEST(ContentStreamTest, OneWithoutPartsIsAnEmptyDocumentWithItsOptions) {
  FakeContentService server;
  Client client({.target = server.address()});
  v1::ProcessOptions options;
  options.set_result_form(v1::RESULT_FORM_COUNTS);
  const auto stream = client.ProcessContentStream(options);
  stream->End();
  v1::ProcessContentStreamResponse response;
  ASSERT_TRUE(stream->Read(response));
  EXPECT_THAT(response.counts(), SizeIs(1));
  EXPECT_FALSE(stream->Read(response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST(ContentStreamTest, EndsWithTheErrorOfTheServerAndIsNotTriedAgain) {
  FakeContentService server;
  server.AnswerProcessContent([](const auto&, auto&) {
    return ErrorWithDetails(grpc::StatusCode::UNAVAILABLE, "draining", {.reason = "DRAINING"});
  });
  Client client({.target = server.address(), .initial_backoff = absl::Milliseconds(1)});
  const auto stream = client.ProcessContentStream({});
  stream->Write("x");
  stream->End();
  v1::ProcessContentStreamResponse response;
  EXPECT_FALSE(stream->Read(response));
  const absl::Status status = stream->Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(DecodeError(status).reason, "DRAINING");
  EXPECT_THAT(server.streams(), SizeIs(1));
}

TEST(ContentStreamTest, AServerThatIsNotThereIsUnavailable) {
  const ClosedPort port;
  Client client({.target = port.address()});
  const auto stream = client.ProcessContentStream({});
  stream->Write("x");
  v1::ProcessContentStreamResponse response;
  EXPECT_FALSE(stream->Read(response));
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kUnavailable);
}

TEST(ContentStreamTest, AStopEndsAReadThatWaits) {
  FakeContentService server;
  Client client({.target = server.address()});
  std::stop_source stop;
  const auto stream = client.ProcessContentStream({}, {.timeout = {}, .stop = stop.get_token()});
  EXPECT_TRUE(stream->Write("x"));
  auto read = std::async(std::launch::async, [&] {
    v1::ProcessContentStreamResponse response;
    return stream->Read(response);
  });
  stop.request_stop();
  EXPECT_FALSE(read.get());
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kCancelled);
}

TEST(ContentStreamTest, AStopBeforehandEndsItToo) {
  FakeContentService server;
  Client client({.target = server.address()});
  std::stop_source stop;
  stop.request_stop();
  const auto stream = client.ProcessContentStream({}, {.timeout = {}, .stop = stop.get_token()});
  v1::ProcessContentStreamResponse response;
  EXPECT_FALSE(stream->Read(response));
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kCancelled);
}

TEST(ContentStreamTest, HasADeadlineOnlyWhereOneIsGiven) {
  FakeContentService server;
  Client client({.target = server.address(), .timeout = absl::Nanoseconds(1)});
  const auto unbounded = client.ProcessContentStream({});
  EXPECT_TRUE(unbounded->Write("a.b"));
  unbounded->End();
  v1::ProcessContentStreamResponse response;
  EXPECT_TRUE(unbounded->Read(response));
  EXPECT_FALSE(unbounded->Read(response));
  EXPECT_TRUE(unbounded->Finish().ok());

  const auto bounded =
      client.ProcessContentStream({}, {.timeout = absl::Milliseconds(1), .stop = {}});
  EXPECT_FALSE(bounded->Read(response));
  EXPECT_EQ(bounded->Finish().code(), absl::StatusCode::kDeadlineExceeded);
}

// Of a server that says nothing before it has all: the parts that begin within its first mebibyte,
// and no more until the stream is ended.
int PartsWritten(ContentStream& stream, const FakeContentService& server,
                 const std::function<void()>& end) {
  auto written = std::async(std::launch::async, [&] {
    const std::string part(300 << 10, ' ');
    int parts = 0;
    while (stream.Write(part)) ++parts;
    return parts;
  });
  while (server.stream_parts() < 4) std::this_thread::yield();
  end();
  return written.get();
}

TEST(ContentStreamTest, AWriteThatWaitsForRoomEndsWithACancel) {
  FakeContentService server;
  server.KeepStreamsSilent();
  Client client({.target = server.address()});
  const auto stream = client.ProcessContentStream({});
  EXPECT_EQ(PartsWritten(*stream, server, [&] { stream->Cancel(); }), 4);
}

TEST(ContentStreamTest, AWriteThatWaitsForRoomEndsWithAStop) {
  FakeContentService server;
  server.KeepStreamsSilent();
  Client client({.target = server.address()});
  std::stop_source stop;
  const auto stream = client.ProcessContentStream({}, {.timeout = {}, .stop = stop.get_token()});
  EXPECT_EQ(PartsWritten(*stream, server, [&] { stop.request_stop(); }), 4);
}

TEST(ContentStreamTest, AWriteThatWaitsForRoomEndsWhenReadSeesTheEnd) {
  auto server = std::make_unique<FakeContentService>();
  server->KeepStreamsSilent();
  Client client({.target = server->address()});
  const auto stream = client.ProcessContentStream({});
  EXPECT_EQ(PartsWritten(*stream, *server,
                         [&] {
                           server.reset();
                           v1::ProcessContentStreamResponse response;
                           EXPECT_FALSE(stream->Read(response));
                         }),
            4);
  EXPECT_FALSE(stream->Finish().ok());
}

TEST(ContentStreamTest, AWriteThatWaitsForRoomEndsAtTheDeadline) {
  FakeContentService server;
  server.KeepStreamsSilent();
  Client client({.target = server.address()});
  const auto stream = client.ProcessContentStream({}, {.timeout = absl::Seconds(1), .stop = {}});
  const std::string part(300 << 10, ' ');
  int parts = 0;
  while (stream->Write(part)) ++parts;
  EXPECT_LE(parts, 4);
  EXPECT_FALSE(stream->Finish().ok());
}

TEST(ContentStreamTest, OneThatIsNotFinishedIsCancelled) {
  FakeContentService server;
  Client client({.target = server.address()});
  client.ProcessContentStream({})->Write("x");
  EXPECT_TRUE(client.Ping().ok());
}

}  // namespace
}  // namespace trawl::client
