#include "compute/run_search.h"

#include <algorithm>

namespace trawl::compute {

RunSearch::RunSearch(const Kernel& kernel, std::string_view document, size_t begin, size_t end,
                     Wanted wanted)
    : kernel_(kernel),
      document_(document),
      end_(end),
      wanted_(wanted),
      begin_(begin),
      base_(begin),
      next_(begin) {
  for (Words* words :
       {&masks_.host, &masks_.dot, &masks_.joiner, &masks_.underscore, &masks_.digit,
        &masks_.non_ascii, &masks_.bracket, &masks_.hint, &runs_.run, &runs_.dot, &runs_.odd}) {
    words->front() = 0;
  }
  runs_.carry = 0;
  runs_.number_carry = 0;
}

void RunSearch::KeepLastWord() {
  for (Words* words :
       {&masks_.host, &masks_.dot, &masks_.joiner, &masks_.underscore, &masks_.digit,
        &masks_.non_ascii, &masks_.bracket, &masks_.hint, &runs_.run, &runs_.dot, &runs_.odd}) {
    words->front() = (*words)[kBlockWords];
  }
}

bool RunSearch::NextBlock() {
  // The place right of the last byte is the last one.
  if (next_ > end_ || (next_ == end_ && runs_.carry == 0)) return false;
  if (next_ > begin_) KeepLastWord();
  base_ = next_;
  const size_t words = std::min<size_t>(kBlockWords, (end_ - base_) / 64 + 1);
  next_ = base_ + 64 * words;
  const size_t classified =
      (words + Kernel::kJoinWords - 1) / Kernel::kJoinWords * Kernel::kJoinWords + 1;
  const size_t readable = document_.size() - base_;
  const unsigned char* bytes = reinterpret_cast<const unsigned char*>(document_.data()) + base_;
  if (readable >= 64 * classified) {
    kernel_.classify(bytes, classified, masks_);
  } else {
    std::array<unsigned char, kBlockBytes + 64> padded;
    std::memcpy(padded.data(), bytes, readable);
    std::memset(padded.data() + readable, 0, 64 * classified - readable);
    kernel_.classify(padded.data(), classified, masks_);
  }
  kernel_.join(masks_, words, runs_);
  FindPlaces(words);
  while (place_count_ > 0 && base_ + places_[place_count_ - 1] > end_) --place_count_;
  return true;
}

void RunSearch::FindPlaces(size_t words) {
  // Where a run may have the two underscores of URL-Defense, a host may end before its last label.
  const bool may_be_url_defense = may_be_url_defense_ || runs_.dash != 0;
  may_be_url_defense_ =
      may_be_url_defense && ((masks_.host[words] | masks_.dot[words]) >> 63 & 1) != 0;
  const bool skips = !wanted_.all_runs && !wanted_.spaced_dots && !may_be_url_defense;
  const uint64_t skipped = skips ? ~uint64_t{0} : 0;
  std::array<uint64_t, kBlockWords> marked;
  uint64_t rare = 0;
  for (size_t w = 0; w < words; ++w) {
    rare |= runs_.rare[w + 1];
    marked[w] = (runs_.end[w + 1] & ~(runs_.no_tld[w + 1] & skipped)) | runs_.rare[w + 1];
  }
  has_rare_dots_ = rare != 0 || wanted_.spaced_dots;
  place_count_ = kernel_.list(marked.data(), words, places_.data());
  if (wanted_.spaced_dots) AddSpaced(words);
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
        runs_.rare[w + 1] |= bit;
      }
      if (((runs_.end[w + 1] | runs_.rare[w + 1]) & bit) != 0) {
        *place++ = static_cast<uint16_t>(64 * w + i);
      }
    }
  }
  place_count_ = static_cast<size_t>(place - places_.data());
}

}  // namespace trawl::compute
