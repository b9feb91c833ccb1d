#include "compute/stream_offsets.h"

#include <algorithm>

#include "compute/code_points.h"

namespace trawl::compute {
namespace {

// Where the sequence begins that begins before `position` and ends behind it, or `position`.
uint64_t SequenceBegin(std::string_view text, uint64_t position) {
  for (uint64_t back = std::min(position, StreamOffsets::kLag); back > 0; --back) {
    if (DecodeAt(text, position - back).size > back) return position - back;
  }
  return position;
}

}  // namespace

void StreamOffsets::SetText(const absl::Cord& text, uint64_t begin) {
  if (unit_ == OffsetUnit::kBytes) return;
  text_ = std::string(text.Subcord(position_ - begin, text.size()));
  map_.emplace(text_, unit_);
}

uint64_t StreamOffsets::operator()(uint64_t offset) {
  return unit_ == OffsetUnit::kBytes ? offset : units_ + (*map_)(offset - position_);
}

void StreamOffsets::MoveTo(uint64_t offset) {
  if (unit_ == OffsetUnit::kBytes) return;
  const uint64_t moved = SequenceBegin(text_, offset - position_);
  units_ += (*map_)(moved);
  position_ += moved;
  text_.erase(0, moved);
  map_.emplace(text_, unit_);
}

}  // namespace trawl::compute
