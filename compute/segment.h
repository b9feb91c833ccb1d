// A segment: a piece of a document that may hold one host, from separator to separator.
//
// It is made of units: host characters, dots in all their forms, and ignorables. Where all are
// ASCII, the bytes are the units; else the segment has a list of them. Segmenter finds segments.

#ifndef TRAWL_COMPUTE_SEGMENT_H_
#define TRAWL_COMPUTE_SEGMENT_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "compute/code_points.h"
#include "compute/notation.h"

namespace trawl::compute {

// How far decisions reach, in bytes as written. With the anchor at most kAnchorReach before a
// host's end, what decides about it lies within kContextBytes of its anchor (docs/semantics.md,
// "Reach").
inline constexpr size_t kAnchorReach = 640;
inline constexpr size_t kMaxSpanBytes = 1024;     // of a host
inline constexpr size_t kMaxLabelBytes = 280;     // of a label
inline constexpr size_t kMaxTailBytes = 256;      // of a run right of its host
inline constexpr size_t kMaxIgnorableBytes = 64;  // of ignorables in a row
inline constexpr size_t kAnchorRunBytes = 256;    // from a run's anchor to a seam it bridges

struct Unit {
  enum class Kind : uint8_t { kHost, kDot, kIgnorable, kSeparator };

  size_t begin = 0;
  uint8_t size = 0;
  Kind kind = Kind::kSeparator;
  HostClass host_class = HostClass::kSeparator;
  DotKind dot = DotKind::kPlain;
  char32_t value = 0;

  size_t end() const { return begin + size; }
};

struct Segment {
  enum class Start : uint8_t {
    kSeparator,   // a separator is left of it
    kSeam,        // a change of script
    kUrlDefense,  // `scheme-3A__`
    kUnderscore,  // an underscore that URL-Defense wrote for a slash
    kUnknown,     // further left than matters
  };

  size_t begin = 0;  // half-open [begin, end)
  size_t end = 0;
  Start start = Start::kSeparator;
  bool seam_at_end = false;
  // The units, where not all are ASCII host characters and plain dots. They may begin later than
  // the segment; `start` is then kUnknown.
  std::span<const Unit> units;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_SEGMENT_H_
