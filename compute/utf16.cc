#include "compute/utf16.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <cstddef>

namespace trawl::compute {
namespace {

constexpr char kNoUtf8 = '\xFF';

class Units {
 public:
  Units(std::string_view document, bool big_endian)
      : document_(document), big_endian_(big_endian) {}

  size_t size() const { return document_.size() / 2; }
  char16_t operator[](size_t i) const {
    auto first = static_cast<unsigned char>(document_[2 * i]);
    auto second = static_cast<unsigned char>(document_[2 * i + 1]);
    return static_cast<char16_t>(big_endian_ ? first << 8 | second : second << 8 | first);
  }

 private:
  const std::string_view document_;
  const bool big_endian_;
};

void Append(UChar32 code_point, std::string& utf8) {
  char bytes[U8_MAX_LENGTH];
  size_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, code_point);
  utf8.append(bytes, size);
}

}  // namespace

Encoding EncodingByMark(std::string_view document) {
  if (document.starts_with("\xFF\xFE")) return Encoding::kUtf16Le;
  if (document.starts_with("\xFE\xFF")) return Encoding::kUtf16Be;
  return Encoding::kUtf8;
}

std::string FromUtf16(std::string_view document, bool big_endian) {
  const Units units(document, big_endian);
  std::string utf8;
  utf8.reserve(units.size() + units.size() / 8);
  for (size_t i = 0; i < units.size(); ++i) {
    const char16_t unit = units[i];
    if (!U16_IS_SURROGATE(unit)) {
      Append(unit, utf8);
    } else if (U16_IS_LEAD(unit) && i + 1 < units.size() && U16_IS_TRAIL(units[i + 1])) {
      Append(U16_GET_SUPPLEMENTARY(unit, units[i + 1]), utf8);
      ++i;
    } else {
      utf8.push_back(kNoUtf8);
    }
  }
  if (document.size() % 2 != 0) utf8.push_back(kNoUtf8);
  return utf8;
}

}  // namespace trawl::compute
