#include "compute/run_search.h"

#include <algorithm>

namespace trawl::compute {
namespace {

// Each bit moved to the place of its neighbour on the right in the text.
uint64_t FromLeft(uint64_t bits, uint64_t before) { return bits << 1 | before >> 63; }
uint64_t FromRight(uint64_t bits, uint64_t after) { return bits >> 1 | after << 63; }

}  // namespace

RunSearch::RunSearch(const Kernel& kernel, std::string_view document, size_t begin, size_t end,
                     bool spaced)
    : kernel_(kernel),
      document_(document),
      end_(end),
      spaced_(spaced),
      begin_(begin),
      base_(begin),
      next_(begin) {
  masks_[0] = {};
}

bool RunSearch::NextBlock() {
  // The place right of the last byte is the last one.
  if (next_ > end_ || (next_ == end_ && carry_ == 0)) return false;
  if (next_ > begin_) masks_[0] = masks_[kWords];
  base_ = next_;
  const size_t words = std::min<size_t>(kWords, (end_ - base_) / 64 + 1);
  next_ = base_ + 64 * words;
  const size_t readable = document_.size() - base_;
  const unsigned char* bytes = reinterpret_cast<const unsigned char*>(document_.data()) + base_;
  if (readable > 64 * (words + 1)) {
    kernel_.classify(bytes, words + 1, &masks_[1]);
  } else {
    std::array<unsigned char, kBlockBytes + 64 + 1> padded;
    std::memcpy(padded.data(), bytes, readable);
    std::memset(padded.data() + readable, 0, 64 * (words + 1) + 1 - readable);
    kernel_.classify(padded.data(), words + 1, &masks_[1]);
  }
  FindPlaces(words);
  while (place_count_ > 0 && base_ + places_[place_count_ - 1] > end_) --place_count_;
  return true;
}

void RunSearch::FindPlaces(size_t words) {
  uint64_t carry = carry_;
  uint16_t* place = places_.data();
  for (size_t w = 0; w < words; ++w) {
    const Masks& before = masks_[w];
    const Masks& here = masks_[w + 1];
    const Masks& after = masks_[w + 2];
    const uint64_t left_host = FromLeft(here.host, before.host);
    const uint64_t right_host = FromRight(here.host, after.host);
    const uint64_t dots = here.dot & left_host & right_host;
    const uint64_t runs = here.host | dots;
    uint64_t sum;
    const bool over = __builtin_add_overflow(runs, dots, &sum);
    const bool over_again = __builtin_add_overflow(sum, carry, &sum);
    carry = static_cast<uint64_t>(over | over_again);
    const uint64_t ends = sum & ~runs;
    const uint64_t other = here.non_ascii | here.bracket;
    // A dot in brackets, or escaped, stands right of an alphanumeric.
    const uint64_t left_bracket =
        FromLeft(here.bracket & left_host, before.bracket & before.host << 1);
    const uint64_t left_other = FromLeft(here.non_ascii, before.non_ascii);
    const uint64_t right_other = FromRight(other, after.non_ascii | after.bracket);
    const uint64_t beside_other =
        left_bracket | ((left_host | left_other) & right_other) | (left_other & right_host);
    const uint64_t rare = (here.dot & ~dots & beside_other) | (here.rare & left_host);
    ends_[w] = ends;
    rare_[w] = rare;
    uint64_t places = ends | rare;
    const uint16_t word_place = static_cast<uint16_t>(64 * w);
    while (places != 0) {
      *place++ = static_cast<uint16_t>(word_place + __builtin_ctzll(places));
      places &= places - 1;
    }
  }
  carry_ = carry;
  place_count_ = static_cast<size_t>(place - places_.data());
  if (spaced_) AddSpaced(words);
}

// The one notation that no kernel knows: it is looked for on request only.
void RunSearch::AddSpaced(size_t words) {
  uint16_t* place = places_.data();
  for (size_t w = 0; w < words; ++w) {
    for (size_t i = 0; i < 64; ++i) {
      const size_t position = base_ + 64 * w + i;
      const uint64_t bit = uint64_t{1} << i;
      if (position + 1 < document_.size() && document_[position] == ' ' &&
          ((document_[position + 1] | 0x20) == 'd' || document_[position + 1] == '.')) {
        rare_[w] |= bit;
      }
      if (((ends_[w] | rare_[w]) & bit) != 0) *place++ = static_cast<uint16_t>(64 * w + i);
    }
  }
  place_count_ = static_cast<size_t>(place - places_.data());
}

}  // namespace trawl::compute
