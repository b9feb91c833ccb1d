#include "compute/notation.h"

#include <algorithm>

#include "compute/code_points.h"

namespace trawl::compute {
namespace {

constexpr size_t kMaxCut = 32;       // bytes of nested percent-encoding that are cut off
constexpr size_t kMaxNesting = 4;    // of %25 left of a run
constexpr size_t kPathContext = 64;  // bytes to the left that make a backslash a path separator
constexpr char kEscape = '\x1b';

bool AlphanumericAt(std::string_view text, size_t position) {
  return position < text.size() && IsAlphanumeric(text[position]);
}

bool AlphanumericBefore(std::string_view text, size_t position) {
  return position > 0 && IsAlphanumeric(text[position - 1]);
}

// Case of ASCII letters aside; `lower` is lower case.
bool StartsWith(std::string_view text, size_t position, std::string_view lower) {
  if (text.size() < position || text.size() - position < lower.size()) return false;
  for (size_t i = 0; i < lower.size(); ++i) {
    if (ToLower(text[position + i]) != lower[i]) return false;
  }
  return true;
}

char Closing(char opening) {
  switch (opening) {
    case '[':
      return ']';
    case '(':
      return ')';
    case '{':
      return '}';
    default:
      return '\0';
  }
}

// The value of two hexadecimal digits at `position`, or -1.
int HexByteAt(std::string_view text, size_t position, size_t end) {
  if (end < position + 2) return -1;
  int high = HexValue(text[position]);
  int low = HexValue(text[position + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

size_t BracketedDot(std::string_view text, size_t position) {
  const char closing = Closing(text[position]);
  if (closing == '\0') return 0;
  for (std::string_view inner : {".", "dot"}) {
    if (!StartsWith(text, position + 1, inner)) continue;
    size_t close = position + 1 + inner.size();
    if (close < text.size() && text[close] == closing) return close + 1 - position;
  }
  return 0;
}

// A dot's own `dot` is no label, so that forms do not overlap.
size_t SpacedDot(std::string_view text, size_t position) {
  if (position >= 4 && StartsWith(text, position - 4, " dot")) return 0;
  for (std::string_view form : {" . ", " dot ", " [.] ", " (.) ", " [dot] ", " (dot) "}) {
    if (StartsWith(text, position, form)) return form.size();
  }
  return 0;
}

// What percent-encoding stands for where it separates: ASCII, neither host character nor dot.
bool IsEncodedSeparator(int value) {
  return value >= 0 && value < 0x80 && value != '.' && !IsHostByte(static_cast<char>(value));
}

// Quoted-printable text has no other controls.
bool IsQuotedPrintableSeparator(int value) {
  return IsEncodedSeparator(value) &&
         (value >= ' ' || value == '\t' || value == '\n' || value == '\r');
}

// Whether the unspaced text left of the backslash at `position` looks like a path: a drive's `X:\`
// or a share's `\\` is in it.
bool IsPathSeparator(std::string_view text, size_t position) {
  constexpr std::string_view kNoPath = "\"'<>|*?`";
  size_t least = position > kPathContext ? position - kPathContext : 0;
  for (size_t i = position; i > least; --i) {
    char c = text[i - 1];
    if (static_cast<unsigned char>(c) <= ' ' || kNoPath.find(c) != std::string_view::npos) break;
    if (c != '\\' && c != ':') continue;
    if (c == '\\' && text[i] == '\\' && i < position) return true;
    if (c == ':' && text[i] == '\\' && i - 1 > least) {
      char drive = ToLower(text[i - 2]);
      bool is_start = i - 2 == 0 || !IsAlphanumeric(text[i - 3]);
      if (IsLower(drive) && is_start) return true;
    }
  }
  return false;
}

size_t CutBackslash(std::string_view text, size_t begin, size_t end) {
  size_t backslash = begin - 1;
  if (backslash > 0 && text[backslash - 1] == '\\') return 0;
  size_t size = 0;
  switch (text[begin]) {
    case 'n':
    case 'r':
    case 't':
      size = 1;
      break;
    case 'u':
      if (HexByteAt(text, begin + 1, end) >= 0 && HexByteAt(text, begin + 3, end) >= 0) size = 5;
      break;
    case 'x':
      if (HexByteAt(text, begin + 1, end) >= 0) size = 3;
      break;
    default:
      break;
  }
  return size > 0 && IsPathSeparator(text, backslash) ? 0 : size;
}

// ESC [ 0 1 ; 3 1 m: the run begins after the last `;` or the `[`.
size_t CutTerminalSequence(std::string_view text, size_t begin, size_t end) {
  size_t last = begin;
  while (last < end && last - begin < kMaxCut && IsDigit(text[last])) ++last;
  if (last >= end || (text[last] != 'm' && text[last] != 'K')) return 0;
  size_t least = begin > kMaxCut ? begin - kMaxCut : 0;
  size_t first = begin;
  while (first > least && (IsDigit(text[first - 1]) || text[first - 1] == ';')) --first;
  if (first < 2 || text[first - 1] != '[' || text[first - 2] != kEscape) return 0;
  return last + 1 - begin;
}

}  // namespace

Dot ReadDotAt(std::string_view text, size_t position, Defang defang) {
  const char c = text[position];
  const bool undo = defang != Defang::kOff;
  if (c == '.') {
    if (undo && AlphanumericBefore(text, position) && position + 1 < text.size() &&
        text[position + 1] == ']' && AlphanumericAt(text, position + 2)) {
      return {2, DotKind::kDefanged};
    }
    return {1, DotKind::kPlain};
  }
  if (!AlphanumericBefore(text, position)) return {};
  Dot dot;
  if (!IsAscii(c)) {
    std::string_view bytes = text.substr(position, 3);
    if (bytes == "\xE3\x80\x82" || bytes == "\xEF\xBC\x8E" || bytes == "\xEF\xBD\xA1") {
      dot = {3, DotKind::kUnicode};
    }
  } else if (!undo) {
    return {};
  } else if (size_t size = BracketedDot(text, position); size > 0) {
    dot = {static_cast<uint8_t>(size), DotKind::kDefanged};
  } else if (c == '[' && StartsWith(text, position, "[.")) {
    dot = {2, DotKind::kDefanged};
  } else if (c == '\\' && StartsWith(text, position, "\\.")) {
    dot = {2, DotKind::kEscaped};
  } else if (c == ' ' && defang == Defang::kAggressive) {
    dot = {static_cast<uint8_t>(SpacedDot(text, position)), DotKind::kSpaced};
  }
  return dot && AlphanumericAt(text, position + dot.size) ? dot : Dot{};
}

Dot ReadDotBefore(std::string_view text, size_t position, Defang defang) {
  const char last = text[position - 1];
  if (last == ' ' && defang != Defang::kAggressive) return {};
  const size_t longest = last == ' ' ? 7 : last == '.' ? 2 : IsAscii(last) ? 5 : 3;
  for (size_t size = std::min(longest, position); size > 0; --size) {
    Dot dot = DotAt(text, position - size, defang);
    if (dot.size == size) return dot;
  }
  return {};
}

AtSign AtSignAt(std::string_view text, size_t position, Defang defang) {
  if (position >= text.size()) return {};
  const char c = text[position];
  if (c == '@') return {1, false};
  if (c != '%' && Closing(c) == '\0') return {};
  if (StartsWith(text, position, "%40")) return {3, false};
  if (defang == Defang::kOff) return {};
  for (std::string_view form : {"[@]", "(@)", "[at]", "(at)", "{at}"}) {
    if (StartsWith(text, position, form)) return {static_cast<uint8_t>(form.size()), true};
  }
  return {};
}

AtSign AtSignBefore(std::string_view text, size_t position, Defang defang) {
  for (size_t size : {1, 3, 4}) {
    if (size > position) continue;
    AtSign sign = AtSignAt(text, position - size, defang);
    if (sign.size == size) return sign;
  }
  Character character = CharacterBefore(text, position);
  if (character.value == '@') return {character.size, false};
  return {};
}

Character CharacterBefore(std::string_view text, size_t position) {
  if (position == 0) return {};
  if (int value = position >= 3 ? HexByteAt(text, position - 2, position) : -1; value >= 0) {
    size_t hex = position - 2;
    for (size_t level = 0; level < kMaxNesting; ++level) {
      if (text[hex - 1] == '%' && value < 0x80) {
        return {static_cast<char>(value), static_cast<uint8_t>(position - hex + 1), true};
      }
      if (hex < 3 || text.substr(hex - 2, 2) != "25") break;
      hex -= 2;
    }
    if (position >= 4 && text.substr(position - 4, 2) == "\\x" && value < 0x80) {
      return {static_cast<char>(value), 4, false};
    }
    if (position >= 6 && text.substr(position - 6, 4) == "\\u00" && value < 0x80) {
      return {static_cast<char>(value), 6, false};
    }
  }
  const char c = text[position - 1];
  if (c == '/' && position >= 2 && text[position - 2] == '\\') return {'/', 2, false};
  return {c, 1, false};
}

EscapeCut CutEscape(std::string_view text, size_t begin, size_t end) {
  if (begin == 0 || begin >= end) return {};
  EscapeCut cut;
  switch (text[begin - 1]) {
    case '%':
      while (cut.size < kMaxCut) {
        int value = HexByteAt(text, begin + cut.size, end);
        if (!IsEncodedSeparator(value)) {
          cut.damaged = value >= 0;
          break;
        }
        cut.size += 2;
        if (value != '%') break;
      }
      break;
    case '=': {
      int value = HexByteAt(text, begin, end);
      if (IsQuotedPrintableSeparator(value) && !IsLower(text[begin]) && !IsLower(text[begin + 1])) {
        cut.size = 2;
      }
      break;
    }
    case '\\':
      cut.size = CutBackslash(text, begin, end);
      break;
    case '[':
    case ';':
      cut.size = CutTerminalSequence(text, begin, end);
      break;
    default:
      break;
  }
  return cut;
}

}  // namespace trawl::compute
