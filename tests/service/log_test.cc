#include "service/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace trawl::service {
namespace {

std::vector<nlohmann::json> LinesAt(const std::string& level) {
  std::ostringstream out;
  {
    Log log(level, std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
    log.Debug("d", {{"n", 1}});
    log.Info("i", {{"text", "quote \" newline \n \xff"}});
    log.Warning("w", {});
    log.Error("e", {{"n", 2}});
  }
  std::vector<nlohmann::json> lines;
  std::istringstream in(out.str());
  for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

TEST(LogTest, EachLineIsOneJsonObjectWithTimeAndLevel) {
  std::vector<nlohmann::json> lines = LinesAt("debug");
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0]["level"], "debug");
  EXPECT_EQ(lines[0]["n"], 1);
  EXPECT_EQ(lines[1]["message"], "i");
  EXPECT_EQ(lines[1]["text"], "quote \" newline \n \xEF\xBF\xBD");
  EXPECT_EQ(lines[2]["level"], "warning");
  EXPECT_THAT(lines[3]["time"].get<std::string>(),
              testing::MatchesRegex("....-..-..T..:..:..\\....Z"));
}

TEST(LogTest, LeavesOutWhatIsBelowItsLevel) {
  EXPECT_EQ(LinesAt("info").size(), 3u);
  EXPECT_EQ(LinesAt("warning").size(), 2u);
  EXPECT_EQ(LinesAt("error").size(), 1u);
}

}  // namespace
}  // namespace trawl::service
