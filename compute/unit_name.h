// Reads a name from a segment's units, from the right, label by label, and puts it into a FoundHost
// in A-form.
//
// It knows names that are simple: of simple code points (see CodePointTraits), in valid labels,
// with nothing to trim, to cut off or to ignore but one dot that ends it. So it does without ICU.
//
// Thread-safety: an object belongs to one thread; units and FoundHost outlive it.

#ifndef TRAWL_COMPUTE_UNIT_NAME_H_
#define TRAWL_COMPUTE_UNIT_NAME_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "compute/code_points.h"
#include "compute/finding.h"
#include "compute/found_host.h"
#include "compute/notation.h"
#include "compute/segment.h"

namespace trawl::compute {

class UnitName {
 public:
  // A dot that ends it is no part of it.
  UnitName(std::span<const Unit> units, FoundHost& found)
      : units_(units), left_(units.size()), found_(found) {
    found_.Clear();
    if (units_.back().kind == Unit::Kind::kDot) --left_;
    if (left_ > 0) end_ = units_[left_ - 1].end();
  }

  // Puts the label that ends at the units that are left before the others. False where it is not
  // simple.
  bool TakeLabel();

  // Whether TakeLabel has taken all.
  bool is_complete() const { return left_ == 0; }

  // Goes over the dot left of the label. False where it is not simple.
  bool TakeDot() {
    const Unit& unit = units_[--left_];
    switch (unit.dot) {
      case DotKind::kPlain:
        return true;
      case DotKind::kDefanged:
        is_defanged_ = true;
        return true;
      case DotKind::kEscaped:
        notation_.Add(Reason::kEscapedDot);
        return true;
      case DotKind::kUnicode:
        notation_.Add(Reason::kUnicodeDot);
        return true;
      case DotKind::kSpaced:
        return false;
    }
    return false;
  }

  // Whether it ends in what may be trimmed.
  bool ends_in_symbol() const {
    return left_ > 0 && TraitsOf(units_[left_ - 1].value).is_trailing_symbol;
  }

  std::string_view value() const { return found_.value(); }
  size_t label_count() const { return label_count_; }
  bool is_mapped() const { return is_mapped_; }
  // Whether a beginning of it may be a TLD that a host ends with.
  bool may_end_earlier() const { return may_end_earlier_; }
  // Bytes of the last two labels, and all where there are no more.
  size_t two_labels_size() const { return two_labels_size_; }
  bool mixes_scripts() const { return mixes_scripts_; }
  bool is_defanged() const { return is_defanged_; }
  Reasons notation() const { return notation_; }
  // Right of its last label.
  size_t end() const { return end_; }
  size_t label_begin() const { return units_[left_].begin; }

 private:
  bool TakePlainLabel(size_t first);
  bool TakeWideLabel();

  const std::span<const Unit> units_;
  size_t left_;  // units that are not taken
  size_t end_ = 0;
  size_t label_count_ = 0;
  size_t two_labels_size_ = 0;
  FoundHost& found_;
  bool may_end_earlier_ = false;
  bool is_mapped_ = false;
  bool mixes_scripts_ = false;
  bool is_defanged_ = false;
  Reasons notation_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_UNIT_NAME_H_
