// A line of content with its matches in colour or between arrows, safe for a terminal.
//
// A short line is shown whole. Of a long one (a minified script may be one line of megabytes) only
// the matches and some bytes on either side are shown, with `…` for what is left out. All bytes
// pass through AppendPrintable.
#ifndef TRAWL_CLIENT_CLI_HIGHLIGHT_H_
#define TRAWL_CLIENT_CLI_HIGHLIGHT_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace trawl::cli {

// Whether output is in colour; kAuto: on a terminal that has colours, unless NO_COLOR is set.
enum class Color { kAuto, kAlways, kNever };

// What that comes to for standard output.
bool IsColoured(Color color);

// The colours of grep.
enum class Paint { kMatch, kFile, kNumber, kSeparator };

void AppendPainted(Paint paint, std::string_view text, std::string& out);

// Half-open, in bytes of the line.
struct Match {
  size_t begin;
  size_t end;
};

// `matches` are in order, do not overlap and lie within the line. Without colour they are written
// `>match<`.
void AppendHighlighted(std::string_view line, std::span<const Match> matches, bool coloured,
                       std::string& out);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_HIGHLIGHT_H_
