// Finds the places of a document where a host may be.
//
// This is the only pass that looks at every byte. It goes block by block: a kernel turns the bytes
// into bit masks, and arithmetic on these finds all runs of ASCII host characters that dots join,
// 64 bytes in a few instructions and without a branch. Adding the dots inside runs to the bits of
// the runs carries a one to the end of each run that has a dot (as simdjson finds the ends of
// strings; Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019). What may be a dot in
// another notation, or next to characters that are not ASCII, is a place of its own.
//
//   RunSearch search(kernel, document, begin, end, {});
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
  // Bytes left of a place that what is known of them reaches at least, and at most.
  static constexpr unsigned kKnownBytes = 57;
  static constexpr unsigned kWindowBytes = 64;

  // Which places there are beyond those that always matter.
  struct Wanted {
    bool spaced_dots = false;  // a space before `d` or `.`
    // The end of a run whose last label is a number or one letter, as in 127.0.0.1 and e.g, though
    // nothing follows that could be part of it. No host ends so, but for one that URL-Defense
    // wrote.
    bool all_runs = false;
  };

  // Looks in [begin, end) of `document`, and a little further. `kernel` and `document` outlive the
  // object.
  RunSearch(const Kernel& kernel, std::string_view document, size_t begin, size_t end,
            Wanted wanted);

  // Goes to the next block; false where there is none.
  bool NextBlock();

  // The position of the block in the document. Places are relative to it.
  size_t base() const { return base_; }

  // The places of the block, in order. One may be the end of a run, a rare dot, or both.
  std::span<const uint16_t> places() const { return {places_.data(), place_count_}; }

  // Past the last byte of a run of host characters and dots, each dot between two host characters,
  // at least one dot among them.
  bool IsRunEnd(size_t place) const { return IsSet(runs_.end, place); }

  // What may begin a dot other than one between two host characters.
  bool IsRareDot(size_t place) const { return IsSet(runs_.rare, place); }

  // After the last block: whether a run with a dot goes on in which URL-Defense may have written
  // something.
  bool IsUrlDefenseOpen() const { return runs_.carry != 0 && may_be_url_defense_; }

  // What is known of the bytes left of a place: bit 63 stands for the byte next to it, bit 62 for
  // the one before that, and so on; what is not known is 0.
  struct Left {
    uint64_t run;  // each as Runs has it
    uint64_t dot;
    uint64_t odd;
  };
  Left LeftOf(size_t place) const {
    // What is left of a place is in the same bytes of all words.
    const auto* const byte = reinterpret_cast<const unsigned char*>(&runs_) + (place + 7) / 8;
    const uint64_t shift = -place % 8;
    return {EightBytes(byte + offsetof(Runs, run)) << shift,
            EightBytes(byte + offsetof(Runs, dot)) << shift,
            EightBytes(byte + offsetof(Runs, odd)) << shift};
  }

  // As Masks has them; bits as those of Left.
  uint64_t JoinersLeftOf(size_t place) const {
    const auto* const byte = reinterpret_cast<const unsigned char*>(&masks_) + (place + 7) / 8;
    return EightBytes(byte + offsetof(Masks, joiner)) << (-place % 8);
  }

  // Whether the block has a place that is a rare dot.
  bool has_rare_dots() const { return has_rare_dots_; }

 private:
  static constexpr size_t kBlockBytes = 64 * kBlockWords;

  static bool IsSet(const Words& words, size_t place) {
    return (words[place / 64 + 1] >> (place % 64) & 1) != 0;
  }

  static uint64_t EightBytes(const unsigned char* from) {
    uint64_t bits;
    std::memcpy(&bits, from, sizeof bits);
    return bits;
  }

  void KeepLastWord();
  void FindPlaces(size_t words);
  void AddSpaced(size_t words);

  const Kernel& kernel_;
  const std::string_view document_;
  const size_t end_;
  const Wanted wanted_;
  const size_t begin_;
  size_t base_;
  size_t next_;
  bool may_be_url_defense_ = false;  // a run that goes on from the block before

  bool has_rare_dots_ = false;
  size_t place_count_ = 0;
  std::array<uint16_t, kBlockBytes + Kernel::kListSlack> places_;
  Masks masks_;
  Runs runs_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_RUN_SEARCH_H_
