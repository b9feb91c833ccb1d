// Turns byte offsets of a document that passes by in pieces into the units that a caller counts in.
//
// It remembers one position and the units before it, and maps offsets right of it in the text that
// is at hand. The position is moved on when what is left of it is no longer asked for. An OffsetMap
// over the whole document gives the same numbers.
//
// Thread-safety: belongs to one thread at a time.

#ifndef TRAWL_COMPUTE_STREAM_OFFSETS_H_
#define TRAWL_COMPUTE_STREAM_OFFSETS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/cord.h"
#include "compute/offset_map.h"

namespace trawl::compute {

class StreamOffsets {
 public:
  // Bytes that MoveTo may stay behind the offset it was given.
  static constexpr uint64_t kLag = 3;

  explicit StreamOffsets(OffsetUnit unit) : unit_(unit) {}

  OffsetUnit unit() const { return unit_; }

  // `text` begins at byte `begin` of the document, not right of where MoveTo came to last.
  void SetText(const absl::Cord& text, uint64_t begin);

  // The units before byte `offset`, which is not left of where MoveTo came to, and in the text or
  // at its end. Best asked for in ascending order.
  uint64_t operator()(uint64_t offset);

  // From now on nothing left of byte `offset` is asked for.
  void MoveTo(uint64_t offset);

 private:
  const OffsetUnit unit_;
  uint64_t position_ = 0;  // no sequence begins before it and ends behind it
  uint64_t units_ = 0;     // before position_
  std::string text_;       // from position_ on
  std::optional<OffsetMap> map_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_STREAM_OFFSETS_H_
