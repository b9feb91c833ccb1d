#include "client/cli/line_cursor.h"

#include <algorithm>

namespace trawl::cli {

LineCursor::LineCursor(std::string_view content, uint64_t first)
    : content_(content), line_{first, 0, EndOfLine(0)} {}

const LineCursor::Line& LineCursor::MoveTo(size_t offset) {
  while (offset > line_.end && line_.end < content_.size()) {
    const size_t begin = line_.end + 1;
    line_ = {line_.number + 1, begin, EndOfLine(begin)};
  }
  return line_;
}

size_t LineCursor::EndOfLine(size_t begin) const {
  return std::min(content_.find('\n', begin), content_.size());
}

}  // namespace trawl::cli
