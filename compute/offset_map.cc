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

}  // namespace

uint64_t OffsetMap::operator()(uint64_t offset) {
  if (unit_ == OffsetUnit::kBytes) return offset;
  if (offset <= last_begin_) position_ = units_ = last_begin_ = 0;
  const uint64_t unit_size = unit_ == OffsetUnit::kUtf16Bytes ? 2 : 1;
  while (position_ < offset) {
    if (position_ + kAscii <= offset && IsAsciiAt(document_, position_)) {
      last_begin_ = position_ + kAscii - 1;
      position_ += kAscii;
      units_ += kAscii * unit_size;
      continue;
    }
    last_begin_ = position_;
    const CodePoint code_point = DecodeAt(document_, position_);
    const bool pair = unit_ != OffsetUnit::kCodePoints && code_point.value > 0xFFFF;
    position_ += code_point.size;
    units_ += (pair ? 2 : 1) * unit_size;
  }
  return units_;
}

}  // namespace trawl::compute
