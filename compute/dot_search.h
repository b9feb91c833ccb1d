// Finds the places of a document where a dot of a host may be.
//
// This is the only pass that looks at every byte, so it works on blocks of 64 and gives one bit for
// each: the byte begins a dot in one of its forms (`.`, an opening bracket before `d` of `[dot]`, a
// Unicode full stop), whatever stands around it. Everything else works on the set bits.
//
//   DotSearch search(document, begin, end);
//   for (size_t dot = search.Next(); dot < end; dot = search.Next()) ...
//
// Thread-safety: an object belongs to one thread.

#ifndef TRAWL_COMPUTE_DOT_SEARCH_H_
#define TRAWL_COMPUTE_DOT_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trawl::compute {

class DotSearch {
 public:
  // Looks in [begin, end) of `document`. With `spaced`, a space before `d` or `.` begins a dot too.
  DotSearch(std::string_view document, size_t begin, size_t end, bool spaced);

  // The next place, or the end where there is none.
  size_t Next() {
    while (mask_ == 0) {
      block_ += kBlockSize;
      if (block_ >= end_) return end_;
      mask_ = Mask(block_);
    }
    size_t place = block_ + static_cast<size_t>(__builtin_ctzll(mask_));
    mask_ &= mask_ - 1;
    return place < end_ ? place : end_;
  }

  // Leaves out what is before `position`.
  void SkipTo(size_t position) {
    if (position >= end_) {
      block_ = end_;
      mask_ = 0;
      return;
    }
    if (position >= block_ + kBlockSize) {
      block_ += (position - block_) / kBlockSize * kBlockSize;
      mask_ = Mask(block_);
    }
    if (position > block_) mask_ &= ~uint64_t{0} << (position - block_);
  }

 private:
  static constexpr size_t kBlockSize = 64;

  uint64_t Mask(size_t block) const;

  const std::string_view document_;
  const size_t end_;
  const bool spaced_;
  size_t block_;
  uint64_t mask_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_DOT_SEARCH_H_
