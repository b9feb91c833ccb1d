// The labels of a segment, trimmed, from right to left.
//
// One object is reused for many segments: it is large, and Split leaves unused what is not needed.
// ASCII segments allocate nothing.
//
// Thread-safety: one thread at a time. The document and the segment's units outlive their use.

#ifndef TRAWL_COMPUTE_HOST_LABELS_H_
#define TRAWL_COMPUTE_HOST_LABELS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "compute/segment.h"

namespace trawl::compute {

struct Label {
  size_t begin;           // of the first host character in the document
  size_t end;             // past the last
  std::string_view text;  // what is known of it: see HostLabels::Resolve
  uint16_t first_unit;    // where the segment has units
  uint16_t last_unit;     // past the last
  bool resolved;
  bool valid;
  bool underscored;  // has an underscore, valid or not
};

class HostLabels {
 public:
  // Leaves the arrays as they are: to set them would cost more than most documents do.
  HostLabels();

  // Finds the labels of `segment`. What a rule trims from a run's ends is in none of them.
  void Split(std::string_view document, const Segment& segment, Defang defang);

  size_t size() const { return size_; }

  // Label 0 is the right-most.
  const Label& operator[](size_t i) const { return labels_[i]; }

  // The label with its `text`: lower case, in A-form where it has one; and whether it is `valid`,
  // but for underscores. The text of an invalid label may be anything.
  const Label& Resolve(size_t i);

  // The label less its leading underscores, resolved.
  const Label& TrimUnderscores(size_t i);

  // The A-form of the host characters of label `i` up to `end`; empty where it has none.
  std::string_view Prefix(size_t i, size_t end);

  // Where the run begins once escapes before it are cut off, and whether that is known.
  size_t run_begin() const { return run_begin_; }
  bool is_start_known() const { return start_known_; }
  bool is_scheme_prefixed() const { return scheme_prefixed_; }

  // Past the last byte that is left of what was trimmed.
  size_t end() const { return end_; }

 private:
  // A host has 127 labels at most, a tail 128; what is left of them within kMaxLabelBytes, 140.
  static constexpr size_t kMaxLabels = 400;
  // Bytes of a segment that can matter, counted from its end.
  static constexpr size_t kWindow = 2048;

  void SplitAscii();
  void SplitUnits();
  void FindRunBegin(size_t begin, size_t end);
  void AddLabel(const Label& label);
  void JudgeFirstLabel();
  std::string_view Keep(std::string_view text);
  // Valid until the next call.
  std::string_view HostText(const Label& label, size_t end, size_t& characters);

  std::string_view document_;
  Segment segment_;
  Defang defang_ = Defang::kOn;
  size_t run_begin_ = 0;
  size_t end_ = 0;
  bool start_known_ = false;
  bool scheme_prefixed_ = false;
  bool damaged_ = false;
  size_t size_ = 0;
  std::array<Label, kMaxLabels> labels_;
  std::array<char, kWindow> lower_;
  std::deque<std::string> texts_;  // `kept_` of them are of this segment; the others are room
  size_t kept_ = 0;
  std::string joined_;
  std::string ascii_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_HOST_LABELS_H_
