#include "tests/client/trawl_process.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

extern char** environ;

namespace trawl {
namespace {

int MemoryFile() { return memfd_create("trawl", MFD_CLOEXEC); }

int PipeWithoutReader() {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  close(ends[0]);
  return ends[1];
}

std::string Contents(int descriptor) {
  std::string contents(static_cast<size_t>(lseek(descriptor, 0, SEEK_END)), '\0');
  const ssize_t got = pread(descriptor, contents.data(), contents.size(), 0);
  EXPECT_EQ(got, static_cast<ssize_t>(contents.size()));
  return contents;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const std::vector<std::string>& added) {
  std::vector<std::string> environment = added;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string name =
        std::string(*variable).substr(0, std::string_view(*variable).find('='));
    if (name != "TRAWL_SERVER" && !absl::EndsWithIgnoreCase(name, "_proxy")) {
      environment.emplace_back(*variable);
    }
  }
  return environment;
}

}  // namespace

ProcessResult RunTrawl(const std::vector<std::string>& arguments, const ProcessInput& input) {
  const int in = MemoryFile();
  const int out = input.reader_gone ? PipeWithoutReader() : MemoryFile();
  const int err = MemoryFile();
  EXPECT_EQ(write(in, input.stdin_bytes.data(), input.stdin_bytes.size()),
            static_cast<ssize_t>(input.stdin_bytes.size()));
  lseek(in, 0, SEEK_SET);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);

  std::vector<std::string> words = {"trawl"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = Environment(input.environment);
  pid_t child = 0;
  EXPECT_EQ(posix_spawn(&child, TRAWL_BINARY, &actions, nullptr, Pointers(words).data(),
                        Pointers(environment).data()),
            0);
  posix_spawn_file_actions_destroy(&actions);

  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  ProcessResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (!input.reader_gone) result.out = Contents(out);
  result.err = Contents(err);
  for (const int descriptor : {in, out, err}) close(descriptor);
  return result;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace trawl
