#include "compute/document.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace trawl::compute {

Document::Document(std::vector<std::string_view> pieces) : pieces_(std::move(pieces)) {
  if (pieces_.size() == 1) {
    whole_ = pieces_.front();
    size_ = whole_.size();
    return;
  }
  ends_.reserve(pieces_.size());
  for (std::string_view piece : pieces_) ends_.push_back(size_ += piece.size());
}

std::string_view Document::View(uint64_t begin, uint64_t end, Scratch& scratch) const {
  if (is_one_piece()) return whole_.substr(begin, end - begin);
  if (begin == end) return {};
  auto piece =
      static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end(), begin) - ends_.begin());
  uint64_t piece_begin = ends_[piece] - pieces_[piece].size();
  if (end <= ends_[piece]) return pieces_[piece].substr(begin - piece_begin, end - begin);
  char* const copy = scratch.Room(end - begin);
  for (uint64_t at = begin; at < end; ++piece) {
    piece_begin = ends_[piece] - pieces_[piece].size();
    const uint64_t size = std::min(end, ends_[piece]) - at;
    std::memcpy(copy + (at - begin), pieces_[piece].data() + (at - piece_begin), size);
    at += size;
  }
  return {copy, end - begin};
}

}  // namespace trawl::compute
