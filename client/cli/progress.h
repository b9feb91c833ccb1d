// How far a stream is, on one line of stderr that is written over: `FILE: 1.2 GiB of 3 GiB, 40 %,
// 310 MB/s`. Only on a terminal; else nothing.
//
// For one thread.
#ifndef TRAWL_CLIENT_CLI_PROGRESS_H_
#define TRAWL_CLIENT_CLI_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace trawl::cli {

// The line, without control characters. `total` is not set where nobody knows.
std::string ProgressLine(std::string_view file, uint64_t bytes, std::optional<uint64_t> total,
                         absl::Duration elapsed);

class Progress {
 public:
  Progress(std::string_view file, std::optional<uint64_t> total);
  ~Progress() { Clear(); }

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Shows the line anew, at most a few times a second.
  void Show(uint64_t bytes);
  // Takes the line away.
  void Clear();
  // The same before output, where that goes to a terminal too.
  void MakeWay();

 private:
  const std::string file_;
  const std::optional<uint64_t> total_;
  const bool on_terminal_;
  const bool beside_output_;
  const absl::Time start_ = absl::Now();
  absl::Time next_ = start_;
  bool shown_ = false;
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_PROGRESS_H_
