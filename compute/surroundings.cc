#include "compute/surroundings.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "compute/code_points.h"
#include "compute/detector.h"
#include "compute/segment.h"

namespace trawl::compute {
namespace {

constexpr size_t kReach = 64;

bool IsLetter(char c) { return IsLower(ToLower(c)); }

bool IsOneOf(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

char At(std::string_view text, size_t i) { return i < text.size() ? text[i] : '\0'; }

// The byte `count` bytes left of `position`.
char Before(std::string_view text, size_t position, size_t count) {
  return position >= count ? text[position - count] : '\0';
}

bool EndsWith(std::string_view text, size_t position, std::string_view end) {
  return position >= end.size() && text.substr(position - end.size(), end.size()) == end;
}

bool IsComparison(std::string_view text) { return text == "==" || text == "!="; }

bool IsJunction(std::string_view text) { return text == "&&" || text == "||"; }

bool IsIgnorable(CodePoint c) {
  if (!c.well_formed) return false;
  const HostClass host_class = HostClassOf(c.value);
  return host_class == HostClass::kIgnorable || host_class == HostClass::kJoiner;
}

bool IsHost(CodePoint c) {
  if (!c.well_formed) return false;
  const HostClass host_class = HostClassOf(c.value);
  return host_class == HostClass::kSpaced || host_class == HostClass::kUnspaced;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(),
                                                   [](char a, char b) { return ToLower(a) == b; });
}

}  // namespace

bool HasLargeAndSmallLetters(std::string_view text) {
  bool large = false;
  bool small = false;
  for (char c : text) {
    small = small || IsLower(c);
    large = large || (IsLetter(c) && !IsLower(c));
  }
  return large && small;
}

bool IsOperand(std::string_view text, size_t begin, size_t end) {
  if (EndsWith(text, begin, "typeof ") && !IsHostByte(Before(text, begin, 8))) return true;
  const size_t left = Before(text, begin, 1) == ' ' ? begin - 1 : begin;
  if (left >= 2 && IsComparison(text.substr(left - 2, 2))) return true;
  if (begin >= 3 && IsJunction(text.substr(begin - 2, 2))) {
    const char c = text[begin - 3];
    if (IsAlphanumeric(c) || IsOneOf(c, "_)]}\"'")) return true;
  }
  if (EndsWith(text, begin, "(!")) return true;
  if (EndsWith(text, begin, " = ") && At(text, end) == ';') return true;
  if (Before(text, begin, 1) == '(' && IsLetter(Before(text, begin, 2))) return true;
  if (end >= text.size()) return false;
  if (IsJunction(text.substr(end, 2)) && IsOneOf(At(text, end + 2), "([{\"'!")) return true;
  if (IsComparison(text.substr(text[end] == ' ' ? end + 1 : end, 2))) return true;
  size_t i = end;
  while (i < text.size() && i - end < kReach && text[i] == ' ') ++i;
  return i > end && At(text, i) == '=';
}

bool IsInShortenedCode(std::string_view text, size_t begin, size_t end) {
  constexpr std::string_view kSpaces = " \t\r\n";
  if (IsOperand(text, begin, end)) return true;
  if (begin < 2 || end + 1 >= text.size()) return false;
  const char left = text[begin - 1];
  const char right = text[end];
  if (!IsOneOf(left, "=,;(:{[!?+<>") || IsOneOf(text[begin - 2], kSpaces)) return false;
  if (!IsOneOf(right, ")]},;=|&?:+") || IsOneOf(text[end + 1], kSpaces)) return false;
  const bool list = IsOneOf(left, ",;") && IsOneOf(right, ",;|");
  return !list || HasLargeAndSmallLetters(text.substr(begin, end - begin));
}

bool BeginsAsSelector(std::string_view text, size_t begin, std::string_view first_label) {
  constexpr std::array<std::string_view, 20> kElements = {
      "a",  "body", "button", "div", "form", "h1",  "h2",      "h3",   "h4",    "h5",
      "h6", "img",  "input",  "li",  "p",    "pre", "section", "span", "table", "ul"};
  if (Before(text, begin, 1) == '.') return Before(text, begin, 2) != '*';
  return std::find(kElements.begin(), kElements.end(), first_label) != kElements.end();
}

bool IsBeforeBlock(std::string_view text, size_t end) {
  size_t i = end;
  while (i < text.size() && i - end < kReach && IsHostByte(text[i])) ++i;
  return At(text, i) == '{' || (At(text, i) == ' ' && At(text, i + 1) == '{');
}

bool IsElementName(std::string_view text, size_t begin) {
  if (EndsWith(text, begin, "href=\"#")) return true;
  const char quote = Before(text, begin, 1);
  if (quote != '"' && quote != '\'') return false;
  for (std::string_view attribute : {" id=", " rel=", " class=", " for=", "<a name="}) {
    if (EndsWith(text, begin - 1, attribute)) return true;
  }
  return false;
}

bool IsFragmentOrMarkedAsCode(std::string_view text, size_t begin, size_t end) {
  if (Before(text, begin, 1) == '#' && IsAlphanumeric(Before(text, begin, 2))) return true;
  return text.substr(std::min(end, text.size()), 7) == "</code>";
}

bool IsProgram(std::string_view text, size_t begin, size_t end) {
  if (Before(text, begin, 1) != '\\' || At(text, end) == '\\') return false;
  const size_t least = begin > kReach ? begin - kReach : 0;
  for (size_t i = begin - 1; i-- > least && !IsOneOf(text[i], "\r\n:\"<>|*?");) {
    if (text[i] != '\\') continue;
    for (std::string_view directory :
         {"appdata\\", "programdata\\", "windows\\", "users\\public\\"}) {
      const std::string_view there = text.substr(i + 1, directory.size());
      if (i + 1 + directory.size() <= begin && EqualsIgnoringCase(there, directory)) return true;
    }
  }
  return false;
}

bool IsAfterBlank(std::string_view text, size_t begin) {
  const size_t least = begin > kReach ? begin - kReach : 0;
  size_t i = begin;
  while (i > least && text[i - 1] == '_') --i;
  return i < begin && EndsWith(text, i, "_ ");
}

bool IsTornByIgnorables(std::string_view text, size_t begin, size_t end) {
  constexpr size_t kRightBytes = 300;
  if (begin > 0 && !IsAscii(text[begin - 1])) {
    const size_t beyond_anchor = end - begin > kAnchorReach ? end - begin - kAnchorReach : 0;
    const size_t limit = kContextBytes - 8 - beyond_anchor;
    size_t i = begin;
    while (i > 0 && begin - i <= limit && IsIgnorable(DecodeBefore(text, i))) {
      i -= DecodeBefore(text, i).size;
    }
    if (begin - i > limit) return true;
    if (begin - i > kMaxIgnorableBytes && i > 0 && IsHost(DecodeBefore(text, i))) return true;
  }
  if (end >= text.size() || IsAscii(text[end])) return false;
  size_t i = end;
  while (i < text.size() && i - end <= kRightBytes && IsIgnorable(DecodeAt(text, i))) {
    i += DecodeAt(text, i).size;
  }
  return i - end > kMaxIgnorableBytes && i - end <= kRightBytes && i < text.size() &&
         IsHost(DecodeAt(text, i));
}

bool IsTornFromHost(std::string_view text, size_t begin) {
  if (!MayBeTornFromHost(text, begin)) return false;
  if (!IsAscii(text[begin - 1])) {
    const CodePoint c = DecodeBefore(text, begin);
    constexpr uint32_t kSymbols = U_GC_SM_MASK | U_GC_SC_MASK | U_GC_SK_MASK | U_GC_SO_MASK;
    if (!c.well_formed || c.value == 0xFFFD ||
        (U_GET_GC_MASK(static_cast<UChar32>(c.value)) & kSymbols) == 0) {
      return false;
    }
  }
  const size_t least = begin > kReach ? begin - kReach : 0;
  size_t i = begin;
  while (i > least && (!IsAscii(text[i - 1]) || IsHostByte(text[i - 1]) || text[i - 1] == '!')) {
    --i;
  }
  return i >= 4 && text.substr(i - 3, 3) == "://" && IsAlphanumeric(text[i - 4]);
}

}  // namespace trawl::compute
