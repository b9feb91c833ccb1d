#include "client/cli/highlight.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "client/cli/printable.h"

namespace trawl::cli {
namespace {

constexpr size_t kLongLine = 400;
constexpr size_t kContext = 60;
constexpr std::string_view kEllipsis = "…";

std::string_view ColourOf(Paint paint) {
  switch (paint) {
    case Paint::kMatch:
      return "\033[1;31m";
    case Paint::kFile:
      return "\033[35m";
    case Paint::kNumber:
      return "\033[32m";
    case Paint::kSeparator:
      return "\033[36m";
  }
  return "";
}

bool IsContinuation(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

// Moves `offset` down to where a character begins.
size_t CharacterStart(std::string_view line, size_t offset) {
  for (int i = 0; i < 3 && offset > 0 && offset < line.size() && IsContinuation(line[offset]);
       ++i) {
    --offset;
  }
  return offset;
}

void AppendMatch(std::string_view match, bool coloured, std::string& out) {
  if (coloured) return AppendPainted(Paint::kMatch, match, out);
  out.push_back('>');
  AppendPrintable(match, out);
  out.push_back('<');
}

}  // namespace

bool IsColoured(Color color) {
  if (color != Color::kAuto) return color == Color::kAlways;
  const char* const term = std::getenv("TERM");
  const char* const no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb" &&
         (no_color == nullptr || *no_color == '\0');
}

void AppendPainted(Paint paint, std::string_view text, std::string& out) {
  out.append(ColourOf(paint));
  AppendPrintable(text, out);
  out.append("\033[m");
}

void AppendHighlighted(std::string_view line, std::span<const Match> matches, bool coloured,
                       std::string& out) {
  const size_t context = line.size() <= kLongLine ? line.size() : kContext;
  size_t shown = 0;
  for (const Match& match : matches) {
    if (match.begin - shown > context) {
      const size_t begin = CharacterStart(line, match.begin - context);
      if (begin > shown) out.append(kEllipsis);
      shown = std::max(shown, begin);
    }
    AppendPrintable(line.substr(shown, match.begin - shown), out);
    AppendMatch(line.substr(match.begin, match.end - match.begin), coloured, out);
    shown = match.end;
    const size_t next = &match == &matches.back() ? line.size() : (&match + 1)->begin;
    const size_t tail = std::min(next, shown + std::min(context, line.size() - shown));
    const size_t end = CharacterStart(line, tail);
    if (end > shown) {
      AppendPrintable(line.substr(shown, end - shown), out);
      shown = end;
    }
  }
  if (shown < line.size()) out.append(kEllipsis);
}

}  // namespace trawl::cli
