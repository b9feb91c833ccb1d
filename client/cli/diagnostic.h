// What `trawl` says on stderr: one line for each thing that went wrong, which says what failed and
// what to do about it.
#ifndef TRAWL_CLIENT_CLI_DIAGNOSTIC_H_
#define TRAWL_CLIENT_CLI_DIAGNOSTIC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/error.h"

namespace trawl::cli {

// Writes "trawl: <line>\n" in one piece, made printable. Safe from any thread.
void Complain(std::string_view line);

// A call that failed, in words.
struct Failure {
  std::string text;
  // It is about the server or the flags, not about this call's content: the next call would fail
  // for the same reason.
  bool ends_command = false;
};

// `server` and `timeout` are those of the command line; `content_bytes` is the size of the call's
// content, where it has one.
Failure Explain(const absl::Status& status, std::string_view server, absl::Duration timeout,
                std::optional<uint64_t> content_bytes = std::nullopt);

// Whether the server refused the call because its content is too large for one.
bool IsTooLarge(const absl::Status& status);

// "INVALID_ARGUMENT: message", for errors inside an answer.
std::string Summary(const client::Error& error);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_DIAGNOSTIC_H_
