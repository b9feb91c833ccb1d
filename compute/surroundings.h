// What the bytes next to a host have of source code, markup or a path to a program, where a name
// with dots is more often something else: docs/semantics.md, "Surroundings".
//
// Each function but IsTornByIgnorables reads at most 68 bytes of `text` to either side of the host
// at [begin, end).
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_SURROUNDINGS_H_
#define TRAWL_COMPUTE_SURROUNDINGS_H_

#include <cstddef>
#include <string_view>

namespace trawl::compute {

// False for most hosts that IsOperand is false for. At least two bytes are left and right of it.
inline bool MayBeOperand(std::string_view text, size_t begin, size_t end) {
  const char left = text[begin - 1] == ' ' ? text[begin - 2] : text[begin - 1];
  const char right = text[end] == ' ' ? text[end + 1] : text[end];
  return left == '=' || left == '&' || left == '|' || left == 'f' || left == '(' || left == '!' ||
         right == '=' || right == '!' || right == '&' || right == '|' || right == ' ';
}

// Whether the host is an operand of `typeof`, `==`, `!=`, `&&`, `||` or `(!` as code has them, set
// to a value as in `x.y = 1;` or given as one as in `z = x.y;`, or the argument of a function as in
// `print(x.y`.
bool IsOperand(std::string_view text, size_t begin, size_t end);

bool HasLargeAndSmallLetters(std::string_view text);

// Whether it is an operand, or operators or brackets touch it on both sides and no space is beyond
// them, as in shortened code. Commas and the like on both sides are a list, but for a name in
// large and small letters.
bool IsInShortenedCode(std::string_view text, size_t begin, size_t end);

// Whether it begins as a style sheet's selector does: with a dot, or the name of an element.
bool BeginsAsSelector(std::string_view text, size_t begin, std::string_view first_label);

// Whether ` {`, as of a style sheet's rule, follows the host and what is joined to it.
bool IsBeforeBlock(std::string_view text, size_t end);

// Whether it is the value of an attribute that names an element of a page: ` id="`, `href="#`.
bool IsElementName(std::string_view text, size_t begin);

// Whether it is the fragment of a URL, or ends what a page marks as code.
bool IsFragmentOrMarkedAsCode(std::string_view text, size_t begin, size_t end);

// Whether a backslash and a directory that programs for Windows are put in are left of it, and it
// is no directory itself.
bool IsProgram(std::string_view text, size_t begin, size_t end);

// Whether its underscores, cut off, are the last of a row of blanks: `_ _ _deal.com`.
bool IsAfterBlank(std::string_view text, size_t begin);

// False for most hosts that IsTornFromHost is false for.
inline bool MayBeTornFromHost(std::string_view text, size_t begin) {
  return begin > 0 && (text[begin - 1] == '!' || static_cast<signed char>(text[begin - 1]) < 0);
}

// Whether a row of ignorables that is too long for a label touches it and a host character is
// beyond them. Reads further than the others: up to 1,024 bytes left of the anchor, 320 right of
// the end.
bool IsTornByIgnorables(std::string_view text, size_t begin, size_t end);

// Whether a symbol that separates is left of it, in what would else be the host of a URL.
bool IsTornFromHost(std::string_view text, size_t begin);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_SURROUNDINGS_H_
