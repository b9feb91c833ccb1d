#include "compute/idna.h"

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/uversion.h>

#include <array>
#include <cstdint>

namespace trawl::compute {
namespace {

constexpr uint32_t kHyphenErrors =
    UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

// Longest UTF-8 that a label of 63 octets in A-form can have; more is an error anyway.
using LabelBuffer = std::array<char, 512>;

const UIDNA* Uts46() {
  static const UIDNA* const uts46 = [] {
    UErrorCode error = U_ZERO_ERROR;
    return uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                               UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                           &error);
  }();
  return uts46;
}

using Conversion = int32_t (*)(const UIDNA*, const char*, int32_t, char*, int32_t, UIDNAInfo*,
                               UErrorCode*);

// Empty where the conversion finds an error.
std::string_view Convert(Conversion conversion, std::string_view label, LabelBuffer& buffer) {
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode error = U_ZERO_ERROR;
  int32_t size = conversion(Uts46(), label.data(), static_cast<int32_t>(label.size()),
                            buffer.data(), static_cast<int32_t>(buffer.size()), &info, &error);
  if (U_FAILURE(error) || (info.errors & ~kHyphenErrors) != 0) return {};
  return std::string_view(buffer.data(), static_cast<size_t>(size));
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

std::string UnicodeVersion() {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  return std::to_string(version[0]) + "." + std::to_string(version[1]);
}

}  // namespace trawl::compute
