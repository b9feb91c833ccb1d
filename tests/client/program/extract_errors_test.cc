#include <atomic>
#include <future>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/temporary_directory.h"
#include "tests/client/trawl_process.h"
#include "tests/support/fake_content_service.h"

namespace trawl {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class ExtractErrorsTest : public testing::Test {
 protected:
  ProcessResult Extract(std::vector<std::string> arguments, const ProcessInput& input = {}) {
    arguments.insert(arguments.begin(), {"--server", server_.address(), "extract"});
    return RunTrawl(arguments, input);
  }

  void FailWith(const grpc::Status& status) {
    server_.AnswerProcessContent([status](const auto&, auto&) { return status; });
  }

  FakeContentService server_;
  const TemporaryDirectory directory_;
};

TEST_F(ExtractErrorsTest, AMissingFileIsOneLineAndTheOthersAreSearched) {
  const std::string file = directory_.Write("a", "a.example");
  const std::string missing = directory_.path() + "/missing";
  const ProcessResult result = Extract({missing, file});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, file + ":a.example\n");
  EXPECT_THAT(Lines(result.err), ElementsAre("trawl: " + missing + ": No such file or directory"));
}

TEST_F(ExtractErrorsTest, ADirectoryIsAnErrorUnlessRecursive) {
  directory_.Write("a", "a.example");
  const ProcessResult result = Extract({directory_.path()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(Lines(result.err),
              ElementsAre("trawl: " + directory_.path() + ": is a directory: add --recursive"));
  EXPECT_EQ(Extract({"--recursive", directory_.path()}).exit_code, 0);
}

TEST_F(ExtractErrorsTest, AStreamThatIsRefusedIsOneLineAndTheOthersAreSearched) {
  server_.SetMaxContentBytes(4 << 20);
  server_.AnswerProcessContent([](const auto& request, auto& response) {
    if (request.data().size() > 9) return grpc::Status(grpc::StatusCode::INTERNAL, "broken");
    return FakeContentService::FindDottedWords(request, response);
  });
  const std::string large = directory_.Write("large", std::string((4 << 20) + 1, 'x'));
  const std::string small = directory_.Write("small", "a.example");
  const ProcessResult result = Extract({large, small});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, small + ":a.example\n");
  EXPECT_THAT(Lines(result.err), ElementsAre("trawl: " + large + ": " + server_.address() +
                                             " refused: INTERNAL: broken"));
}

TEST_F(ExtractErrorsTest, ALargeContentHasNoLineNumbersOfDistinctValues) {
  server_.SetMaxContentBytes(4 << 20);
  const std::string large = directory_.Write("large", std::string((4 << 20) + 1, 'x'));
  const ProcessResult result = Extract({"--form", "distinct", "-n", large});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(Lines(result.err), ElementsAre(AllOf(StartsWith("trawl: " + large + ": "),
                                                   HasSubstr("leave out --line-number"))));
  EXPECT_THAT(server_.streams(), IsEmpty());
}

TEST_F(ExtractErrorsTest, WhatAStreamCannotDoIsRefused) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--stream", "--jobs", "2"},
                                             {"--stream", "--unordered"},
                                             {"--stream", "--chunk-count", "2"},
                                             {"--stream", "--form", "distinct", "--line-number"}}) {
    const ProcessResult result = Extract(arguments, {.stdin_bytes = "a.example"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(Lines(result.err),
                ElementsAre(HasSubstr(arguments.at(1) == "--form" ? "leave out --line-number"
                                                                  : arguments.at(1))));
  }
}

TEST_F(ExtractErrorsTest, AStreamHasATimeoutWhereOneIsGiven) {
  std::promise<void> let_go;
  server_.AnswerProcessContent([&, gone = let_go.get_future().share()](const auto&, auto&) {
    gone.wait();
    return grpc::Status::OK;
  });
  const ProcessResult result = Extract({"--stream", "--timeout", "0.2"}, {.stdin_bytes = "x"});
  let_go.set_value();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(Lines(result.err),
              ElementsAre(AllOf(HasSubstr("within 200 ms"), HasSubstr("--timeout"))));
}

TEST_F(ExtractErrorsTest, AnErrorOfOneFileLeavesTheOthers) {
  server_.AnswerProcessContent([](const auto& request, auto& response) {
    if (request.data() == "bad") return grpc::Status(grpc::StatusCode::INTERNAL, "broken\nline");
    return FakeContentService::FindDottedWords(request, response);
  });
  const std::string bad = directory_.Write("bad", "bad");
  const std::string good = directory_.Write("good", "a.example");
  const ProcessResult result = Extract({bad, good});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, good + ":a.example\n");
  EXPECT_THAT(Lines(result.err), ElementsAre(AllOf(StartsWith("trawl: " + bad + ": "),
                                                   HasSubstr("INTERNAL: broken\\u{a}line"))));
}

