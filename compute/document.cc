#include "compute/document.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace trawl::compute {
namespace {

// Pieces are long where they have so many times the bytes that are copied at each of their edges.
constexpr uint64_t kLongPieces = 4;

}  // namespace

Document::Document(std::vector<std::string_view> pieces) : pieces_(std::move(pieces)) {
  if (pieces_.size() == 1) {
    whole_ = pieces_.front();
    size_ = whole_.size();
    return;
  }
  ends_.reserve(pieces_.size());
  for (std::string_view piece : pieces_) ends_.push_back(size_ += piece.size());
}

// Most of a long piece is looked at where it is; what is near its edges is copied together with
// what is beyond them, as are short pieces.
Document::Window Document::WindowAt(uint64_t begin, uint64_t end, uint64_t left, uint64_t right,
                                    Scratch& scratch) const {
  if (is_one_piece()) return {whole_, 0, end};
  const uint64_t first = begin - std::min(begin, left);
  auto piece =
      static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end(), begin) - ends_.begin());
  if (const uint64_t piece_begin = BeginOf(piece), piece_end = ends_[piece]; first >= piece_begin) {
    const uint64_t whole_until =
        piece_end == size_ ? size_ : piece_end - std::min(piece_end, right);
    const uint64_t range_end = std::min(end, whole_until);
    if (range_end > begin) return {pieces_[piece], piece_begin, range_end};
  }
  const size_t first_piece = piece;
  uint64_t range_end = end;
  for (; piece < pieces_.size() && BeginOf(piece) + left < end; ++piece) {
    if (BeginOf(piece) + left > begin && pieces_[piece].size() >= kLongPieces * (left + right)) {
      range_end = BeginOf(piece) + left;
      break;
    }
  }
  const uint64_t last = std::min(size_, range_end + right);
  return {Copy(first, last, first_piece, scratch), first, range_end};
}

// Where `piece` holds a byte at `begin` or right of it.
std::string_view Document::Copy(uint64_t begin, uint64_t end, size_t piece,
                                Scratch& scratch) const {
  while (BeginOf(piece) > begin) --piece;
  char* const copy = scratch.Room(end - begin);
  for (uint64_t at = begin; at < end; ++piece) {
    const uint64_t size = std::min(end, ends_[piece]) - at;
    std::memcpy(copy + (at - begin), pieces_[piece].data() + (at - BeginOf(piece)), size);
    at += size;
  }
  return {copy, end - begin};
}

}  // namespace trawl::compute
