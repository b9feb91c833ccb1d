// Code points and labels as the reference detector sees them, straight from ICU.
//
// Thread-safety: one thread at a time.

#ifndef TRAWL_TESTS_SUPPORT_REFERENCE_UNICODE_H_
#define TRAWL_TESTS_SUPPORT_REFERENCE_UNICODE_H_

#include <unicode/umachine.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace trawl::test {

// What a symbol is to a run.
enum class SymbolKind { kSeparator, kHost, kIgnorable, kDot };

struct Symbol {
  size_t begin = 0;
  size_t end = 0;
  UChar32 c = -1;  // -1: an ill-formed byte, or a dot in another form
  SymbolKind kind = SymbolKind::kSeparator;
  bool unspaced = false;
  bool joiner = false;
  std::string dot;  // "plain", "defanged", "escaped", "unicode", "spaced"
};

bool IsAsciiAlnum(int c);

// The symbol of a code point, its place aside.
Symbol ClassifyCodePoint(UChar32 c);

// The A-form of a label by UTS #46, or nothing where it has none. Underscores pass.
std::optional<std::string> AFormOf(const std::string& label);

// Whether a run's last character is none of its host's.
bool IsTrimmedSymbol(UChar32 c);

// Whether the joiner at `i` stands where RFC 5892 allows it.
bool JoinerFits(const std::vector<const Symbol*>& label, size_t i);

// UTS #39: the scripts of all characters have none in common, and it is no usual mixture.
bool IsMixedScript(const std::string& a_form);

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_REFERENCE_UNICODE_H_
