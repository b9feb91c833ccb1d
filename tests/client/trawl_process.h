// Runs the built `trawl` as a process of its own, to its end.
#ifndef TRAWL_TESTS_CLIENT_TRAWL_PROCESS_H_
#define TRAWL_TESTS_CLIENT_TRAWL_PROCESS_H_

#include <string>
#include <vector>

namespace trawl {

struct ProcessResult {
  // 128 + signal for a process that was killed.
  int exit_code;
  std::string out;
  std::string err;
};

struct ProcessInput {
  std::string stdin_bytes;
  // Added to this process's environment, as "NAME=value"; TRAWL_SERVER and proxies are removed.
  std::vector<std::string> environment;
  // Standard output goes to a pipe that nobody reads.
  bool reader_gone = false;
};

ProcessResult RunTrawl(const std::vector<std::string>& arguments, const ProcessInput& input = {});

// The lines of `text`, each without its newline.
std::vector<std::string> Lines(const std::string& text);

}  // namespace trawl

#endif  // TRAWL_TESTS_CLIENT_TRAWL_PROCESS_H_
