// Other ways to write the dot, the at sign and single bytes: defanged, in Unicode, escaped.
//
// Each function looks at a fixed number of bytes around a position and nothing else.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_NOTATION_H_
#define TRAWL_COMPUTE_NOTATION_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compute/detector.h"

namespace trawl::compute {

enum class DotKind : uint8_t {
  kPlain,
  kDefanged,  // [.] (.) {.} [dot] (dot) {dot} [. .]
  kEscaped,   // \.
  kUnicode,   // U+3002 U+FF0E U+FF61
  kSpaced,    // ` . ` and ` dot `, with Defang::kAggressive
};

struct Dot {
  uint8_t size = 0;  // bytes; 0: there is none
  DotKind kind = DotKind::kPlain;

  explicit operator bool() const { return size > 0; }
};

// Whether a dot may begin with that byte, or end with it.
inline bool MayBeginDot(char c) {
  return c == '.' || c == '[' || c == '(' || c == '{' || c == '\\' || c == ' ' || c == '\xE3' ||
         c == '\xEF';
}
inline bool MayEndDot(char c) {
  return c == '.' || c == ']' || c == ')' || c == '}' || c == ' ' || c == '\x82' || c == '\x8E' ||
         c == '\xA1';
}

// As DotAt and DotBefore, where there may be one.
Dot ReadDotAt(std::string_view text, size_t position, Defang defang);
Dot ReadDotBefore(std::string_view text, size_t position, Defang defang);

// The dot that begins at `position`. All but the plain one stand between ASCII alphanumerics.
inline Dot DotAt(std::string_view text, size_t position, Defang defang) {
  return MayBeginDot(text[position]) ? ReadDotAt(text, position, defang) : Dot{};
}

// The dot that ends at `position`.
inline Dot DotBefore(std::string_view text, size_t position, Defang defang) {
  return MayEndDot(text[position - 1]) ? ReadDotBefore(text, position, defang) : Dot{};
}

// An at sign: @, and where it is undone [@] (@) [at] (at) {at}, and %40.
struct AtSign {
  uint8_t size = 0;  // bytes; 0: there is none
  bool defanged = false;

  explicit operator bool() const { return size > 0; }
};

AtSign AtSignAt(std::string_view text, size_t position, Defang defang);
AtSign AtSignBefore(std::string_view text, size_t position, Defang defang);

// The character that ends at `position`, with %XX (%25XX and so on, four deep), \uXXXX, \xXX and \/
// read as what they stand for.
struct Character {
  char value = 0;
  uint8_t size = 0;  // bytes; 0: there is none
  bool percent_encoded = false;
};

Character CharacterBefore(std::string_view text, size_t position);

// What of a run's first bytes belongs to an escape before it.
struct EscapeCut {
  size_t size = 0;       // bytes to cut off
  bool damaged = false;  // the run begins inside a percent-encoded host character or dot
};

// `begin` to `end` are a run of ASCII host characters and dots, at least in its first bytes.
EscapeCut CutEscape(std::string_view text, size_t begin, size_t end);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_NOTATION_H_
