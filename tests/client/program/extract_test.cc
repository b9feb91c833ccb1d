#include <algorithm>
#include <atomic>
#include <latch>
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
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

class ExtractTest : public testing::Test {
 protected:
  ProcessResult Extract(std::vector<std::string> arguments, const ProcessInput& input = {}) {
    arguments.insert(arguments.begin(), {"--server", server_.address(), "extract"});
    return RunTrawl(arguments, input);
  }

  std::vector<std::string> ManyFiles(int count) {
    std::vector<std::string> files;
    for (int i = 0; i < count; ++i) {
      const std::string number = std::to_string(i);
      files.push_back(directory_.Write("file" + number, "see host" + number + ".example"));
    }
    return files;
  }

  FakeContentService server_;
  const TemporaryDirectory directory_;
};

TEST_F(ExtractTest, StandardInputGivesOneValueALine) {
  const ProcessResult result = Extract({}, {.stdin_bytes = "see a.example\nand b.example"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "a.example\nb.example\n");
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_EQ(Extract({"-"}, {.stdin_bytes = "see c.example"}).out, "c.example\n");
}

TEST_F(ExtractTest, NothingFoundExits1) {
  const ProcessResult result = Extract({}, {.stdin_bytes = "nothing here"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(ExtractTest, LinesNameTheFileWhereThereAreSeveral) {
  const std::string a = directory_.Write("a", "a.example");
  const std::string b = directory_.Write("b", "b.example");
  EXPECT_EQ(Extract({a}).out, "a.example\n");
  EXPECT_EQ(Extract({"-H", a}).out, a + ":a.example\n");
  EXPECT_EQ(Extract({a, b}).out, a + ":a.example\n" + b + ":b.example\n");
  EXPECT_EQ(Extract({"-I", a, b}).out, "a.example\nb.example\n");
  EXPECT_EQ(Extract({"-r", directory_.path()}).out, a + ":a.example\n" + b + ":b.example\n");
}

TEST_F(ExtractTest, LinesHoldLineNumberAndOffsetWhereAsked) {
  const ProcessInput input = {.stdin_bytes = "see a.example\n\nand b.example c.example"};
  EXPECT_EQ(Extract({"-n"}, input).out, "1:a.example\n3:b.example\n3:c.example\n");
  EXPECT_EQ(Extract({"--with-offset"}, input).out, "4:a.example\n19:b.example\n29:c.example\n");
  EXPECT_EQ(Extract({"-H", "-n", "-b"}, input).out,
            "-:1:4:a.example\n-:3:19:b.example\n-:3:29:c.example\n");
}

TEST_F(ExtractTest, OtherFormsHaveTheirText) {
  const ProcessInput input = {.stdin_bytes = "b.example a.example b.example"};
  EXPECT_EQ(Extract({"--form", "distinct"}, input).out, "b.example\na.example\n");
  EXPECT_EQ(Extract({"--form", "distinct", "--with-count"}, input).out,
            "2:b.example\n1:a.example\n");
  EXPECT_EQ(Extract({"--form", "spans"}, input).out, "0-9\n10-19\n20-29\n");
  EXPECT_EQ(Extract({"--form", "counts"}, input).out, "3\n");
  EXPECT_EQ(Extract({"-c", "-H"}, {.stdin_bytes = "nothing"}).out, "-:0\n");
}

TEST_F(ExtractTest, JsonHasOneObjectForEachFinding) {
  const std::string file = directory_.Write("a", "see a.example");
  const ProcessResult result = Extract({"--format", "json", file});
  EXPECT_EQ(result.exit_code, 0);
  ASSERT_THAT(Lines(result.out), SizeIs(1));
  EXPECT_EQ(json::parse(result.out), json({{"file", file},
                                           {"kind", "KIND_DOMAIN"},
                                           {"begin", 4},
                                           {"end", 13},
                                           {"value", "a.example"},
                                           {"registrable_domain", "a.example"},
                                           {"confidence", "CONFIDENCE_HIGH"},
                                           {"reasons", {"REASON_BARE"}}}));
}

TEST_F(ExtractTest, JsonOfOtherFormsHasTheirFields) {
  const ProcessInput input = {.stdin_bytes = "b.example a.example b.example"};
  const auto first = [&](const std::string& form) {
    return json::parse(Lines(Extract({"--format", "json", "--form", form}, input).out).at(0));
  };
  EXPECT_EQ(first("distinct")["count"], 2);
  EXPECT_EQ(first("distinct")["first_begin"], 0);
  EXPECT_EQ(first("spans"), json({{"file", "-"},
                                  {"kind", "KIND_DOMAIN"},
                                  {"begin", 0},
                                  {"end", 9},
                                  {"confidence", "CONFIDENCE_HIGH"}}));
  EXPECT_EQ(first("counts")["count"], 3);
}

TEST_F(ExtractTest, IllFormedBytesGiveValidJsonAndNoTerminalControls) {
  const std::string file =
      directory_.Write("a\xff", "\xff\033[31m \xc3 a.example \x1b]0;title\x07");
  for (const std::string& line : Lines(Extract({"--format", "json", file}).out)) {
    EXPECT_EQ(json::parse(line)["value"], "a.example");
  }
  const ProcessResult coloured = Extract({"--color", "always", file});
  EXPECT_EQ(coloured.out,
            "\\xff\\u{1b}[31m \\xc3 \033[1;31ma.example\033[m \\u{1b}]0;title\\u{7}\n");
}

TEST_F(ExtractTest, ColourShowsEachLineOnceWithItsMatches) {
  const ProcessInput input = {.stdin_bytes = "no\nsee a.b or c.d here\nno\ne.f\n"};
  EXPECT_EQ(Extract({"--color", "always"}, input).out,
            "see \033[1;31ma.b\033[m or \033[1;31mc.d\033[m here\n\033[1;31me.f\033[m\n");
  EXPECT_EQ(Extract({"--color", "always", "--form", "spans"}, input).out,
            Extract({"--color", "always"}, input).out);
  EXPECT_EQ(Extract({"--color", "always", "-n"}, {.stdin_bytes = "x\na.b"}).out,
            "\033[32m2\033[m\033[36m:\033[m\033[1;31ma.b\033[m\n");
}

TEST_F(ExtractTest, OutputToAFileIsNeverColoured) {
  EXPECT_EQ(Extract({}, {.stdin_bytes = "a.b", .environment = {"TERM=xterm"}}).out, "a.b\n");
}

TEST_F(ExtractTest, ManyFilesAnswerInTheOrderGiven) {
  const std::vector<std::string> files = ManyFiles(40);
  std::latch others(3);
  server_.AnswerProcessContent([&](const auto& request, auto& response) {
    if (request.data() == "see host0.example") {
      others.wait();
    } else if (!others.try_wait()) {
      others.count_down();
    }
    return FakeContentService::FindDottedWords(request, response);
  });
  std::vector<std::string> arguments = {"--jobs", "4"};
  arguments.insert(arguments.end(), files.begin(), files.end());
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    expected += files[i] + ":host" + std::to_string(i) + ".example\n";
  }
  EXPECT_EQ(Extract(arguments).out, expected);
}

TEST_F(ExtractTest, UnorderedGivesTheSameLinesAndDoesNotWaitForTheFirst) {
  constexpr int kFiles = 40;
  const std::vector<std::string> files = ManyFiles(kFiles);
  std::latch all_others(kFiles - 1);
  server_.AnswerProcessContent([&](const auto& request, auto& response) {
    if (request.data() == "see host0.example") {
      all_others.wait();
    } else {
      all_others.count_down();
    }
    return FakeContentService::FindDottedWords(request, response);
  });
  std::vector<std::string> arguments = {"--unordered", "-I", "--jobs", "2"};
  arguments.insert(arguments.end(), files.begin(), files.end());
  std::vector<std::string> expected;
  for (int i = 0; i < kFiles; ++i) expected.push_back("host" + std::to_string(i) + ".example");
  const std::vector<std::string> lines = Lines(Extract(arguments).out);
  EXPECT_THAT(lines, UnorderedElementsAreArray(expected));
  EXPECT_GT(std::find(lines.begin(), lines.end(), "host0.example") - lines.begin(), kFiles / 2);
}

TEST_F(ExtractTest, OptionsReachTheServer) {
  Extract({"--form", "spans", "--min-confidence", "low", "--chunk-count", "7", "--max-findings",
           "9", "--defang", "aggressive", "--special-use", "--unknown-tld", "in-urls", "--encoding",
           "utf16le", "--unicode"},
          {.stdin_bytes = "x"});
  ASSERT_THAT(server_.requests(), SizeIs(1));
  const v1::ProcessOptions options = server_.requests()[0].options();
  EXPECT_EQ(options.result_form(), v1::RESULT_FORM_SPANS);
  EXPECT_EQ(options.min_confidence(), v1::CONFIDENCE_LOW);
  EXPECT_EQ(options.chunk_count(), 7u);
  EXPECT_EQ(options.max_findings(), 9u);
  EXPECT_EQ(options.defang(), v1::DEFANG_MODE_AGGRESSIVE);
  EXPECT_TRUE(options.special_use());
  EXPECT_EQ(options.unknown_tld(), v1::UNKNOWN_TLD_IN_URLS);
  EXPECT_EQ(options.encoding(), v1::ENCODING_UTF16LE);
  EXPECT_TRUE(options.unicode_values());
}

TEST_F(ExtractTest, AStreamGivesWhatACallGives) {
  const ProcessInput input = {.stdin_bytes = "b.example and\na.example b.example\n"};
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"-n", "-b", "-H"},
                                             {"--color", "always", "-n"},
                                             {"--form", "spans", "-n"},
                                             {"--form", "distinct", "--with-count"},
                                             {"--form", "counts"},
                                             {"--format", "json"},
                                             {"--format", "json", "--form", "spans"}}) {
    std::vector<std::string> streamed = arguments;
    streamed.push_back("--stream");
    const ProcessResult result = Extract(streamed, input);
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.out, Extract(arguments, input).out);
    EXPECT_THAT(result.err, IsEmpty());
  }
  EXPECT_THAT(server_.streams(), SizeIs(8));
  EXPECT_EQ(Extract({"--stream"}, {.stdin_bytes = ""}).exit_code, 1);
}

