// The bytes of a file around one offset, however large the file is.
//
// A regular file is not read before them; a pipe is read and thrown away up to there.
#ifndef TRAWL_CLIENT_CLI_FILE_WINDOW_H_
#define TRAWL_CLIENT_CLI_FILE_WINDOW_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace trawl::cli {

struct FileWindow {
  // The file's first bytes, 2 where it has as many: its byte order mark may be there.
  std::string head;
  // Where `bytes` begins in the file. Even, so that UTF-16 is not torn apart.
  uint64_t begin = 0;
  std::string bytes;
};

// The byte at `offset` and at least `reach` bytes to either side, as far as the file has them. "-"
// is standard input. OUT_OF_RANGE where the file has no byte at `offset`.
absl::StatusOr<FileWindow> ReadWindow(const std::string& path, uint64_t offset, uint64_t reach);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_FILE_WINDOW_H_
