#include "service/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace trawl::service {
namespace {

using testing::HasSubstr;

absl::StatusOr<CommandLine> Parse(std::vector<const char*> flags) {
  flags.insert(flags.begin(), "trawld");
  return ParseCommandLine(static_cast<int>(flags.size()), flags.data());
}

class OptionsTest : public testing::Test {
 protected:
  void SetTwin(const char* name, const char* value) {
    setenv(name, value, 1);
    set_.push_back(name);
  }
  ~OptionsTest() override {
    for (const char* name : set_) unsetenv(name);
  }

 private:
  std::vector<const char*> set_;
};

TEST_F(OptionsTest, WithoutFlagsAreTheDefaultsWithAutomaticNumbersFilledIn) {
  Options options = Parse({}).value().options;
  EXPECT_EQ(options.listen, "127.0.0.1:50151");
  EXPECT_EQ(options.max_content_bytes, 33554432u);
  EXPECT_GE(options.workers, 1);
  EXPECT_GE(options.pollers, 1);
  EXPECT_TRUE(options.reflection);
}

TEST_F(OptionsTest, FlagsWinOverTheEnvironment) {
  SetTwin("TRAWL_LISTEN", "0.0.0.0:1");
  SetTwin("TRAWL_WORKERS", "7");
  SetTwin("TRAWL_REFLECTION", "false");
  Options options = Parse({"--workers=3"}).value().options;
  EXPECT_EQ(options.listen, "0.0.0.0:1");
  EXPECT_EQ(options.workers, 3);
  EXPECT_FALSE(options.reflection);
}

TEST_F(OptionsTest, AWrongFlagIsNamed) {
  absl::Status status = Parse({"--no_such_flag=1"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("no_such_flag"));
}

TEST_F(OptionsTest, AWrongValueIsNamedWithItsFlagAndRange) {
  for (const char* flag : {"--workers=257", "--workers=-1", "--workers=many", "--worker_nice=20",
                           "--max_content_bytes=0", "--drain_grace_seconds=99999",
                           "--log_level=loud", "--reflection=perhaps"}) {
    absl::Status status = Parse({flag}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << flag;
    std::string name = std::string(flag).substr(0, std::string(flag).find('='));
    EXPECT_THAT(std::string(status.message()), HasSubstr(name));
    EXPECT_THAT(std::string(status.message()), testing::Not(HasSubstr("\n")));
  }
  SetTwin("TRAWL_MAX_FINDINGS", "none");
  EXPECT_THAT(std::string(Parse({}).status().message()), HasSubstr("max_findings"));
}

TEST_F(OptionsTest, LimitsThatContradictEachOtherAreRefused) {
  absl::Status status = Parse({"--max_bytes_in_flight=1000"}).status();
  EXPECT_THAT(std::string(status.message()),
              testing::AllOf(HasSubstr("--max_bytes_in_flight"), HasSubstr("1000")));
  status = Parse({"--max_content_bytes=1073741824"}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("--max_bytes_in_flight"));
  status = Parse({"--memory_quota_bytes=1048576"}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("--memory_quota_bytes"));
}

TEST_F(OptionsTest, HelpAndVersionArePrintedInsteadOfServing) {
  EXPECT_THAT(Parse({"--help"}).value().print_and_exit,
              testing::AllOf(HasSubstr("--listen"), HasSubstr("TRAWL_LISTEN")));
  EXPECT_THAT(Parse({"--version"}).value().print_and_exit, HasSubstr("trawld "));
}

TEST_F(OptionsTest, TheConfigurationHoldsEveryOption) {
  nlohmann::json json = nlohmann::json::parse(ToJson(Parse({"--workers=5"}).value().options));
  EXPECT_EQ(json["workers"], 5);
  std::string help = Parse({"--help"}).value().print_and_exit;
  for (const auto& [name, value] : json.items()) EXPECT_THAT(help, HasSubstr("--" + name));
}

}  // namespace
}  // namespace trawl::service
