#include "compute/idna.h"

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/uscript.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "compute/code_points.h"

namespace trawl::compute {
namespace {

// CheckHyphens would refuse these.
constexpr uint32_t kAccepted = UIDNA_ERROR_HYPHEN_3_4;

// Longest UTF-8 that a label of 63 octets in A-form can have; more is an error anyway.
using LabelBuffer = std::array<char, 512>;

const UIDNA* Uts46() {
  static const UIDNA* const kUts46 = [] {
    UErrorCode error = U_ZERO_ERROR;
    return uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                               UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                           &error);
  }();
  return kUts46;
}

using Conversion = int32_t (*)(const UIDNA*, const char*, int32_t, char*, int32_t, UIDNAInfo*,
                               UErrorCode*);

// Empty where the conversion finds an error.
std::string_view Convert(Conversion conversion, std::string_view label, LabelBuffer& buffer) {
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode error = U_ZERO_ERROR;
  int32_t size = conversion(Uts46(), label.data(), static_cast<int32_t>(label.size()),
                            buffer.data(), static_cast<int32_t>(buffer.size()), &info, &error);
  if (U_FAILURE(error) || (info.errors & ~kAccepted) != 0) return {};
  return std::string_view(buffer.data(), static_cast<size_t>(size));
}

int JoiningType(char32_t c) {
  return u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_JOINING_TYPE);
}

bool IsALabel(std::string_view label) { return label.substr(0, 4) == "xn--"; }

}  // namespace

bool LabelToAscii(std::string_view label, std::string& ascii) {
  LabelBuffer buffer;
  std::string_view converted = Convert(&uidna_labelToASCII_UTF8, label, buffer);
  if (converted.empty() || converted.size() > kMaxLabelSize) return false;
  if (IsALabel(converted)) {
    LabelBuffer unicode_buffer;
    std::string_view unicode = Convert(&uidna_labelToUnicodeUTF8, converted, unicode_buffer);
    LabelBuffer again_buffer;
    if (unicode.empty() || Convert(&uidna_labelToASCII_UTF8, unicode, again_buffer) != converted) {
      return false;
    }
  }
  ascii.assign(converted);
  return true;
}

std::string LabelToUnicode(std::string_view label) {
  LabelBuffer buffer;
  if (!IsALabel(label)) return std::string(label);
  std::string_view unicode = Convert(&uidna_labelToUnicodeUTF8, label, buffer);
  return std::string(unicode.empty() ? label : unicode);
}

bool IsJoinerValid(std::u32string_view label, size_t index) {
  constexpr int kVirama = 9;
  if (index == 0) return false;
  if (u_getCombiningClass(static_cast<UChar32>(label[index - 1])) == kVirama) return true;
  if (label[index] != U'\u200C') return false;
  size_t before = index;
  while (before > 0 && JoiningType(label[before - 1]) == U_JT_TRANSPARENT) --before;
  if (before == 0) return false;
  const int left = JoiningType(label[before - 1]);
  if (left != U_JT_LEFT_JOINING && left != U_JT_DUAL_JOINING) return false;
  size_t after = index + 1;
  while (after < label.size() && JoiningType(label[after]) == U_JT_TRANSPARENT) ++after;
  if (after == label.size()) return false;
  const int right = JoiningType(label[after]);
  return right == U_JT_RIGHT_JOINING || right == U_JT_DUAL_JOINING;
}

bool MixesScripts(std::string_view label) {
  // Sets of scripts that one language is written with, after UTS #39, table 1.
  static const std::array<std::array<UScriptCode, 4>, 3> kTogether = {{
      {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA},
      {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_BOPOMOFO, USCRIPT_BOPOMOFO},
      {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_HANGUL, USCRIPT_HANGUL},
  }};
  std::array<bool, kTogether.size()> fits;
  fits.fill(true);
  std::vector<UScriptCode> common;
  bool restricted = false;
  for (size_t i = 0; i < label.size();) {
    const CodePoint decoded = DecodeAt(label, i);
    i += decoded.size;
    const UChar32 c = static_cast<UChar32>(decoded.value);
    std::array<UScriptCode, 64> scripts;
    UErrorCode error = U_ZERO_ERROR;
    int32_t count = uscript_getScriptExtensions(c, scripts.data(),
                                                static_cast<int32_t>(scripts.size()), &error);
    if (U_FAILURE(error) || count == 0) continue;
    if (scripts[0] == USCRIPT_COMMON || scripts[0] == USCRIPT_INHERITED) continue;
    const auto end = scripts.begin() + count;
    auto has = [&](UScriptCode script) { return std::find(scripts.begin(), end, script) != end; };
    for (size_t set = 0; set < kTogether.size(); ++set) {
      fits[set] = fits[set] && std::any_of(kTogether[set].begin(), kTogether[set].end(), has);
    }
    if (restricted) {
      std::erase_if(common, [&](UScriptCode script) { return !has(script); });
    } else {
      common.assign(scripts.begin(), end);
      restricted = true;
    }
  }
  if (!restricted || !common.empty()) return false;
  return std::none_of(fits.begin(), fits.end(), [](bool fit) { return fit; });
}

std::string UnicodeVersion() {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  return std::to_string(version[0]) + "." + std::to_string(version[1]);
}

}  // namespace trawl::compute
