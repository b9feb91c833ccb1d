// Code points in UTF-8, and what part each may play in a host.
//
// A byte of an ill-formed sequence (RFC 3629: overlong forms, surrogates, beyond U+10FFFF, cut
// short) stands for itself and is no code point. Since no well-formed sequence begins inside
// another, decoding forwards and backwards agree from any position.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_CODE_POINTS_H_
#define TRAWL_COMPUTE_CODE_POINTS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trawl::compute {

struct CodePoint {
  char32_t value = 0;
  uint8_t size = 0;  // bytes; 1 for a byte of an ill-formed sequence
  bool well_formed = false;
};

// The code point at `position`, which is less than the size of `text`.
CodePoint DecodeAt(std::string_view text, size_t position);

// The code point that ends at `position`, which is more than 0.
CodePoint DecodeBefore(std::string_view text, size_t position);

// What a code point is to a host.
enum class HostClass : uint8_t {
  kSeparator,  // no part of a host
  kSpaced,     // a host character; ASCII ones are all of these
  kUnspaced,   // a host character of a script written without spaces
  kIgnorable,  // UTS #46 ignores it
  kJoiner,     // U+200C, U+200D: a host character where CheckJoiners accepts it, else ignorable
};

// ASCII alphanumerics, hyphen and underscore are host characters; of the others those of general
// category L, M or N and emoji, if UTS #46 has them valid, a deviation, or mapped to letters,
// marks, digits and hyphens.
HostClass HostClassOf(char32_t code_point);

// Whether a label of this and others like it, ASCII letters in lower case, digits, and hyphens that
// neither begin nor end it, is its own U-form: UTS #46 maps none of them to anything else, whatever
// is next to it, and its rules about marks, joiners and right-to-left scripts say nothing of them.
// Not of ASCII.
bool IsStable(char32_t code_point);

// The script that the code point is used with, by Script_Extensions: a number from 2 on where it is
// the only one, kAnyScript for what is common to all, kSeveralScripts for the rest.
inline constexpr uint8_t kAnyScript = 0;
inline constexpr uint8_t kSeveralScripts = 1;
uint8_t OnlyScriptOf(char32_t code_point);

// Whether a host character that ends a run is none of its host: superscripts, letter-like symbols
// and emoji. No TLD has one.
bool IsTrailingSymbol(char32_t code_point);

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool IsAlphanumeric(char c) { return IsDigit(c) || IsLower(c) || IsUpper(c); }
constexpr bool IsHostByte(char c) { return IsAlphanumeric(c) || c == '-' || c == '_'; }
constexpr bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }
constexpr char ToLower(char c) { return IsUpper(c) ? static_cast<char>(c | 0x20) : c; }

// The value of a hexadecimal digit, or -1.
constexpr int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_CODE_POINTS_H_
