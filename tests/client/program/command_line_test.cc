#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/client/closed_port.h"
#include "tests/client/trawl_process.h"
#include "tests/support/fake_content_service.h"

namespace trawl {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::StartsWith;

void ExpectOneLine(const ProcessResult& result, const testing::Matcher<std::string>& line) {
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(Lines(result.err), ElementsAre(AllOf(StartsWith("trawl: "), line)));
}

TEST(CommandLineTest, TellsItsVersion) {
  const ProcessResult result = RunTrawl({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, testing::MatchesRegex("trawl [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(CommandLineTest, HelpGoesToStandardOutput) {
  for (const char* command : {"extract", "explain", "ping", "capabilities", "load"}) {
    const ProcessResult result = RunTrawl({command, "--help"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, HasSubstr("Usage:"));
    EXPECT_THAT(result.err, IsEmpty());
  }
}

TEST(CommandLineTest, ABadFlagIsOneLineWithAHint) {
  ExpectOneLine(RunTrawl({"extract", "--nope"}),
                AllOf(HasSubstr("--nope"), HasSubstr("trawl extract --help")));
  ExpectOneLine(RunTrawl({"extract", "--jobs", "0"}),
                AllOf(HasSubstr("--jobs"), HasSubstr("1 to 1024")));
  ExpectOneLine(RunTrawl({"extract", "--form", "all"}),
                AllOf(HasSubstr("--form"), HasSubstr("findings|distinct|spans|counts")));
  ExpectOneLine(RunTrawl({"explain", "-"}), HasSubstr("OFFSET"));
  for (const char* offset : {"x", "", "1k", "-1", "+1", "0x", "0xg", "18446744073709551616"}) {
    ExpectOneLine(RunTrawl({"explain", "-", offset}), HasSubstr("trawl explain --help"));
  }
  ExpectOneLine(RunTrawl({"--retries", "9", "ping"}), HasSubstr("--retries"));
  ExpectOneLine(RunTrawl({"--server", "nowhere", "ping"}), HasSubstr("nowhere:50151"));
}

TEST(CommandLineTest, NoCommandIsAnError) {
  ExpectOneLine(RunTrawl({}), HasSubstr("trawl --help"));
}

TEST(CommandLineTest, NoServerIsOneLineThatSaysWhatToDo) {
  const ClosedPort nobody;
  const std::string& address = nobody.address();
  const auto line = HasSubstr("no server at " + address +
                              " (connection refused): start one with trawld, or name another "
                              "with --server");
  ExpectOneLine(RunTrawl({"--server", address, "extract"}), line);
  ExpectOneLine(RunTrawl({"--server", address, "explain", "-", "0"}, {.stdin_bytes = "x"}), line);
  ExpectOneLine(RunTrawl({"--server", address, "ping"}), line);
  ExpectOneLine(RunTrawl({"--server", address, "capabilities"}), line);
  ExpectOneLine(RunTrawl({"--server", address, "load", "--requests", "1"}), line);
}

TEST(CommandLineTest, ASocketThatIsNotThereIsOneLine) {
  ExpectOneLine(RunTrawl({"--server", "unix:/nonexistent/socket", "ping"}),
                HasSubstr("no such file or directory"));
}

TEST(CommandLineTest, TheServerMayComeFromTheEnvironmentAndAFlagWins) {
  FakeContentService server;
  const ClosedPort nobody;
  EXPECT_EQ(RunTrawl({"ping", "-c", "1"}, {.environment = {"TRAWL_SERVER=" + server.address()}})
                .exit_code,
            0);
  EXPECT_EQ(RunTrawl({"ping", "-c", "1"}, {.environment = {"TRAWL_SERVER=" + nobody.address()}})
                .exit_code,
            2);
  EXPECT_EQ(RunTrawl({"ping", "-c", "1", "--server", server.address()},
                     {.environment = {"TRAWL_SERVER=" + nobody.address()}})
                .exit_code,
            0);
}

TEST(CapabilitiesTest, TheTableNamesFieldsAsTheProto) {
  FakeContentService server;
  const ProcessResult result = RunTrawl({"--server", server.address(), "capabilities"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(Lines(result.out), IsSupersetOf({"version                  1.2.3",
                                               "kinds                    KIND_DOMAIN",
                                               "defaults.min_confidence  CONFIDENCE_MEDIUM",
                                               "max_content_bytes        33554432 (32 MiB)"}));
}

TEST(CapabilitiesTest, JsonIsOneObject) {
  FakeContentService server;
  const ProcessResult result =
      RunTrawl({"--server", server.address(), "capabilities", "--format", "json"});
  EXPECT_EQ(result.exit_code, 0);
  ASSERT_EQ(Lines(result.out).size(), 1u);
  const auto object = nlohmann::json::parse(result.out);
  EXPECT_EQ(object["version"], "1.2.3");
  EXPECT_EQ(object["max_content_bytes"], 32 << 20);
  EXPECT_EQ(object["kinds"], nlohmann::json({"KIND_DOMAIN"}));
}

TEST(CapabilitiesTest, AServerOfAnotherKindIsOneLine) {
  FakeContentService server;
  server.FailOtherMethods(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, ""));
  ExpectOneLine(RunTrawl({"--server", server.address(), "capabilities"}),
                HasSubstr("is it a trawld"));
}

}  // namespace
}  // namespace trawl
