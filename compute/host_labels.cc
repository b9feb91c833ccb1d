// Both kinds of segment are split the same way: trim the right end, find where the run begins and
// trim the left end, then walk leftwards from dot to dot. The left end is trimmed only where the
// run begins within kMaxLabelBytes of the first label's end; else that label is invalid, as one
// that long is. So no decision needs to see further left.

#include "compute/host_labels.h"

#include <algorithm>

#include "compute/context.h"
#include "compute/idna.h"

namespace trawl::compute {
namespace {

bool IsALabel(std::string_view text) { return text.substr(0, 4) == "xn--"; }

// Of an ASCII label other than an A-label, in lower case. Underscores are valid here.
bool IsValidAscii(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLabelSize && text.front() != '-' && text.back() != '-';
}

bool HasUnderscore(std::string_view text) { return text.find('_') != std::string_view::npos; }

bool IsIgnorable(const Unit& unit) { return unit.kind == Unit::Kind::kIgnorable; }

bool IsHostUnit(const Unit& unit, char32_t c) {
  return unit.kind == Unit::Kind::kHost && unit.value == c;
}

bool IsTrimmedLeft(const Unit& unit) {
  return unit.kind == Unit::Kind::kDot || IsIgnorable(unit) || IsHostUnit(unit, '-');
}

bool IsTrimmedRight(const Unit& unit) {
  return IsTrimmedLeft(unit) || IsHostUnit(unit, '_') ||
         (unit.kind == Unit::Kind::kHost && TraitsOf(unit.value).is_trailing_symbol);
}

}  // namespace

HostLabels::HostLabels() = default;

void HostLabels::Split(std::string_view document, const Segment& segment, Defang defang) {
  document_ = document;
  segment_ = segment;
  defang_ = defang;
  start_known_ = segment.start != Segment::Start::kUnknown;
  scheme_prefixed_ = false;
  damaged_ = false;
  size_ = 0;
  kept_ = 0;
  if (segment.units.empty()) {
    SplitAscii();
  } else {
    SplitUnits();
  }
}

void HostLabels::FindRunBegin(size_t begin, size_t end) {
  run_begin_ = begin;
  if (segment_.start != Segment::Start::kSeparator) return;
  EscapeCut cut = CutEscape(document_, begin, end);
  run_begin_ += cut.size;
  damaged_ = cut.damaged;
  size_t prefix = DefangedSchemePrefix(document_, run_begin_, end, defang_);
  run_begin_ += prefix;
  scheme_prefixed_ = prefix > 0;
}

void HostLabels::AddLabel(const Label& label) {
  if (size_ < kMaxLabels) labels_[size_++] = label;
}

void HostLabels::JudgeFirstLabel() {
  if (size_ == 0) return;
  Label& first = labels_[size_ - 1];
  if (start_known_ && first.end - segment_.begin > kMaxLabelBytes) start_known_ = false;
  if (!start_known_ || damaged_) {
    first.resolved = true;
    first.valid = false;
  }
}

void HostLabels::SplitAscii() {
  size_t end = segment_.end;
  const size_t window = end - std::min(end - segment_.begin, kWindow);
  start_known_ = start_known_ && window == segment_.begin;
  while (end > window && !IsAlphanumeric(document_[end - 1])) --end;
  end_ = end;
  size_t begin = window;
  if (start_known_) {
    FindRunBegin(window, end);
    begin = run_begin_;
    size_t trailing = 0;
    while (end + trailing < segment_.end && document_[end + trailing] == '_') ++trailing;
    auto trim = [&] {
      while (begin < end && (document_[begin] == '.' || document_[begin] == '-')) ++begin;
    };
    trim();
    if (trailing > 0 && document_.substr(begin, trailing) == std::string(trailing, '_') &&
        document_[begin + trailing] != '_') {
      begin += trailing;
      trim();
    }
    if (begin - window > kMaxLabelBytes) {
      begin = window;
      start_known_ = false;
    }
  }
  bool underscored = false;
  for (size_t i = begin; i < end; ++i) {
    lower_[i - window] = ToLower(document_[i]);
    underscored |= document_[i] == '_';
  }
  for (size_t label_end = end; label_end > begin;) {
    size_t label_begin = label_end;
    while (label_begin > begin && lower_[label_begin - 1 - window] != '.') --label_begin;
    if (label_begin == label_end) break;
    std::string_view text(lower_.data() + (label_begin - window), label_end - label_begin);
    bool special = IsALabel(text);
    AddLabel({label_begin, label_end, text, 0, 0, !special, !special && IsValidAscii(text),
              underscored && HasUnderscore(text)});
    label_end = label_begin > begin ? label_begin - 1 : begin;
  }
  JudgeFirstLabel();
}

void HostLabels::SplitUnits() {
  const std::span<const Unit> units = segment_.units;
  size_t last = units.size();
  while (last > 0 && IsTrimmedRight(units[last - 1])) --last;
  if (last == 0) return;
  end_ = units[last - 1].end();
  size_t first = 0;
  if (start_known_) {
    FindRunBegin(segment_.begin, end_);
    while (first < last && units[first].begin < run_begin_) ++first;
    size_t trailing = 0;
    while (last + trailing < units.size() && IsHostUnit(units[last + trailing], '_')) ++trailing;
    auto trim = [&] {
      while (first < last && IsTrimmedLeft(units[first])) ++first;
    };
    trim();
    size_t leading = 0;
    while (first + leading < last && IsHostUnit(units[first + leading], '_')) ++leading;
    if (leading > 0 && leading == trailing) {
      first += leading;
      trim();
    }
    if (first < last && units[first].begin - segment_.begin > kMaxLabelBytes) {
      first = 0;
      start_known_ = false;
    }
  }
  for (size_t label_last = last; label_last > first;) {
    size_t label_first = label_last;
    size_t begin = 0;
    size_t end = 0;
    while (label_first > first && units[label_first - 1].kind != Unit::Kind::kDot) {
      const Unit& unit = units[--label_first];
      if (IsIgnorable(unit)) continue;
      begin = unit.begin;
      if (end == 0) end = unit.end();
    }
    if (end == 0) break;
    AddLabel({begin,
              end,
              {},
              static_cast<uint16_t>(label_first),
              static_cast<uint16_t>(label_last),
              false,
              false,
              false});
    label_last = label_first > first ? label_first - 1 : first;
  }
  JudgeFirstLabel();
}

std::string_view HostLabels::Keep(std::string_view text) {
  if (kept_ == texts_.size()) texts_.emplace_back();
  return texts_[kept_++].assign(text);
}

std::string_view HostLabels::HostText(const Label& label, size_t end, size_t& characters) {
  const auto units = segment_.units.subspan(label.first_unit, label.last_unit - label.first_unit);
  characters = 0;
  while (characters < units.size() && units[characters].begin < end &&
         !IsIgnorable(units[characters])) {
    ++characters;
  }
  if (characters == units.size() || units[characters].begin >= end) {
    if (characters == 0) return {};
    const size_t begin = units.front().begin;
    return document_.substr(begin, units[characters - 1].end() - begin);
  }
  std::u32string code_points;
  bool joiners = false;
  joined_.clear();
  for (const Unit& unit : units) {
    if (unit.begin >= end) break;
    const bool joiner = unit.host_class == HostClass::kJoiner;
    if (IsIgnorable(unit) && !joiner) continue;
    joiners = joiners || joiner;
    code_points += unit.value;
    joined_ += document_.substr(unit.begin, unit.size);
  }
  characters = code_points.size();
  if (!joiners) return joined_;
  joined_.clear();
  characters = 0;
  size_t at = 0;
  for (const Unit& unit : units) {
    if (unit.begin >= end) break;
    const bool joiner = unit.host_class == HostClass::kJoiner;
    if (IsIgnorable(unit) && !joiner) continue;
    if (!joiner || IsJoinerValid(code_points, at)) {
      joined_ += document_.substr(unit.begin, unit.size);
      ++characters;
    }
    ++at;
  }
  return joined_;
}

const Label& HostLabels::Resolve(size_t i) {
  Label& label = labels_[i];
  if (label.resolved) return label;
  label.resolved = true;
  label.valid = false;
  if (label.end - label.begin > kMaxLabelBytes) return label;
  if (segment_.units.empty()) {
    label.valid = LabelToAscii(label.text, ascii_) && ascii_ == label.text;
    return label;
  }
  size_t characters = 0;
  const size_t end = segment_.units[label.last_unit - 1].end();
  const std::string_view text = HostText(label, end, characters);
  label.underscored = HasUnderscore(text);
  if (std::all_of(text.begin(), text.end(), IsAscii)) {
    ascii_.resize(text.size());
    std::transform(text.begin(), text.end(), ascii_.begin(), ToLower);
    label.text = Keep(ascii_);
    label.valid =
        IsValidAscii(label.text) && (!IsALabel(label.text) || LabelToAscii(label.text, ascii_));
  } else if (characters <= kMaxLabelSize && LabelToAscii(text, ascii_)) {
    label.valid = true;
    label.text = Keep(ascii_);
  }
  return label;
}

const Label& HostLabels::TrimUnderscores(size_t i) {
  Label& label = labels_[i];
  if (i + 1 == size_ && (!start_known_ || damaged_)) return label;
  if (segment_.units.empty()) {
    size_t underscores = std::min(label.text.find_first_not_of('_'), label.text.size());
    label.text.remove_prefix(underscores);
    label.begin += underscores;
    label.underscored = HasUnderscore(label.text);
    label.resolved = !IsALabel(label.text);
    label.valid = label.resolved && IsValidAscii(label.text);
    return Resolve(i);
  }
  const auto is_trimmed = [](const Unit& unit) {
    return IsIgnorable(unit) || IsHostUnit(unit, '_');
  };
  while (label.first_unit < label.last_unit && is_trimmed(segment_.units[label.first_unit])) {
    ++label.first_unit;
  }
  if (label.first_unit == label.last_unit) {
    label.valid = false;
    return label;
  }
  label.begin = segment_.units[label.first_unit].begin;
  label.resolved = false;
  return Resolve(i);
}

std::string_view HostLabels::Prefix(size_t i, size_t end) {
  const Label& label = labels_[i];
  if (segment_.units.empty()) return label.text.substr(0, end - label.begin);
  size_t characters = 0;
  const std::string_view text = HostText(label, end, characters);
  if (characters > kMaxLabelSize || !LabelToAscii(text, ascii_)) return {};
  return Keep(ascii_);
}

}  // namespace trawl::compute