TEST_F(ExtractErrorsTest, AServerThatRefusesAllIsOneLineForAllFiles) {
  FailWith(ErrorWithDetails(grpc::StatusCode::UNAVAILABLE, "the server is draining",
                            {.reason = "DRAINING"}));
  std::vector<std::string> files = {"--retries", "0"};
  for (int i = 0; i < 20; ++i) files.push_back(directory_.Write(std::to_string(i), "a.example"));
  const ProcessResult result = Extract(files);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(Lines(result.err), ElementsAre(HasSubstr("the server is draining")));
}

TEST_F(ExtractErrorsTest, ARefusedOptionIsOneLineForAllFiles) {
  FailWith(ErrorWithDetails(
      grpc::StatusCode::INVALID_ARGUMENT, "options.chunk_count is 5000, the limit is 4096",
      {.reason = "CHUNK_COUNT_TOO_LARGE",
       .field_violations = {{"options.chunk_count", "is 5000, the limit is 4096"}}}));
  const std::string a = directory_.Write("a", "a.example");
  const std::string b = directory_.Write("b", "b.example");
  const ProcessResult result = Extract({"--chunk-count", "5000", a, b});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(Lines(result.err),
              ElementsAre(HasSubstr("options.chunk_count is 5000, the limit is 4096")));
}

TEST_F(ExtractErrorsTest, RefusedCallsAreTriedAgain) {
  std::atomic<int> calls = 0;
  server_.AnswerProcessContent([&](const auto& request, auto& response) {
    if (++calls == 1) return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "busy");
    return FakeContentService::FindDottedWords(request, response);
  });
  const ProcessResult result =
      Extract({}, {.stdin_bytes = std::string(1 << 20, 'x') + " a.example"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "a.example\n");
  EXPECT_EQ(calls, 2);
}

TEST_F(ExtractErrorsTest, ABusyServerSaysWhenToTryAgain) {
  FailWith(ErrorWithDetails(grpc::StatusCode::RESOURCE_EXHAUSTED, "9 calls are in flight",
                            {.reason = "QUEUE_FULL", .retry_delay_ms = 250}));
  const ProcessResult result = Extract({"--retries", "0"}, {.stdin_bytes = "x"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(Lines(result.err), ElementsAre(AllOf(HasSubstr("is busy: 9 calls are in flight"),
                                                   HasSubstr("in 250 ms"))));
}

TEST_F(ExtractErrorsTest, NoAnswerInTimeIsOneLine) {
  std::promise<void> let_go;
  server_.AnswerProcessContent([&, gone = let_go.get_future().share()](const auto&, auto&) {
    gone.wait();
    return grpc::Status::OK;
  });
  const ProcessResult result = Extract({"--timeout", "0.2"}, {.stdin_bytes = "x"});
  let_go.set_value();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(Lines(result.err),
              ElementsAre(AllOf(HasSubstr("within 200 ms"), HasSubstr("--timeout"))));
}

TEST_F(ExtractErrorsTest, AFailedChunkIsToldWithItsRangeAndTheRestStands) {
  server_.AnswerProcessContent([](const auto& request, auto& response) {
    FakeContentService::FindDottedWords(request, response);
    response.set_complete(false);
    auto& error = *response.add_chunk_errors();
    error.set_begin(100);
    error.set_end(200);
    error.mutable_status()->set_code(13);
    error.mutable_status()->set_message("chunk failed");
    return grpc::Status::OK;
  });
  const ProcessResult result = Extract({}, {.stdin_bytes = "a.example"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "a.example\n");
  EXPECT_THAT(Lines(result.err),
              ElementsAre("trawl: -: bytes [100, 200) were not searched: INTERNAL: chunk failed"));
}

TEST_F(ExtractErrorsTest, AnIncompleteAnswerIsToldButIsNoError) {
  server_.AnswerProcessContent([](const auto& request, auto& response) {
    FakeContentService::FindDottedWords(request, response);
    response.set_complete(false);
    response.set_scanned_until(7);
    return grpc::Status::OK;
  });
  const ProcessResult result = Extract({}, {.stdin_bytes = "a.example"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "a.example\n");
  EXPECT_THAT(Lines(result.err), ElementsAre(AllOf(HasSubstr("incomplete"), HasSubstr("[7, 9)"))));
}

TEST_F(ExtractErrorsTest, NoContentIsInAnyMessage) {
  FailWith(grpc::Status(grpc::StatusCode::INTERNAL, "broken"));
  EXPECT_THAT(Extract({}, {.stdin_bytes = "secret.example"}).err, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace trawl
