#include "compute/ip_address.h"

#include <algorithm>
#include <charconv>

#include "compute/code_points.h"
#include "compute/notation.h"

namespace trawl::compute {
namespace {

constexpr size_t kGroups = 8;
constexpr size_t kMaxNumberDigits = 16;  // of a number of a URL's host, leading zeros included

// One to three decimal digits without a leading zero, none after them.
std::optional<unsigned> ReadOctet(std::string_view text, size_t& position) {
  const size_t begin = position;
  unsigned value = 0;
  while (position < text.size() && IsDigit(text[position]) && position - begin < 3) {
    value = 10 * value + static_cast<unsigned>(text[position++] - '0');
  }
  const size_t size = position - begin;
  const bool longer = position < text.size() && IsDigit(text[position]);
  if (size == 0 || longer || value > 255 || (size > 1 && text[begin] == '0')) return std::nullopt;
  return value;
}

// A number of a URL's host; nullopt where it is none or more than 32 bits.
std::optional<uint64_t> ReadNumber(std::string_view text, size_t& position) {
  if (position >= text.size() || !IsDigit(text[position])) return std::nullopt;
  unsigned base = 10;
  if (text[position] == '0' && position + 1 < text.size()) {
    if (ToLower(text[position + 1]) == 'x') {
      base = 16;
      position += 2;
    } else if (IsDigit(text[position + 1])) {
      base = 8;
      ++position;
    }
  }
  uint64_t value = 0;
  for (size_t digits = 0; position < text.size(); ++digits, ++position) {
    const int digit = HexValue(text[position]);
    if (digit < 0 || digit >= static_cast<int>(base)) break;
    if (digits == kMaxNumberDigits) return std::nullopt;
    value = value * base + static_cast<uint64_t>(digit);
  }
  return value > UINT32_MAX ? std::nullopt : std::optional(value);
}

char* AppendHex(uint16_t value, char* out, char* end) {
  return std::to_chars(out, end, value, 16).ptr;
}

}  // namespace

std::optional<Ipv4Text> ReadIpv4(std::string_view text, size_t begin, Defang defang) {
  Ipv4Text read;
  size_t position = begin;
  for (size_t i = 0; i < read.address.size(); ++i) {
    if (i > 0) {
      if (position >= text.size()) return std::nullopt;
      const Dot dot = DotAt(text, position, defang);
      if (!dot || dot.kind == DotKind::kSpaced) return std::nullopt;
      read.defanged = read.defanged || dot.kind == DotKind::kDefanged;
      read.escaped = read.escaped || dot.kind == DotKind::kEscaped;
      position += dot.size;
    }
    const std::optional<unsigned> octet = ReadOctet(text, position);
    if (!octet.has_value()) return std::nullopt;
    read.address[i] = static_cast<uint8_t>(*octet);
  }
  read.end = position;
  return read;
}

std::optional<Ipv4Text> ReadUrlIpv4(std::string_view text, size_t begin) {
  std::array<uint64_t, 4> numbers{};
  size_t count = 0;
  size_t position = begin;
  for (;;) {
    const std::optional<uint64_t> number = ReadNumber(text, position);
    if (!number.has_value()) return std::nullopt;
    numbers[count++] = *number;
    const bool dot =
        position + 1 < text.size() && text[position] == '.' && IsAlphanumeric(text[position + 1]);
    if (!dot) break;
    if (count == numbers.size()) return std::nullopt;
    ++position;
  }
  if (position < text.size() && (IsHostByte(text[position]) || !IsAscii(text[position]))) {
    return std::nullopt;
  }
  uint64_t value = numbers[count - 1];
  if (value >> (8 * (5 - count)) != 0) return std::nullopt;
  for (size_t i = 0; i + 1 < count; ++i) {
    if (numbers[i] > 255) return std::nullopt;
    value |= numbers[i] << (8 * (3 - i));
  }
  Ipv4Text read;
  read.end = position;
  for (size_t i = 0; i < 4; ++i) read.address[i] = static_cast<uint8_t>(value >> (8 * (3 - i)));
  return read;
}

std::optional<Ipv6> ReadIpv6(std::string_view text) {
  std::array<uint16_t, kGroups> groups{};
  size_t count = 0;
  size_t gap = kGroups + 1;  // the group that `::` stands before; none yet
  size_t position = 0;
  if (text.substr(0, 2) == "::") {
    gap = 0;
    position = 2;
  } else if (text.empty() || text.front() == ':') {
    return std::nullopt;
  }
  while (position < text.size()) {
    if (count == kGroups) return std::nullopt;
    if (count + 2 <= kGroups) {
      if (auto ipv4 = ReadIpv4(text, position, Defang::kOff); ipv4 && ipv4->end == text.size()) {
        groups[count++] = static_cast<uint16_t>(ipv4->address[0] << 8 | ipv4->address[1]);
        groups[count++] = static_cast<uint16_t>(ipv4->address[2] << 8 | ipv4->address[3]);
        break;
      }
    }
    unsigned value = 0;
    size_t digits = 0;
    while (position < text.size() && HexValue(text[position]) >= 0) {
      value = value << 4 | static_cast<unsigned>(HexValue(text[position++]));
      if (++digits > 4) return std::nullopt;
    }
    if (digits == 0) return std::nullopt;
    groups[count++] = static_cast<uint16_t>(value);
    if (position == text.size()) break;
    if (text[position++] != ':' || position == text.size()) return std::nullopt;
    if (text[position] != ':') continue;
    if (gap <= kGroups) return std::nullopt;
    gap = count;
    ++position;
  }
  const bool compressed = gap <= kGroups;
  if (compressed ? count == kGroups : count != kGroups) return std::nullopt;
  if (compressed) {
    std::move_backward(groups.begin() + static_cast<ptrdiff_t>(gap),
                       groups.begin() + static_cast<ptrdiff_t>(count), groups.end());
    std::fill_n(groups.begin() + static_cast<ptrdiff_t>(gap), kGroups - count, uint16_t{0});
  }
  Ipv6 address{};
  for (size_t i = 0; i < kGroups; ++i) {
    address[2 * i] = static_cast<uint8_t>(groups[i] >> 8);
    address[2 * i + 1] = static_cast<uint8_t>(groups[i]);
  }
  return address;
}

std::string ToText(const Ipv4& address) {
  std::string text;
  for (uint8_t octet : address) {
    if (!text.empty()) text += '.';
    text += std::to_string(octet);
  }
  return text;
}

std::string ToText(const Ipv6& address) {
  std::array<uint16_t, kGroups> groups{};
  for (size_t i = 0; i < kGroups; ++i) {
    groups[i] = static_cast<uint16_t>(address[2 * i] << 8 | address[2 * i + 1]);
  }
  const bool mapped =
      std::all_of(groups.begin(), groups.begin() + 5, [](uint16_t group) { return group == 0; }) &&
      groups[5] == 0xFFFF;
  if (mapped) {
    return "::ffff:" + ToText(Ipv4{address[12], address[13], address[14], address[15]});
  }
  size_t gap = kGroups;
  size_t gap_size = 1;
  for (size_t i = 0; i < kGroups; ++i) {
    size_t end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i > gap_size) gap = i, gap_size = end - i;
  }
  std::array<char, 5> digits{};
  std::string text;
  for (size_t i = 0; i < kGroups; ++i) {
    if (i == gap) {
      text += "::";
      i += gap_size - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text.append(digits.data(), AppendHex(groups[i], digits.data(), digits.data() + digits.size()));
  }
  return text;
}

}  // namespace trawl::compute
