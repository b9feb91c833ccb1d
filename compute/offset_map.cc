#include "compute/offset_map.h"

#include <cstring>

#include "compute/code_points.h"

namespace trawl::compute {
namespace {

constexpr uint64_t kAscii = 8;

bool IsAsciiAt(std::string_view text, uint64_t position) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, text.data() + position, kAscii);
  return (bytes & 0x8080808080808080) == 0;
}

// Units of an ASCII character, and of any. Not for kBytes.
uint64_t UnitSize(OffsetUnit unit) { return unit == OffsetUnit::kUtf16Bytes ? 2 : 1; }

uint64_t UnitsOf(CodePoint code_point, OffsetUnit unit) {
  const bool pair = unit != OffsetUnit::kCodePoints && code_point.value > 0xFFFF;
  return (pair ? 2 : 1) * UnitSize(unit);
}

}  // namespace

uint64_t OffsetMap::operator()(uint64_t offset) {
  if (unit_ == OffsetUnit::kBytes) return offset;
  if (offset <= last_begin_) GoBack(offset);
  while (position_ < offset) {
    if (position_ + kAscii <= offset && IsAsciiAt(document_, position_)) {
      last_begin_ = position_ + kAscii - 1;
      position_ += kAscii;
      units_ += kAscii * UnitSize(unit_);
      continue;
    }
    last_begin_ = position_;
    const CodePoint code_point = DecodeAt(document_, position_);
    position_ += code_point.size;
    units_ += UnitsOf(code_point, unit_);
  }
  return units_;
}

void OffsetMap::GoBack(uint64_t offset) {
  if (offset < position_ / 2) {
    position_ = units_ = last_begin_ = 0;
    return;
  }
  while (position_ > 0) {
    const CodePoint code_point = DecodeBefore(document_, position_);
    last_begin_ = position_ - code_point.size;
    if (last_begin_ < offset) return;
    position_ = last_begin_;
    units_ -= UnitsOf(code_point, unit_);
  }
}

std::optional<uint64_t> ByteOf(std::string_view document, OffsetUnit unit, uint64_t offset) {
  if (unit == OffsetUnit::kBytes) {
    return offset < document.size() ? std::optional(offset) : std::nullopt;
  }
  const uint64_t ascii_units = kAscii * UnitSize(unit);
  uint64_t left = offset;
  for (uint64_t position = 0; position < document.size();) {
    if (left >= ascii_units && position + kAscii <= document.size() &&
        IsAsciiAt(document, position)) {
      position += kAscii;
      left -= ascii_units;
      continue;
    }
    const CodePoint code_point = DecodeAt(document, position);
    const uint64_t units = UnitsOf(code_point, unit);
    if (left < units) return position;
    left -= units;
    position += code_point.size;
  }
  return std::nullopt;
}

}  // namespace trawl::compute
