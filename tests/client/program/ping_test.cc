#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/trawl_process.h"
#include "tests/support/fake_content_service.h"

namespace trawl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST(PingTest, PrintsEachRoundTripAndASummary) {
  FakeContentService server;
  const ProcessResult result =
      RunTrawl({"--server", server.address(), "ping", "-c", "3", "-i", "0"});
  EXPECT_EQ(result.exit_code, 0);
  const auto round_trip = testing::AllOf(StartsWith(server.address() + ": "), HasSubstr(" ms"));
  EXPECT_THAT(Lines(result.out), ElementsAre(round_trip, round_trip, round_trip,
                                             StartsWith("3 sent, 3 answered, min/median/max ")));
  EXPECT_EQ(server.ping_calls(), 3);
}

TEST(PingTest, ARefusedCallIsTriedOnceAndExits2) {
  FakeContentService server;
  server.FailOtherMethods(ErrorWithDetails(grpc::StatusCode::UNAVAILABLE, "the server is draining",
                                           {.reason = "DRAINING"}));
  const ProcessResult result =
      RunTrawl({"--server", server.address(), "ping", "-c", "3", "-i", "0"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(Lines(result.err), ElementsAre(HasSubstr("the server is draining")));
  EXPECT_EQ(server.ping_calls(), 1);
}

TEST(PingTest, RetriesWhereAskedTo) {
  FakeContentService server;
  server.FailOtherMethods(grpc::Status(grpc::StatusCode::UNAVAILABLE, "not now"));
  const ProcessResult result =
      RunTrawl({"--server", server.address(), "--retries", "2", "ping", "-c", "1"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(server.ping_calls(), 3);
}

TEST(PingTest, SeveralChannelsAreSeveralConnections) {
  FakeContentService server;
  EXPECT_EQ(
      RunTrawl({"--server", server.address(), "--channels", "2", "ping", "-i", "0"}).exit_code, 0);
  EXPECT_THAT(server.peers(), SizeIs(2));
}

}  // namespace
}  // namespace trawl
