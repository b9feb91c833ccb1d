// Most labels are of simple code points (CodePointTraits): these are only mapped and converted. All
// else ICU decides.

#include "compute/idna.h"

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/utf8.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

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

// A label of simple code points, mapped, and underscores, not all of them ASCII. It is valid.
class SimpleLabel {
 public:
  // False where the label, in UTF-8, is none.
  bool Read(std::string_view label) {
    for (size_t i = 0; i < label.size();) {
      const CodePoint c = DecodeAt(label, i);
      i += c.size;
      if (!c.well_formed || size_ == code_points_.size()) return false;
      const CodePointTraits& traits = TraitsOf(c.value);
      if (!traits.is_simple && c.value != '_') return false;
      code_points_[size_++] = c.value + static_cast<char32_t>(traits.to_mapped);
    }
    return IsOne();
  }

  // False where the A-label, in lower case, is none of such a label.
  bool ReadALabel(std::string_view label) {
    size_ = DecodePunycode(label.substr(kPrefix.size()), code_points_);
    const auto is_mapped = [](char32_t c) {
      return c == '_' || (TraitsOf(c).is_simple && TraitsOf(c).to_mapped == 0);
    };
    ALabelBuffer again;
    return std::all_of(text().begin(), text().end(), is_mapped) && IsOne() &&
           label == ALabelOf(text(), again);
  }

  std::u32string_view text() const { return {code_points_.data(), size_}; }

  std::string ToUtf8() const {
    std::string utf8;
    for (char32_t c : text()) {
      std::array<char, U8_MAX_LENGTH> bytes;
      int32_t size = 0;
      U8_APPEND_UNSAFE(bytes.data(), size, c);
      utf8.append(bytes.data(), static_cast<size_t>(size));
    }
    return utf8;
  }

 private:
  bool IsOne() const {
    const bool is_ascii =
        std::all_of(text().begin(), text().end(), [](char32_t c) { return c < 0x80; });
    return !is_ascii && text().front() != '-' && text().back() != '-' &&
           text().substr(0, 4) != U"xn--";
  }

  size_t size_ = 0;
  std::array<char32_t, kMaxLabelSize> code_points_;
};

}  // namespace

std::string_view ALabelOf(std::u32string_view label, ALabelBuffer& buffer) {
  std::memcpy(buffer.data(), kPrefix.data(), kPrefix.size());
  const size_t size = EncodePunycode(label, std::span(buffer).subspan(kPrefix.size()));
  return {buffer.data(), size == 0 ? 0 : kPrefix.size() + size};
}

bool LabelToAscii(std::string_view label, std::string& ascii) {
  SimpleLabel simple;
  if (IsALabel(label) ? simple.ReadALabel(label) : simple.Read(label)) {
    ALabelBuffer a_label;
    ascii.assign(ALabelOf(simple.text(), a_label));
    return !ascii.empty();
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
  SimpleLabel simple;
  if (simple.ReadALabel(label)) return simple.ToUtf8();
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

bool MixesScripts(std::u32string_view label) {
  const CodePointTable& table = CodePointTable::Get();
  ScriptSet common = ScriptSet().set();
  uint16_t before = 0;
  for (char32_t c : label) {
    const CodePointTraits& traits = table[c];
    if (traits.scripts == before || traits.scripts == 0) continue;
    before = traits.scripts;
    common &= table.ScriptsOf(traits);
  }
  return common.none();
}

bool MixesScripts(std::string_view label) {
  std::u32string code_points;
  for (size_t i = 0; i < label.size();) {
    const CodePoint c = DecodeAt(label, i);
    i += c.size;
    code_points += c.value;
  }
  return MixesScripts(code_points);
}

std::string UnicodeVersion() {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  return std::to_string(version[0]) + "." + std::to_string(version[1]);
}

}  // namespace trawl::compute
