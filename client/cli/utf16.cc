#include "client/cli/utf16.h"

#include <cstddef>
#include <cstdint>

namespace trawl::cli {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

void Append(char32_t c, std::string& utf8) {
  const auto continuation = [&](int shift) {
    utf8.push_back(static_cast<char>(0x80 | (c >> shift & 0x3F)));
  };
  if (c < 0x80) {
    utf8.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    utf8.push_back(static_cast<char>(0xC0 | c >> 6));
    continuation(0);
  } else if (c < 0x10000) {
    utf8.push_back(static_cast<char>(0xE0 | c >> 12));
    continuation(6);
    continuation(0);
  } else {
    utf8.push_back(static_cast<char>(0xF0 | c >> 18));
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

bool IsLead(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsTrail(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

std::string Utf8FromUtf16(std::string_view bytes, bool big_endian) {
  const auto unit_at = [&](size_t i) -> char32_t {
    const auto first = static_cast<uint8_t>(bytes[i]);
    const auto second = static_cast<uint8_t>(bytes[i + 1]);
    return static_cast<char32_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  std::string utf8;
  for (size_t i = 0; i < bytes.size(); i += 2) {
    char32_t c = i + 1 < bytes.size() ? unit_at(i) : kReplacement;
    if (IsLead(c) && i + 3 < bytes.size() && IsTrail(unit_at(i + 2))) {
      c = 0x10000 + ((c - 0xD800) << 10) + (unit_at(i + 2) - 0xDC00);
      i += 2;
    } else if (IsLead(c) || IsTrail(c)) {
      c = kReplacement;
    }
    Append(c, utf8);
  }
  return utf8;
}

}  // namespace trawl::cli