TEST_F(ExtractTest, OnlyWhatIsLargeIsAStreamByItself) {
  constexpr size_t kLimit = 5 << 20;
  server_.SetMaxContentBytes(kLimit);
  const std::string large = std::string(kLimit, ' ') + "a.b";
  const std::string file = directory_.Write("large", large);
  EXPECT_EQ(Extract({"-b", file}).out, "5242880:a.b\n");
  EXPECT_EQ(Extract({"-b"}, {.stdin_bytes = large}).out, "5242880:a.b\n");
  ASSERT_THAT(server_.streams(), SizeIs(2));
  EXPECT_EQ(server_.streams()[0].data(), large);
  EXPECT_EQ(server_.streams()[1].data(), large);
  EXPECT_EQ(server_.process_content_calls(), 0);
  Extract({directory_.Write("small", large.substr(3))});
  Extract({}, {.stdin_bytes = "a.b"});
  EXPECT_EQ(server_.process_content_calls(), 2);
  EXPECT_THAT(server_.streams(), SizeIs(2));
}

TEST_F(ExtractTest, ACallRefusedForItsSizeIsMadeAStream) {
  server_.SetMaxContentBytes(8);
  std::atomic<int> calls = 0;
  server_.AnswerProcessContent([&](const auto& request, auto& response) {
    if (++calls == 1) {
      return ErrorWithDetails(grpc::StatusCode::INVALID_ARGUMENT, "too large",
                              {.reason = "CONTENT_TOO_LARGE", .metadata = {{"limit", "8"}}});
    }
    return FakeContentService::FindDottedWords(request, response);
  });
  const ProcessResult result = Extract({}, {.stdin_bytes = "see a.example"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "a.example\n");
  ASSERT_THAT(server_.streams(), SizeIs(1));
  EXPECT_EQ(server_.streams()[0].data(), "see a.example");
}

TEST_F(ExtractTest, QuietWritesNothingAndStopsAtTheFirstFinding) {
  std::vector<std::string> arguments = {"-q", "-j", "1"};
  for (const std::string& file : ManyFiles(20)) arguments.push_back(file);
  const ProcessResult result = Extract(arguments);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_LT(server_.process_content_calls(), 20);
  EXPECT_EQ(Extract({"-q"}, {.stdin_bytes = "nothing"}).exit_code, 1);
}

TEST_F(ExtractTest, StatsAreOneLineOnStandardError) {
  const ProcessResult result = Extract({"--stats"}, {.stdin_bytes = "a.example"});
  EXPECT_EQ(result.out, "a.example\n");
  EXPECT_THAT(Lines(result.err), ElementsAre(HasSubstr("1 files, 9 bytes, 1 findings, 0 errors")));
}

TEST_F(ExtractTest, AReaderGoneEndsQuietly) {
  std::vector<std::string> arguments;
  for (const std::string& file : ManyFiles(50)) arguments.push_back(file);
  const ProcessResult result = Extract(arguments, {.reader_gone = true});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_LT(server_.process_content_calls(), 50);
}

}  // namespace
}  // namespace trawl
