// The few parts of protobuf's wire format that are written by hand, where answers are made
// (https://protobuf.dev/programming-guides/encoding/).
//
// What writes takes where to write and returns where it ended; the caller sees to the room.

#ifndef TRAWL_SERVICE_WIRE_FORMAT_H_
#define TRAWL_SERVICE_WIRE_FORMAT_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace trawl::service {

enum class WireType : uint8_t { kVarint = 0, kLengthDelimited = 2 };

inline constexpr size_t kMaxVarint = 10;

// Of fields numbered below 16, whose tags take one byte.
constexpr uint8_t Tag(int field, WireType type) {
  return static_cast<uint8_t>(field << 3 | static_cast<int>(type));
}

constexpr size_t VarintSize(uint64_t value) { return (std::bit_width(value | 1) + 6) / 7; }

inline uint8_t* WriteVarint(uint64_t value, uint8_t* out) {
  while (value >= 0x80) {
    *out++ = static_cast<uint8_t>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<uint8_t>(value);
  return out;
}

// Neither writes a field that has its default, as protobuf does not.
inline uint8_t* WriteField(int field, uint64_t value, uint8_t* out) {
  if (value == 0) return out;
  *out++ = Tag(field, WireType::kVarint);
  return WriteVarint(value, out);
}

inline uint8_t* WriteField(int field, std::string_view text, uint8_t* out) {
  if (text.empty()) return out;
  *out++ = Tag(field, WireType::kLengthDelimited);
  out = WriteVarint(text.size(), out);
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// A message within another: write(out) writes its fields. Most have fewer than 128 bytes; others
// are moved to make room for their length.
template <typename WriteFields>
uint8_t* WriteMessage(int field, uint8_t* out, WriteFields write) {
  *out++ = Tag(field, WireType::kLengthDelimited);
  uint8_t* const begin = out + 1;
  uint8_t* const end = write(begin);
  const auto size = static_cast<size_t>(end - begin);
  if (size < 0x80) {
    *out = static_cast<uint8_t>(size);
    return end;
  }
  const size_t length = VarintSize(size);
  std::memmove(out + length, begin, size);
  WriteVarint(size, out);
  return end + length - 1;
}

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_WIRE_FORMAT_H_
