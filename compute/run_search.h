// Finds the places of a document where a host may be.
//
// This is the only pass that looks at every byte. It goes block by block: a kernel turns the bytes
// into bit masks, and arithmetic on these finds all runs of ASCII host characters that dots join,
// 64 bytes in a few instructions and without a branch. Adding the dots inside runs to the bits of
// the runs carries a one to the end of each run that has a dot (as simdjson finds the ends of
// strings; Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019). What may be a dot in
// another notation, or next to characters that are not ASCII, is a place of its own.
//
//   RunSearch search(kernel, document, begin, end, false);
//   while (search.NextBlock()) {
//     for (const uint16_t place : search.places()) ...
//   }
//
// Thread-safety: an object belongs to one thread.

#ifndef TRAWL_COMPUTE_RUN_SEARCH_H_
#define TRAWL_COMPUTE_RUN_SEARCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "compute/kernel.h"

namespace trawl::compute {

class RunSearch {
 public:
  // Bytes left of a place that a Window has.
  static constexpr unsigned kWindowBytes = 64;

  // Looks in [begin, end) of `document`, and a little further. With `spaced`, a space before `d`
  // or `.` is a place too. `kernel` and `document` outlive the object.
  RunSearch(const Kernel& kernel, std::string_view document, size_t begin, size_t end, bool spaced);

  // Goes to the next block; false where there is none.
  bool NextBlock();

  // The position of the block in the document. Places are relative to it.
  size_t base() const { return base_; }

  // The places of the block, in order. One may be the end of a run, a rare dot, or both.
  std::span<const uint16_t> places() const { return {places_.data(), place_count_}; }

  // Past the last byte of a run of host characters and dots, each dot between two host characters,
  // at least one dot among them.
  bool IsRunEnd(size_t place) const { return (ends_[place / 64] >> (place % 64) & 1) != 0; }

  // What may begin a dot other than one between two host characters.
  bool IsRareDot(size_t place) const { return (rare_[place / 64] >> (place % 64) & 1) != 0; }

  // After the last block: whether a run with a dot goes on.
  bool IsRunOpen() const { return carry_ != 0; }

  // What is known of the 64 bytes left of a place: bit 63 stands for the byte next to it, bit 62
  // for the one before that, and so on.
  uint64_t HostsBefore(size_t place) const { return Before(place, &Masks::host); }
  uint64_t DotsBefore(size_t place) const { return Before(place, &Masks::dot); }
  uint64_t JoinersBefore(size_t place) const { return Before(place, &Masks::joiner); }
  uint64_t UnderscoresBefore(size_t place) const { return Before(place, &Masks::underscore); }

 private:
  static constexpr size_t kWords = 64;
  static constexpr size_t kBlockBytes = 64 * kWords;

  uint64_t Before(size_t place, uint64_t Masks::*mask) const {
    const unsigned shift = place % 64;
    const uint64_t left = masks_[place / 64].*mask;
    const uint64_t right = masks_[place / 64 + 1].*mask;
    return left >> shift | right << 1 << (63 - shift);
  }

  void FindPlaces(size_t words);
  void AddSpaced(size_t words);

  const Kernel& kernel_;
  const std::string_view document_;
  const size_t end_;
  const bool spaced_;
  const size_t begin_;
  size_t base_;
  size_t next_;

  uint64_t carry_ = 0;  // 1 where a run with a dot goes on from the block before

  std::array<uint64_t, kWords> ends_;
  std::array<uint64_t, kWords> rare_;
  size_t place_count_ = 0;
  std::array<uint16_t, kBlockBytes + 8> places_;
  // Of the word before the block, of the block, and of the word after it.
  std::array<Masks, kWords + 2> masks_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_RUN_SEARCH_H_
