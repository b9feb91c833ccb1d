// What is known of a code point is looked up in a table of two stages, made once from ICU's data:
// pages of 256 code points, equal pages kept once. UTS #46 is read from ICU's "uts46" normaliser,
// whose decomposition of a code point is its mapping: empty for ignored, U+FFFD for disallowed.

#include "compute/code_points.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

#include <array>
#include <map>
#include <vector>

namespace trawl::compute {
namespace {

constexpr char32_t kCodePoints = 0x110000;
constexpr size_t kPageSize = 256;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool IsLetterMarkOrNumber(UChar32 c) {
  return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

bool IsEmoji(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_EMOJI); }

bool IsWrittenWithoutSpaces(UChar32 c) {
  for (UScriptCode script : {USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_HANGUL,
                             USCRIPT_THAI, USCRIPT_LAO, USCRIPT_KHMER, USCRIPT_MYANMAR}) {
    if (uscript_hasScript(c, script)) return true;
  }
  return false;
}

HostClass Classify(const UNormalizer2* uts46, UChar32 c) {
  if (c < 0x80)
    return IsHostByte(static_cast<char>(c)) ? HostClass::kSpaced : HostClass::kSeparator;
  if (c == 0x200C || c == 0x200D) return HostClass::kJoiner;
  if (!u_isdefined(c) || U_IS_SURROGATE(c)) return HostClass::kSeparator;
  std::array<UChar, 64> mapping;
  UErrorCode error = U_ZERO_ERROR;
  int32_t size = unorm2_getDecomposition(uts46, c, mapping.data(),
                                         static_cast<int32_t>(mapping.size()), &error);
  if (U_FAILURE(error)) return HostClass::kSeparator;
  if (size == 0) return HostClass::kIgnorable;
  if (!IsLetterMarkOrNumber(c) && !IsEmoji(c)) return HostClass::kSeparator;
  for (int32_t i = 0; i < size;) {
    UChar32 mapped;
    U16_NEXT(mapping.data(), i, size, mapped);
    if (mapped != '-' && !IsLetterMarkOrNumber(mapped) && !(size <= 2 && IsEmoji(mapped))) {
      return HostClass::kSeparator;
    }
  }
  return IsWrittenWithoutSpaces(c) ? HostClass::kUnspaced : HostClass::kSpaced;
}

bool IsStableHost(const UNormalizer2* uts46, UChar32 c) {
  constexpr UChar32 kSharpS = 0xDF;
  constexpr UChar32 kFinalSigma = 0x3C2;
  if (c < 0x80 || c == kSharpS || c == kFinalSigma) return false;
  if ((U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 || !unorm2_hasBoundaryBefore(uts46, c)) return false;
  const UCharDirection direction = u_charDirection(c);
  if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC ||
      direction == U_ARABIC_NUMBER) {
    return false;
  }
  std::array<UChar, 2> text;
  int32_t size = 0;
  U16_APPEND_UNSAFE(text.data(), size, c);
  UErrorCode error = U_ZERO_ERROR;
  return unorm2_isNormalized(uts46, text.data(), size, &error) && U_SUCCESS(error);
}

uint8_t ScriptOf(UChar32 c) {
  std::array<UScriptCode, 2> scripts;
  UErrorCode error = U_ZERO_ERROR;
  const int32_t count =
      uscript_getScriptExtensions(c, scripts.data(), static_cast<int32_t>(scripts.size()), &error);
  if (U_FAILURE(error) || count != 1) return kSeveralScripts;
  if (scripts[0] == USCRIPT_COMMON || scripts[0] == USCRIPT_INHERITED) return kAnyScript;
  const int number = static_cast<int>(scripts[0]) + kSeveralScripts + 1;
  return number <= UINT8_MAX ? static_cast<uint8_t>(number) : kSeveralScripts;
}

struct Traits {
  HostClass host_class = HostClass::kSeparator;
  bool stable = false;
  uint8_t script = kSeveralScripts;
  friend auto operator<=>(const Traits&, const Traits&) = default;
};

Traits TraitsOf(const UNormalizer2* uts46, UChar32 c) {
  Traits traits = {Classify(uts46, c)};
  if (traits.host_class == HostClass::kSeparator) return traits;
  traits.stable = traits.host_class != HostClass::kIgnorable &&
                  traits.host_class != HostClass::kJoiner && IsStableHost(uts46, c);
  traits.script = ScriptOf(c);
  return traits;
}

class TraitsTable {
 public:
  TraitsTable() {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2* uts46 = unorm2_getInstance(nullptr, "uts46", UNORM2_COMPOSE, &error);
    std::map<Page, uint16_t> seen;
    for (size_t number = 0; number < page_of_.size(); ++number) {
      Page page;
      for (size_t i = 0; i < kPageSize && U_SUCCESS(error); ++i) {
        page[i] = TraitsOf(uts46, static_cast<UChar32>(number * kPageSize + i));
      }
      auto [entry, inserted] = seen.try_emplace(page, static_cast<uint16_t>(pages_.size()));
      if (inserted) pages_.push_back(page);
      page_of_[number] = entry->second;
    }
  }

  const Traits& operator[](char32_t c) const {
    return pages_[page_of_[c / kPageSize]][c % kPageSize];
  }

 private:
  using Page = std::array<Traits, kPageSize>;

  std::vector<Page> pages_;
  std::array<uint16_t, kCodePoints / kPageSize> page_of_;
};

const Traits& Of(char32_t code_point) {
  static const TraitsTable kTable;
  return kTable[code_point];
}

}  // namespace

CodePoint DecodeAt(std::string_view text, size_t position) {
  constexpr CodePoint kIllFormed = {0, 1, false};
  const unsigned char lead = static_cast<unsigned char>(text[position]);
  if (lead < 0x80) return {lead, 1, true};
  uint8_t size = 0;
  char32_t value = 0;
  char32_t least = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    size = 2, value = lead & 0x1F, least = 0x80;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    size = 3, value = lead & 0x0F, least = 0x800;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    size = 4, value = lead & 0x07, least = 0x10000;
  } else {
    return kIllFormed;
  }
  if (text.size() - position < size) return kIllFormed;
  for (uint8_t i = 1; i < size; ++i) {
    if (!IsContinuation(text[position + i])) return kIllFormed;
    value = value << 6 | (static_cast<unsigned char>(text[position + i]) & 0x3F);
  }
  if (value < least || value >= kCodePoints || U_IS_SURROGATE(value)) return kIllFormed;
  return {value, size, true};
}

CodePoint DecodeBefore(std::string_view text, size_t position) {
  for (uint8_t size = 1; size <= 4 && size <= position; ++size) {
    if (IsContinuation(text[position - size])) continue;
    CodePoint code_point = DecodeAt(text.substr(0, position), position - size);
    if (code_point.well_formed && code_point.size == size) return code_point;
    break;
  }
  return {0, 1, false};
}

HostClass HostClassOf(char32_t code_point) { return Of(code_point).host_class; }

bool IsStable(char32_t code_point) { return Of(code_point).stable; }

uint8_t OnlyScriptOf(char32_t code_point) { return Of(code_point).script; }

bool IsTrailingSymbol(char32_t code_point) {
  if (code_point < 0x80) return false;
  const UChar32 c = static_cast<UChar32>(code_point);
  return u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE) == U_DT_SUPER ||
         ublock_getCode(c) == UBLOCK_LETTERLIKE_SYMBOLS || IsEmoji(c);
}

}  // namespace trawl::compute
