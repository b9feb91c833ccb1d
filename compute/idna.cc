// Most labels are of code points that ICU's data says nothing about but that they are what they are
// (IsStable): these are only converted. All else ICU decides.

#include "compute/idna.h"

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "compute/code_points.h"
#include "compute/punycode.h"

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

constexpr std::string_view kPrefix = "xn--";

bool IsALabel(std::string_view label) { return label.substr(0, kPrefix.size()) == kPrefix; }

// A label of stable code points and ASCII host characters in lower case, some not ASCII. Valid,
// then.
class StableLabel {
 public:
  // False where the label, in UTF-8, is none.
  bool Read(std::string_view label) {
    for (size_t i = 0; i < label.size();) {
      const CodePoint c = DecodeAt(label, i);
      i += c.size;
      const bool ascii = c.value < 0x80;
      if (!c.well_formed || size_ == code_points_.size()) return false;
      code_points_[size_++] =
          ascii ? static_cast<char32_t>(ToLower(static_cast<char>(c.value))) : c.value;
    }
    return IsOne();
  }

  // False where the A-label, in lower case, is none of such a label.
  bool ReadALabel(std::string_view label) {
    size_ = DecodePunycode(label.substr(kPrefix.size()), code_points_);
    std::array<char, kMaxLabelSize> again;
    return IsOne() && label == WriteALabel(again);
  }

  // Empty where it is too long.
  std::string_view WriteALabel(std::array<char, kMaxLabelSize>& to) const {
    std::memcpy(to.data(), kPrefix.data(), kPrefix.size());
    const size_t size =
        EncodePunycode({code_points_.data(), size_}, std::span(to).subspan(kPrefix.size()));
    return {to.data(), size == 0 ? 0 : kPrefix.size() + size};
  }

  std::string ToUtf8() const {
    std::string text;
    for (size_t i = 0; i < size_; ++i) {
      std::array<char, U8_MAX_LENGTH> bytes;
      int32_t size = 0;
      U8_APPEND_UNSAFE(bytes.data(), size, code_points_[i]);
      text.append(bytes.data(), static_cast<size_t>(size));
    }
    return text;
  }

 private:
  bool IsOne() const {
    bool is_ascii = true;
    for (size_t i = 0; i < size_; ++i) {
      const char32_t c = code_points_[i];
      const bool fits = c < 0x80
                            ? IsHostByte(static_cast<char>(c)) && !IsUpper(static_cast<char>(c))
                            : IsStable(c);
      if (!fits) return false;
      is_ascii = is_ascii && c < 0x80;
    }
    const std::u32string_view text(code_points_.data(), size_);
    return !is_ascii && text.front() != '-' && text.back() != '-' && text.substr(0, 4) != U"xn--";
  }

  size_t size_ = 0;
  std::array<char32_t, kMaxLabelSize> code_points_;
};

}  // namespace

bool LabelToAscii(std::string_view label, std::string& ascii) {
  StableLabel stable;
  std::array<char, kMaxLabelSize> a_label;
  if (IsALabel(label) ? stable.ReadALabel(label) : stable.Read(label)) {
    const std::string_view written = stable.WriteALabel(a_label);
    ascii.assign(written);
    return !written.empty();
  }
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
  if (!IsALabel(label)) return std::string(label);
  StableLabel stable;
  if (stable.ReadALabel(label)) return stable.ToUtf8();
  LabelBuffer buffer;
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

namespace {

// Whether its characters are of one script and what is common to all. False where this is not
// simple.
bool IsOfOneScript(std::string_view label) {
  uint8_t script = kAnyScript;
  for (size_t i = 0; i < label.size();) {
    const CodePoint c = DecodeAt(label, i);
    i += c.size;
    const uint8_t of_this = OnlyScriptOf(c.value);
    if (of_this == kAnyScript) continue;
    if (of_this == kSeveralScripts || (script != kAnyScript && script != of_this)) return false;
    script = of_this;
  }
  return true;
}

}  // namespace

bool MixesScripts(std::string_view label) {
  if (IsOfOneScript(label)) return false;
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
