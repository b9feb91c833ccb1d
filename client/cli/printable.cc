#include "client/cli/printable.h"

#include <cstdint>

#include "absl/strings/str_format.h"

namespace trawl::cli {
namespace {

struct CodePoint {
  uint32_t value;
  // 0 where the bytes are ill-formed.
  size_t length;
};

// The Unicode Standard, table 3-7: which second bytes a lead byte allows.
CodePoint Decode(std::string_view bytes) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2 || lead > 0xF4) return {0, 0};
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes.size() < length) return {0, 0};
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return {0, 0};
  uint32_t value = lead & (0x7F >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {0, 0};
    value = value << 6 | (byte(i) & 0x3F);
  }
  return {value, length};
}

bool ChangesTerminal(uint32_t c) {
  if (c < 0x20) return c != '\t';
  return (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

void AppendPrintable(std::string_view bytes, std::string& out) {
  while (!bytes.empty()) {
    const CodePoint c = Decode(bytes);
    if (c.length == 0) {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<uint8_t>(bytes[0]));
      bytes.remove_prefix(1);
      continue;
    }
    if (ChangesTerminal(c.value)) {
      absl::StrAppendFormat(&out, "\\u{%x}", c.value);
    } else {
      out.append(bytes.substr(0, c.length));
    }
    bytes.remove_prefix(c.length);
  }
}

std::string Printable(std::string_view bytes) {
  std::string out;
  AppendPrintable(bytes, out);
  return out;
}

}  // namespace trawl::cli
