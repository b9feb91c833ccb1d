// The files a command is to read, one at a time: those named, and those below named directories.
//
// A directory's entries come in the order of their names; only the directories on the way down are
// held in memory. As grep -r: below a directory only regular files are taken and symbolic links are
// not followed; a name given by the user is taken whatever it is. "-" is standard input, and what
// begins with http:// or https:// a page of the web.
#ifndef TRAWL_CLIENT_CLI_FILE_WALKER_H_
#define TRAWL_CLIENT_CLI_FILE_WALKER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace trawl::cli {

class FileWalker {
 public:
  struct Entry {
    std::string path;
    // Not OK: `path` cannot be read, and this says why.
    absl::Status status;
  };

  FileWalker(std::vector<std::string> paths, bool recursive);

  // The next file, or nothing at the end.
  std::optional<Entry> Next();

 private:
  struct Pending {
    std::string path;
    bool named_by_user;
  };

  absl::Status Expand(const std::string& directory);

  const bool recursive_;
  // The next one last.
  std::vector<Pending> pending_;
};

// Whether it names a page of the web.
bool IsUrl(std::string_view path);

// Everything in the file, or in standard input for "-", up to what one call can carry.
absl::Status ReadContent(const std::string& path, std::string& content);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_FILE_WALKER_H_
