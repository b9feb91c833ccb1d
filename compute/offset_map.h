// Turns byte offsets of a document into the units that a caller counts in, and back.
//
// A byte of an ill-formed UTF-8 sequence counts as one code point and one UTF-16 unit.
//
// An offset costs the way from the one asked for before: all of them in ascending order cost one
// pass over the document.
//
// Thread-safety: belongs to one thread.

#ifndef TRAWL_COMPUTE_OFFSET_MAP_H_
#define TRAWL_COMPUTE_OFFSET_MAP_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace trawl::compute {

enum class OffsetUnit : uint8_t {
  kBytes,
  kCodePoints,
  kUtf16Units,
  kUtf16Bytes,  // of the document that FromUtf16 made this one of
};

class OffsetMap {
 public:
  // `document` outlives the map.
  OffsetMap(std::string_view document, OffsetUnit unit) : document_(document), unit_(unit) {}

  // The units before byte `offset`, which is at most the document's size; one that a sequence
  // begins before and ends behind counts.
  uint64_t operator()(uint64_t offset);

 private:
  void GoBack(uint64_t offset);

  const std::string_view document_;
  const OffsetUnit unit_;
  uint64_t position_ = 0;    // bytes counted
  uint64_t units_ = 0;       // in them
  uint64_t last_begin_ = 0;  // of the sequence that ends at position_
};

// The byte that begins the sequence which the unit at `offset` belongs to; that very byte of bytes.
// Nothing where the document has no more than `offset` units. One pass over the document.
std::optional<uint64_t> ByteOf(std::string_view document, OffsetUnit unit, uint64_t offset);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_OFFSET_MAP_H_
