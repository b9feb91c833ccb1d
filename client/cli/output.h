// Standard output of a command: buffered, and told apart when it fails.
//
// A reader that went away (`| head`) is no error: the output is then closed, further bytes are
// dropped, and the command should end quietly. SIGPIPE must be ignored. For one thread.
#ifndef TRAWL_CLIENT_CLI_OUTPUT_H_
#define TRAWL_CLIENT_CLI_OUTPUT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace trawl::cli {

class Output {
 public:
  // Writes to `descriptor`, which must stay open.
  explicit Output(int descriptor) : descriptor_(descriptor) {}

  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void Write(std::string_view bytes);
  void Flush();

  // True once nothing can be written any more, whatever the reason.
  bool closed() const { return closed_; }
  // Not OK when writing failed for another reason than a reader gone: the disk is full, …
  const absl::Status& status() const { return status_; }

 private:
  const int descriptor_;
  std::string buffer_;
  bool closed_ = false;
  absl::Status status_;
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_OUTPUT_H_
