// Takes a document apart into units, at any position.
//
// Thread-safety: const access from any thread. The document outlives it.

#ifndef TRAWL_COMPUTE_UNIT_READER_H_
#define TRAWL_COMPUTE_UNIT_READER_H_

#include <cstddef>
#include <string_view>

#include "compute/detector.h"
#include "compute/segment.h"

namespace trawl::compute {

class UnitReader {
 public:
  UnitReader(std::string_view document, Defang defang) : document_(document), defang_(defang) {}

  // The unit that begins at `position`, and the one that ends there.
  Unit At(size_t position) const;
  Unit Before(size_t position) const;

  // The unit that holds the byte at `position`.
  Unit Around(size_t position) const;

  // Right of the ignorables that begin at `position`, and left of those that end there. Neither
  // looks much further than kMaxIgnorableBytes.
  size_t SkipIgnorables(size_t position) const;
  size_t SkipIgnorablesBefore(size_t position) const;

  // Whether a dot is right or left of `position`, and between them nothing but ignorables.
  bool IsDotAfter(size_t position) const;
  bool IsDotBefore(size_t position) const;

 private:
  const std::string_view document_;
  const Defang defang_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_UNIT_READER_H_
