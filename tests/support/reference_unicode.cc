#include "tests/support/reference_unicode.h"

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>

namespace trawl::test {
namespace {

using std::string;

const UIDNA* OpenUts46(uint32_t options) {
  UErrorCode error = U_ZERO_ERROR;
  return uidna_openUTS46(options, &error);
}

icu::UnicodeString ToUnicode16(std::string_view utf8) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
}

string ToUtf8(const icu::UnicodeString& text) {
  string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

using Converter = int32_t (*)(const UIDNA*, const UChar*, int32_t, UChar*, int32_t, UIDNAInfo*,
                              UErrorCode*);

// `errors` are those of UTS #46.
icu::UnicodeString Convert(const UIDNA* uts46, Converter converter, const icu::UnicodeString& label,
                           uint32_t& errors) {
  UChar buffer[4096];
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode error = U_ZERO_ERROR;
  int32_t size = converter(uts46, label.getBuffer(), label.length(), buffer, 4096, &info, &error);
  errors = U_FAILURE(error) ? ~0u : info.errors;
  return U_FAILURE(error) ? icu::UnicodeString() : icu::UnicodeString(buffer, size);
}
bool IsLmn(UChar32 c) {
  return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

bool IsEmoji(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_EMOJI); }

// What UTS #46 makes of one code point: found out between two ideographs, which nothing joins.
// Nothing where it is disallowed.
std::optional<icu::UnicodeString> Mapping(UChar32 c) {
  static const UIDNA* const uts46 =
      OpenUts46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE);
  const UChar32 ideograph = 0x4E00;
  uint32_t errors = 0;
  icu::UnicodeString label;
  label.append(ideograph).append(c).append(ideograph);
  auto mapped = Convert(uts46, uidna_labelToUnicode, label, errors);
  const uint32_t fatal = UIDNA_ERROR_DISALLOWED | UIDNA_ERROR_LABEL_HAS_DOT;
  if ((errors & fatal) != 0 || mapped.length() < 2) return {};
  return icu::UnicodeString(mapped, 1, mapped.length() - 2);
}

}  // namespace

bool IsAsciiAlnum(int c) { return c >= 0 && c < 128 && std::isalnum(c) != 0; }

std::optional<string> AFormOf(const string& label) {
  static const UIDNA* const uts46 =
      OpenUts46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII |
                UIDNA_NONTRANSITIONAL_TO_UNICODE);
  uint32_t errors = 0;
  auto ascii = Convert(uts46, uidna_labelToASCII, ToUnicode16(label), errors);
  if ((errors & ~UIDNA_ERROR_HYPHEN_3_4) != 0 || ascii.isEmpty() || ascii.length() > 63) return {};
  if (ascii.startsWith("xn--")) {
    auto unicode = Convert(uts46, uidna_labelToUnicode, ascii, errors);
    if ((errors & ~UIDNA_ERROR_HYPHEN_3_4) != 0) return {};
    if (Convert(uts46, uidna_labelToASCII, unicode, errors) != ascii) return {};
  }
  string result = ToUtf8(ascii);
  if (result.front() == '-' || result.back() == '-') return {};
  return result;
}

Symbol ClassifyCodePoint(UChar32 c) {
  static std::map<UChar32, Symbol> known;
  auto [entry, inserted] = known.try_emplace(c);
  Symbol& symbol = entry->second;
  if (!inserted) return symbol;
  symbol.c = c;
  if (c < 0x80) {
    if (IsAsciiAlnum(c) || c == '-' || c == '_') symbol.kind = SymbolKind::kHost;
    return symbol;
  }
  if (c == 0x200C || c == 0x200D) {
    symbol.kind = SymbolKind::kIgnorable;
    symbol.joiner = true;
    return symbol;
  }
  auto mapping = Mapping(c);
  if (!mapping.has_value()) return symbol;
  if (mapping->isEmpty()) {
    symbol.kind = SymbolKind::kIgnorable;
    return symbol;
  }
  if (!IsLmn(c) && !IsEmoji(c)) return symbol;
  for (int32_t i = 0; i < mapping->length(); i = mapping->moveIndex32(i, 1)) {
    UChar32 m = mapping->char32At(i);
    bool itself = mapping->countChar32() == 1 && IsEmoji(m);
    if (m != '-' && !IsLmn(m) && !itself) return symbol;
  }
  symbol.kind = SymbolKind::kHost;
  for (const char* script : {"Hani", "Hira", "Kana", "Hang", "Thai", "Laoo", "Khmr", "Mymr"}) {
    UErrorCode error = U_ZERO_ERROR;
    UScriptCode code;
    uscript_getCode(script, &code, 1, &error);
    if (uscript_hasScript(c, code)) symbol.unspaced = true;
  }
  return symbol;
}

bool IsTrimmedSymbol(UChar32 c) {
  return c >= 0x80 && (u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE) == U_DT_SUPER ||
                       ublock_getCode(c) == UBLOCK_LETTERLIKE_SYMBOLS || IsEmoji(c));
}

bool JoinerFits(const std::vector<const Symbol*>& label, size_t i) {
  if (i > 0 && u_getCombiningClass(label[i - 1]->c) == 9) return true;
  if (label[i]->c != 0x200C) return false;
  auto type = [&](size_t k) { return u_getIntPropertyValue(label[k]->c, UCHAR_JOINING_TYPE); };
  bool left = false;
  for (size_t k = i; k-- > 0;) {
    if (type(k) == U_JT_TRANSPARENT) continue;
    left = type(k) == U_JT_LEFT_JOINING || type(k) == U_JT_DUAL_JOINING;
    break;
  }
  for (size_t k = i + 1; k < label.size(); ++k) {
    if (type(k) == U_JT_TRANSPARENT) continue;
    return left && (type(k) == U_JT_RIGHT_JOINING || type(k) == U_JT_DUAL_JOINING);
  }
  return false;
}

bool IsMixedScript(const string& a_form) {
  static const UIDNA* const uts46 = OpenUts46(UIDNA_NONTRANSITIONAL_TO_UNICODE);
  if (a_form.substr(0, 4) != "xn--") return false;
  uint32_t errors = 0;
  auto label = Convert(uts46, uidna_labelToUnicode, ToUnicode16(a_form), errors);
  const std::vector<std::set<UScriptCode>> mixtures = {
      {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA},
      {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_BOPOMOFO},
      {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_HANGUL}};
  std::vector<bool> fits(mixtures.size(), true);
  std::optional<std::set<UScriptCode>> common;
  for (int32_t i = 0; i < label.length(); i = label.moveIndex32(i, 1)) {
    UScriptCode codes[64];
    UErrorCode error = U_ZERO_ERROR;
    int32_t count = uscript_getScriptExtensions(label.char32At(i), codes, 64, &error);
    std::set<UScriptCode> scripts(codes, codes + count);
    if (scripts.count(USCRIPT_COMMON) > 0 || scripts.count(USCRIPT_INHERITED) > 0) continue;
    for (size_t m = 0; m < mixtures.size(); ++m) {
      bool any = false;
      for (UScriptCode script : scripts) any = any || mixtures[m].count(script) > 0;
      fits[m] = fits[m] && any;
    }
    if (!common.has_value()) {
      common = scripts;
    } else {
      std::set<UScriptCode> both;
      for (UScriptCode script : scripts) {
        if (common->count(script) > 0) both.insert(script);
      }
      common = both;
    }
  }
  return common.has_value() && common->empty() &&
         std::none_of(fits.begin(), fits.end(), [](bool fit) { return fit; });
}

}  // namespace trawl::test
