// The table is made from ICU's data. UTS #46 is read from ICU's "uts46" normaliser, whose
// decomposition of a code point is its mapping: empty for ignored, U+FFFD for disallowed.

#include "compute/code_points.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <map>

namespace trawl::compute {
namespace {

constexpr char32_t kCodePoints = 0x110000;

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

// What UTS #46 maps a host character to, if that is one code point; else -1.
UChar32 MappingOf(const UNormalizer2* uts46, UChar32 c) {
  std::array<UChar, 2> text;
  int32_t size = 0;
  U16_APPEND_UNSAFE(text.data(), size, c);
  std::array<UChar, 8> mapped;
  UErrorCode error = U_ZERO_ERROR;
  size = unorm2_normalize(uts46, text.data(), size, mapped.data(),
                          static_cast<int32_t>(mapped.size()), &error);
  if (U_FAILURE(error) || size == 0) return -1;
  UChar32 mapping;
  int32_t i = 0;
  U16_NEXT(mapped.data(), i, size, mapping);
  return i == size ? mapping : -1;
}

// Whether a host character that UTS #46 maps to itself has nothing to do with what is next to it.
bool IsIndependent(const UNormalizer2* uts46, UChar32 c) {
  if (c < 0x80) return c != '_';
  if ((U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 || !unorm2_hasBoundaryBefore(uts46, c)) return false;
  const UCharDirection direction = u_charDirection(c);
  return direction != U_RIGHT_TO_LEFT && direction != U_RIGHT_TO_LEFT_ARABIC &&
         direction != U_ARABIC_NUMBER;
}

bool IsTrailingSymbol(UChar32 c) {
  return c >= 0x80 && (u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE) == U_DT_SUPER ||
                       ublock_getCode(c) == UBLOCK_LETTERLIKE_SYMBOLS || IsEmoji(c));
}

ScriptSet ScriptsWith(UChar32 c) {
  struct Writing {
    size_t number;  // beyond those of scripts
    std::array<UScriptCode, 4> scripts;
  };
  constexpr size_t kFirstWriting = 240;
  constexpr std::array<Writing, 3> kWritings = {{
      {kFirstWriting, {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA}},
      {kFirstWriting + 1, {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_BOPOMOFO, USCRIPT_BOPOMOFO}},
      {kFirstWriting + 2, {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_HANGUL, USCRIPT_HANGUL}},
  }};
  ScriptSet set;
  if (!u_isdefined(c)) return set;
  std::array<UScriptCode, 64> scripts;
  UErrorCode error = U_ZERO_ERROR;
  const int32_t count =
      uscript_getScriptExtensions(c, scripts.data(), static_cast<int32_t>(scripts.size()), &error);
  if (U_FAILURE(error)) return set;
  for (int32_t i = 0; i < count; ++i) {
    const UScriptCode script = scripts[static_cast<size_t>(i)];
    if (script == USCRIPT_COMMON || script == USCRIPT_INHERITED) continue;
    set.set(static_cast<size_t>(script));
    for (const Writing& writing : kWritings) {
      const auto end = writing.scripts.end();
      if (std::find(writing.scripts.begin(), end, script) != end) set.set(writing.number);
    }
  }
  return set;
}

CodePointTraits MakeTraits(const UNormalizer2* uts46, UChar32 c) {
  CodePointTraits traits = {Classify(uts46, c)};
  if (traits.host_class == HostClass::kSeparator) return traits;
  if (traits.host_class == HostClass::kIgnorable || traits.host_class == HostClass::kJoiner) {
    return traits;
  }
  traits.is_trailing_symbol = IsTrailingSymbol(c);
  const UChar32 mapping = MappingOf(uts46, c);
  traits.is_simple = mapping >= 0 && unorm2_hasBoundaryBefore(uts46, c) &&
                     (mapping == c || MappingOf(uts46, mapping) == mapping) &&
                     IsIndependent(uts46, mapping);
  if (traits.is_simple) traits.to_mapped = mapping - c;
  return traits;
}

}  // namespace

uint16_t CodePointTable::NumberOf(const ScriptSet& scripts) {
  const auto entry = std::find(script_sets_.begin(), script_sets_.end(), scripts);
  const auto number = static_cast<uint16_t>(entry - script_sets_.begin());
  if (entry == script_sets_.end()) script_sets_.push_back(scripts);
  return number;
}

CodePointTable::CodePointTable() : script_sets_(1) {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* uts46 = unorm2_getInstance(nullptr, "uts46", UNORM2_COMPOSE, &error);
  std::map<Page, uint16_t> seen;
  for (size_t number = 0; number < page_of_.size(); ++number) {
    Page page;
    for (size_t i = 0; i < kPageSize && U_SUCCESS(error); ++i) {
      const auto c = static_cast<UChar32>(number * kPageSize + i);
      page[i] = MakeTraits(uts46, c);
      page[i].scripts = NumberOf(ScriptsWith(c));
    }
    auto [entry, inserted] = seen.try_emplace(page, static_cast<uint16_t>(pages_.size()));
    if (inserted) pages_.push_back(page);
    page_of_[number] = entry->second;
  }
}

const CodePointTable& CodePointTable::Make() {
  static const CodePointTable kTable;
  return kTable;
}

HostClass HostClassOf(char32_t code_point) { return TraitsOf(code_point).host_class; }

CodePoint DecodeAt(std::string_view text, size_t position) { return DecodeAtHere(text, position); }

CodePoint DecodeBefore(std::string_view text, size_t position) {
  return DecodeBeforeHere(text, position);
}

CodePoint DecodeRareAt(std::string_view text, size_t position) {
  constexpr CodePoint kIllFormed = {0, 1, false};
  const unsigned char lead = static_cast<unsigned char>(text[position]);
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

CodePoint DecodeRareBefore(std::string_view text, size_t position) {
  for (uint8_t size = 1; size <= 4 && size <= position; ++size) {
    if (IsContinuation(text[position - size])) continue;
    CodePoint code_point = DecodeAt(text.substr(0, position), position - size);
    if (code_point.well_formed && code_point.size == size) return code_point;
    break;
  }
  return {0, 1, false};
}

}  // namespace trawl::compute
