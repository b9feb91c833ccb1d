#include "compute/place_search.h"

#include <algorithm>
#include <cstring>

namespace trawl::compute {

bool PlaceSearch::NextBlock() {
  if (next_ >= end_) return false;
  base_ = next_;
  words_ = std::min(kWords, (end_ - base_ + 63) / 64);
  next_ = base_ + 64 * words_;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(document_.data()) + base_;
  if (base_ >= kBefore && document_.size() - base_ >= 64 * words_ + kAfter) {
    find_(bytes, words_, places_.data());
  } else {
    std::array<unsigned char, kBefore + 64 * kWords + kAfter> padded{};
    const size_t before = std::min(base_, kBefore);
    const size_t size = std::min(document_.size() - base_, 64 * words_ + kAfter);
    std::memcpy(padded.data() + kBefore - before, bytes - before, before + size);
    find_(padded.data() + kBefore, words_, places_.data());
  }
  if (next_ > end_) places_[words_ - 1] &= ~uint64_t{0} >> (next_ - end_);
  return true;
}

}  // namespace trawl::compute
