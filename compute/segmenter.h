// Cuts the surroundings of a dot into segments.
//
// A run is what lies around a dot without a separator; a change to or from a script written without
// spaces, and underscores that URL-Defense wrote, cut it into segments. Runs of ASCII, which most
// are, are found by a table look-up per byte; others are taken apart into units.
//
// Thread-safety: an object belongs to one thread.

#ifndef TRAWL_COMPUTE_SEGMENTER_H_
#define TRAWL_COMPUTE_SEGMENTER_H_

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "compute/detector.h"
#include "compute/segment.h"
#include "compute/unit_reader.h"

namespace trawl::compute {

class Segmenter {
 public:
  // Segments that end beyond `limit` are not looked for.
  Segmenter(std::string_view document, size_t limit, Defang defang)
      : document_(document),
        limit_(std::min(limit, document.size())),
        defang_(defang),
        reader_(document, defang) {}

  // Starts with the run around the dot that begins at `dot`; false where it joins no labels.
  bool Open(size_t dot);

  // The next segment of the run that has a dot; false where there is none. Its units are valid
  // until the next call.
  bool Next(Segment& segment);

  // Starts with the run around the byte at `position`, whether it has dots or not. Next then gives
  // segments without a dot too, and the last one also where it goes on beyond the limit.
  void OpenAround(size_t position);

  // Where the run begins, or where it was cut off; after Next returned false, where it ends.
  size_t begin() const { return begin_; }
  size_t end() const { return position_; }

 private:
  enum class State { kClosed, kAscii, kUnits };
  enum class Anchor { kUnread, kNone, kAnchored };
  // The host character before, ignorables aside, in its label. ASCII letters and digits and scripts
  // without spaces make a seam.
  enum class Last { kNone, kAlphanumeric, kUnspaced, kOther };
  enum class Stop { kEnd, kSeam, kOther };

  bool IsAsciiRun(size_t dot);
  bool IsAsciiEdge(size_t begin, size_t end) const;
  bool OpenUnits(size_t dot);
  void OpenRun(size_t position);
  size_t SkipHostsBefore(size_t position, size_t least) const;
  bool IsBridged(size_t seam);
  void StartSegment(size_t begin, Segment::Start start);
  Stop PushHosts();
  void Push(const Unit& unit);
  void MakeRoom();
  std::span<const Unit> units() const { return {units_.data(), unit_count_}; }
  bool EndSegment(size_t end, Segment::Start next, Segment& segment);
  bool EndRun(Segment& segment);

  const std::string_view document_;
  const size_t limit_;
  const Defang defang_;
  const UnitReader reader_;

  State state_ = State::kClosed;
  bool takes_all_ = false;  // segments, also those without a dot
  size_t begin_ = 0;
  bool begin_known_ = false;
  size_t position_ = 0;
  Anchor anchor_ = Anchor::kUnread;
  size_t url_defense_ = 0;  // past the last `scheme-3A__` of the run; 0 for none

  size_t segment_begin_ = 0;
  Segment::Start segment_start_ = Segment::Start::kSeparator;
  bool has_dot_ = false;
  Last last_ = Last::kNone;
  std::vector<Unit> units_;  // `unit_count_` of them are of this segment; the others are room
  size_t unit_count_ = 0;
  bool restart_ = false;  // a new segment begins with the next call
  size_t restart_begin_ = 0;
  Segment::Start restart_start_ = Segment::Start::kSeparator;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_SEGMENTER_H_
