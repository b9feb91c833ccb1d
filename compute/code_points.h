// Code points in UTF-8, and what part each may play in a host.
//
// A byte of an ill-formed sequence (RFC 3629: overlong forms, surrogates, beyond U+10FFFF, cut
// short) stands for itself and is no code point. Since no well-formed sequence begins inside
// another, decoding forwards and backwards agree from any position.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_CODE_POINTS_H_
#define TRAWL_COMPUTE_CODE_POINTS_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

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

// As DecodeAt, where it takes four bytes or is ill-formed.
CodePoint DecodeRareAt(std::string_view text, size_t position);
CodePoint DecodeRareBefore(std::string_view text, size_t position);

// As DecodeAt and DecodeBefore, for loops: compiled into the function that calls it.
inline CodePoint DecodeAtHere(std::string_view text, size_t position) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const size_t size = text.size() - position;
  if (lead >= 0xC2 && lead <= 0xDF && size >= 2 && (byte(1) & 0xC0) == 0x80) {
    return {(lead & 0x1F) << 6 | (byte(1) & 0x3Fu), 2, true};
  }
  // Of those that begin with E0 or ED, some are ill-formed.
  if (lead >= 0xE1 && lead <= 0xEF && lead != 0xED && size >= 3 && (byte(1) & 0xC0) == 0x80 &&
      (byte(2) & 0xC0) == 0x80) {
    return {(lead & 0x0F) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu), 3, true};
  }
  return DecodeRareAt(text, position);
}

inline CodePoint DecodeBeforeHere(std::string_view text, size_t position) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[position - i]); };
  const char32_t last = byte(1);
  if (last < 0x80) return {last, 1, true};
  if (position >= 3 && (last & 0xC0) == 0x80) {
    const char32_t second = byte(2);
    if (second >= 0xC2 && second <= 0xDF) return {(second & 0x1F) << 6 | (last & 0x3F), 2, true};
    const char32_t lead = byte(3);
    if ((second & 0xC0) == 0x80 && lead >= 0xE1 && lead <= 0xEF && lead != 0xED) {
      return {(lead & 0x0F) << 12 | (second & 0x3F) << 6 | (last & 0x3F), 3, true};
    }
  }
  return DecodeRareBefore(text, position);
}

// What a code point is to a host.
enum class HostClass : uint8_t {
  kSeparator,  // no part of a host
  kSpaced,     // a host character; ASCII ones are all of these
  kUnspaced,   // a host character of a script written without spaces
  kIgnorable,  // UTS #46 ignores it
  kJoiner,     // U+200C, U+200D: a host character where CheckJoiners accepts it, else ignorable
};

// The scripts that a code point is used with, by Script_Extensions, and Japanese, Korean and Han
// with Bopomofo as if these were scripts of their own, as UTS #39, 5.1, adds them; with these Latin
// is used too, by 5.2. What is common to all scripts has none.
using ScriptSet = std::bitset<256>;

// What is known of a code point.
struct CodePointTraits {
  // ASCII alphanumerics, hyphen and underscore are host characters; of the others those of general
  // category L, M or N and emoji, if UTS #46 has them valid, a deviation, or mapped to letters,
  // marks, digits and hyphens.
  HostClass host_class = HostClass::kSeparator;
  // The number of the scripts that it is used with; 0 for what is common to all.
  uint16_t scripts = 0;
  // Whether it is a host character that is none of its host where it ends a run: superscripts,
  // letter-like symbols and emoji, which no TLD has.
  bool is_trailing_symbol : 1 = false;
  // Whether UTS #46 maps it to one code point, or to itself, whatever is next to it, and its rules
  // about marks, joiners and right-to-left scripts say nothing of that. A label of such code points
  // is valid, but for hyphens, and its U-form is what each is mapped to. No underscore is one.
  bool is_simple : 1 = false;
  // Where it is simple, what is added to it by the mapping.
  int32_t to_mapped : 24 = 0;

  friend auto operator<=>(const CodePointTraits&, const CodePointTraits&) = default;
};

// The traits of all code points, in pages of 256; equal pages are there once.
class CodePointTable {
 public:
  // Made when first asked for, and kept.
  static const CodePointTable& Get() {
    static const CodePointTable& table = Make();
    return table;
  }

  const CodePointTraits& operator[](char32_t code_point) const {
    return pages_[page_of_[code_point / kPageSize]][code_point % kPageSize];
  }

  const ScriptSet& ScriptsOf(const CodePointTraits& traits) const {
    return script_sets_[traits.scripts];
  }

 private:
  static constexpr char32_t kCodePoints = 0x110000;
  static constexpr size_t kPageSize = 256;
  using Page = std::array<CodePointTraits, kPageSize>;

  CodePointTable();
  static const CodePointTable& Make();

  uint16_t NumberOf(const ScriptSet& scripts);

  std::vector<ScriptSet> script_sets_;
  std::vector<Page> pages_;
  std::array<uint16_t, kCodePoints / kPageSize> page_of_;
};

inline const CodePointTraits& TraitsOf(char32_t code_point) {
  return CodePointTable::Get()[code_point];
}

HostClass HostClassOf(char32_t code_point);

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
