#include "compute/context.h"

#include <algorithm>
#include <array>

#include "compute/code_points.h"
#include "compute/notation.h"

namespace trawl::compute {
namespace {

constexpr size_t kLocalPartBytes = 64;
constexpr size_t kUserinfoBytes = 64;
constexpr size_t kPortDigits = 5;
constexpr size_t kSchemeLetters = 16;  // of a scheme that URL-Defense wrote
constexpr size_t kIllFormedBytes = 3;  // the longest ill-formed sequence

bool IsSchemeCharacter(char c) { return IsAlphanumeric(c) || c == '+' || c == '-' || c == '.'; }

bool IsLocalPartByte(char c) {
  return IsAlphanumeric(c) || c == '.' || c == '_' || c == '+' || c == '-';
}

// The bytes of `set`, and ASCII alphanumerics where `alphanumerics`.
constexpr std::array<bool, 256> SetOf(std::string_view set, bool alphanumerics) {
  std::array<bool, 256> bytes{};
  for (size_t c = 0; alphanumerics && c < 0x80; ++c)
    bytes[c] = IsAlphanumeric(static_cast<char>(c));
  for (char c : set) bytes[static_cast<unsigned char>(c)] = true;
  return bytes;
}

// RFC 3986, "userinfo".
bool IsUserinfoByte(char c) {
  static constexpr std::array<bool, 256> kBytes = SetOf("-._~%!$&'()*+,;=:", true);
  return kBytes[static_cast<unsigned char>(c)];
}

bool IsHostAt(std::string_view text, size_t position) {
  if (position >= text.size()) return false;
  if (IsAscii(text[position])) return IsHostByte(text[position]);
  CodePoint c = DecodeAt(text, position);
  if (!c.well_formed) return false;
  HostClass host_class = HostClassOf(c.value);
  return host_class == HostClass::kSpaced || host_class == HostClass::kUnspaced;
}

bool IsHostBefore(std::string_view text, size_t position) {
  if (position == 0) return false;
  if (IsAscii(text[position - 1])) return IsHostByte(text[position - 1]);
  CodePoint c = DecodeBefore(text, position);
  return c.well_formed && IsHostAt(text, position - c.size);
}

// Whether an at sign that ends at `end` is followed by what may be a host.
bool IsHostOrBracketAt(std::string_view text, size_t position) {
  return IsHostAt(text, position) || (position < text.size() && text[position] == '[');
}

bool IsSchemeBefore(std::string_view text, size_t position) {
  return IsSchemeCharacter(CharacterBefore(text, position).value);
}

bool EndsWith(std::string_view text, size_t position, std::string_view end) {
  return position >= end.size() && text.substr(position - end.size(), end.size()) == end;
}

// Whether `c` may be the last byte of an at sign, a slash or a backslash in any notation.
bool MayEndContext(char c) {
  static constexpr std::array<bool, 256> kEnds = SetOf("/\\@])}0123456789ABCDEFabcdef", false);
  return kEnds[static_cast<unsigned char>(c)];
}

// Right of `://`, with one of its defanged forms in place of the colon.
bool ReadScheme(std::string_view text, size_t slashes, Defang defang, Left& left) {
  if (defang != Defang::kOff && EndsWith(text, slashes, "[:]") &&
      IsSchemeBefore(text, slashes - 3)) {
    left = {LeftContext::kScheme, true};
    return true;
  }
  Character colon = CharacterBefore(text, slashes);
  if (colon.value != ':') return false;
  if (IsSchemeBefore(text, slashes - colon.size)) left.context = LeftContext::kScheme;
  return true;
}

// Right of an at sign that begins at `at`.
LeftContext ReadMailbox(std::string_view text, size_t at) {
  if (at == 0) return LeftContext::kAtWithoutLocalPart;
  char c = text[at - 1];
  if (IsLocalPartByte(c) || c == '"' || (!IsAscii(c) && IsHostBefore(text, at))) {
    return LeftContext::kMailbox;
  }
  size_t least = at > kUserinfoBytes ? at - kUserinfoBytes : 0;
  size_t begin = at;
  while (begin > least && IsUserinfoByte(text[begin - 1])) --begin;
  if (EndsWith(text, begin, "//") && EndsWith(text, begin - 2, ":") &&
      IsSchemeBefore(text, begin - 3)) {
    return LeftContext::kMailbox;
  }
  return LeftContext::kAtWithoutLocalPart;
}

}  // namespace

Left ReadLeft(std::string_view text, size_t begin, Defang defang) {
  Left left;
  if (begin == 0 || !MayEndContext(text[begin - 1])) return left;
  if (AtSign sign = AtSignBefore(text, begin, defang)) {
    return {ReadMailbox(text, begin - sign.size), sign.defanged};
  }
  if (defang != Defang::kOff && EndsWith(text, begin, "[://]") && IsSchemeBefore(text, begin - 5)) {
    return {LeftContext::kScheme, true};
  }
  const Character first = CharacterBefore(text, begin);
  if (first.size == 0) return left;
  const Character second = CharacterBefore(text, begin - first.size);
  const size_t doubled = begin - first.size - second.size;
  if (first.value == '\\') {
    if (second.value != '\\') {
      left.context = LeftContext::kPath;
    } else if (defang != Defang::kOff && EndsWith(text, doubled, ":") && doubled >= 3 &&
               IsSchemeCharacter(text[doubled - 2]) && IsSchemeCharacter(text[doubled - 3])) {
      left = {LeftContext::kScheme, true};
    }
    return left;
  }
  if (first.value != '/') return left;
  if (second.value != '/') {
    if (!first.percent_encoded) left.context = LeftContext::kPath;
    return left;
  }
  if (ReadScheme(text, doubled, defang, left)) return left;
  bool tripled = CharacterBefore(text, doubled).value == '/';
  left.context = tripled ? LeftContext::kPath : LeftContext::kSchemeRelative;
  return left;
}

size_t DefangedSchemePrefix(std::string_view text, size_t begin, size_t end, Defang defang) {
  if (defang == Defang::kOff) return 0;
  std::string_view run = text.substr(begin, end - begin);
  if (run.substr(0, 2) == "__") {
    bool scheme = EndsWith(text, begin, ":") && begin >= 3 && IsSchemeCharacter(text[begin - 2]) &&
                  IsSchemeCharacter(text[begin - 3]);
    return scheme ? 2 : 0;
  }
  constexpr std::string_view kHttp = "hxxp";
  for (size_t i = 0; i < kHttp.size(); ++i) {
    if (i >= run.size() || ToLower(run[i]) != kHttp[i]) return 0;
  }
  size_t size = kHttp.size();
  if (size < run.size() && ToLower(run[size]) == 's') ++size;
  return run.substr(size, 2) == "__" ? size + 2 : 0;
}

size_t UrlDefenseSchemeBefore(std::string_view text, size_t position) {
  constexpr std::string_view kSeparator = "-3A__";
  if (!EndsWith(text, position, kSeparator)) return 0;
  size_t end = position - kSeparator.size();
  size_t begin = end;
  while (begin > 0 && end - begin < kSchemeLetters && IsAlphanumeric(text[begin - 1])) --begin;
  return begin == end ? 0 : position - begin;
}

bool IsLocalPart(std::string_view text, size_t end, Defang defang) {
  const size_t limit = std::min(text.size(), end + kLocalPartBytes + 1);
  for (size_t i = end; i < limit; ++i) {
    if (AtSign sign = AtSignAt(text, i, defang)) {
      return IsHostOrBracketAt(text, i + sign.size);
    }
    if (text[i] == '"') {
      AtSign sign = AtSignAt(text, i + 1, defang);
      return sign && IsHostOrBracketAt(text, i + 1 + sign.size);
    }
    if (!IsLocalPartByte(text[i])) return false;
  }
  return false;
}

bool IsUserinfo(std::string_view text, size_t end, Defang defang) {
  const size_t limit = std::min(text.size(), end + kUserinfoBytes);
  for (size_t i = end; i < limit; ++i) {
    if (AtSign sign = AtSignAt(text, i, defang)) {
      return IsHostOrBracketAt(text, i + sign.size);
    }
    if (!IsUserinfoByte(text[i])) return false;
  }
  return false;
}

Evidence ReadEvidence(std::string_view text, size_t end) {
  static constexpr std::array<bool, 256> kFollowers = SetOf("%-_~@/", true);
  Evidence port = Evidence::kNone;
  if (end < text.size() && text[end] == ':') {
    size_t digits = 0;
    while (digits < kPortDigits && end + 1 + digits < text.size() &&
           IsDigit(text[end + 1 + digits])) {
      ++digits;
    }
    if (digits == 0) return Evidence::kNone;
    port = Evidence::kPort;
    end += 1 + digits;
    if (end < text.size() && text[end] == '/') return Evidence::kFull;
    return port;
  }
  if (end + 1 >= text.size()) return Evidence::kNone;
  if (text[end] != '/' && text[end] != '?' && text[end] != '#') return Evidence::kNone;
  const bool follows = kFollowers[static_cast<unsigned char>(text[end + 1])];
  return follows ? Evidence::kFull : Evidence::kNone;
}

bool IsNextToInvalid(std::string_view text, size_t begin, size_t end) {
  size_t before = begin;
  while (before > 0 && begin - before <= kIllFormedBytes && !IsAscii(text[before - 1]) &&
         !DecodeBefore(text, before).well_formed) {
    --before;
  }
  if (before < begin && begin - before <= kIllFormedBytes && IsHostBefore(text, before)) {
    return true;
  }
  size_t after = end;
  while (after < text.size() && after - end <= kIllFormedBytes && !IsAscii(text[after]) &&
         !DecodeAt(text, after).well_formed) {
    ++after;
  }
  return after > end && after - end <= kIllFormedBytes && IsHostAt(text, after);
}

}  // namespace trawl::compute
