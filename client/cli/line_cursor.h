// Finds the lines of rising offsets: one pass over the content, however many are asked for.
#ifndef TRAWL_CLIENT_CLI_LINE_CURSOR_H_
#define TRAWL_CLIENT_CLI_LINE_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trawl::cli {

class LineCursor {
 public:
  struct Line {
    // From that of the first line on.
    uint64_t number;
    // Half-open, without the newline.
    size_t begin;
    size_t end;
  };

  // `content` must outlive the cursor; its first line has the number `first`.
  explicit LineCursor(std::string_view content, uint64_t first = 1);

  // The line that holds `offset`, which must not be below that of the call before. Offsets past
  // the content are in its last line.
  const Line& MoveTo(size_t offset);

 private:
  size_t EndOfLine(size_t begin) const;

  std::string_view content_;
  Line line_;
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_LINE_CURSOR_H_
