// A run is opened at its first dot: leftwards to its begin, which is a label away, since dots
// further left would have opened it; then forwards, segment by segment. Every byte of a run is so
// seen a fixed number of times. Where a chunk begins inside a long run, the way left ends after
// kLookBehind bytes, beyond which nothing matters for a host that ends right of the dot.

#include "compute/segmenter.h"

#include <array>

#include "compute/context.h"

namespace trawl::compute {
namespace {

constexpr size_t kLookBehind = 1664;
constexpr size_t kMaxUnitBytes = 7;       // ` [dot] `
constexpr size_t kUrlDefenseBytes = 256;  // from `scheme-3A__` to the slashes it explains
constexpr size_t kMaxUnits = 8192;        // kept of a segment; more than kKeptUnits are dropped
constexpr size_t kKeptUnits = 2304;

enum ByteBit : uint8_t {
  kRunByte = 1,
  kUnderscore = 2,
  kMayFollowDot = 4,
  kMayPrecedeDot = 8,
  kHostByte = 16
};

constexpr std::array<uint8_t, 256> kBytes = [] {
  std::array<uint8_t, 256> bytes{};
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    if (IsHostByte(c)) bytes[i] = kRunByte | kMayFollowDot | kMayPrecedeDot | kHostByte;
    if (!IsAscii(c)) bytes[i] = kMayFollowDot | kMayPrecedeDot;
  }
  bytes['.'] = kRunByte;
  bytes['_'] |= kUnderscore;
  bytes[']'] |= kMayFollowDot;
  for (char c : {'[', '(', '{', '\\'}) bytes[static_cast<unsigned char>(c)] |= kMayPrecedeDot;
  return bytes;
}();

uint8_t BitsOf(char c) { return kBytes[static_cast<unsigned char>(c)]; }

bool IsIgnorableClass(HostClass host_class) {
  return host_class == HostClass::kIgnorable || host_class == HostClass::kJoiner;
}

Unit UnitOf(size_t begin, CodePoint c) {
  Unit unit;
  unit.begin = begin;
  unit.size = c.size;
  if (!c.well_formed) return unit;
  unit.value = c.value;
  unit.host_class = HostClassOf(c.value);
  if (IsIgnorableClass(unit.host_class)) {
    unit.kind = Unit::Kind::kIgnorable;
  } else if (unit.host_class != HostClass::kSeparator) {
    unit.kind = Unit::Kind::kHost;
  }
  return unit;
}

// Of a host character.
Unit AsciiUnit(size_t begin, char c) {
  Unit unit;
  unit.begin = begin;
  unit.size = 1;
  unit.kind = Unit::Kind::kHost;
  unit.host_class = HostClass::kSpaced;
  unit.value = static_cast<unsigned char>(c);
  return unit;
}

Unit DotUnit(size_t begin, Dot dot) {
  Unit unit;
  unit.begin = begin;
  unit.size = dot.size;
  unit.kind = Unit::Kind::kDot;
  unit.dot = dot.kind;
  return unit;
}

bool IsAsciiAlphanumeric(const Unit& unit) {
  return unit.value < 0x80 && IsAlphanumeric(static_cast<char>(unit.value));
}

}  // namespace

Unit Segmenter::UnitAt(size_t position) const {
  const char c = document_[position];
  if (IsHostByte(c)) return AsciiUnit(position, c);
  if (Dot dot = DotAt(document_, position, defang_)) return DotUnit(position, dot);
  return UnitOf(position, DecodeAt(document_, position));
}

Unit Segmenter::UnitBefore(size_t position) const {
  const char c = document_[position - 1];
  if (IsHostByte(c)) return AsciiUnit(position - 1, c);
  if (Dot dot = DotBefore(document_, position, defang_)) {
    return DotUnit(position - dot.size, dot);
  }
  CodePoint code_point = DecodeBefore(document_, position);
  return UnitOf(position - code_point.size, code_point);
}

Unit Segmenter::UnitAround(size_t position) const {
  for (size_t begin = position - std::min(position, kMaxUnitBytes - 1); begin < position; ++begin) {
    const Unit unit = UnitAt(begin);
    if (unit.end() > position) return unit;
  }
  return UnitAt(position);
}

size_t Segmenter::SkipIgnorables(size_t position) const {
  const size_t begin = position;
  while (position < document_.size() && position - begin <= kMaxIgnorableBytes &&
         !IsAscii(document_[position])) {
    CodePoint c = DecodeAt(document_, position);
    if (!c.well_formed || !IsIgnorableClass(HostClassOf(c.value))) break;
    position += c.size;
  }
  return position;
}

size_t Segmenter::SkipIgnorablesBefore(size_t position) const {
  const size_t end = position;
  while (position > 0 && end - position <= kMaxIgnorableBytes &&
         !IsAscii(document_[position - 1])) {
    CodePoint c = DecodeBefore(document_, position);
    if (!c.well_formed || !IsIgnorableClass(HostClassOf(c.value))) break;
    position -= c.size;
  }
  return position;
}

bool Segmenter::IsDotAfter(size_t position) const {
  if (position < document_.size() && IsHostByte(document_[position])) return false;
  size_t next = SkipIgnorables(position);
  return next - position <= kMaxIgnorableBytes && next < document_.size() &&
         DotAt(document_, next, defang_);
}

bool Segmenter::IsDotBefore(size_t position) const {
  if (position > 0 && IsHostByte(document_[position - 1])) return false;
  size_t last = SkipIgnorablesBefore(position);
  return position - last <= kMaxIgnorableBytes && last > 0 && DotBefore(document_, last, defang_);
}

bool Segmenter::Open(size_t dot) {
  state_ = State::kClosed;
  position_ = dot + 1;
  if (document_[dot] != '.') return OpenUnits(dot);
  if (dot == 0 || dot + 1 >= document_.size()) return false;
  const char before = document_[dot - 1];
  if ((BitsOf(before) & kMayPrecedeDot) == 0) return false;
  if (IsAscii(before) && !IsHostByte(before)) {
    return DotAt(document_, dot - 1, defang_) && OpenUnits(dot - 1);
  }
  if ((BitsOf(document_[dot + 1]) & kMayFollowDot) == 0) return false;
  return IsAsciiRun(dot) ? state_ == State::kAscii : OpenUnits(dot);
}

bool Segmenter::IsAsciiRun(size_t dot) {
  uint8_t bits = 0;
  size_t begin = dot;
  const size_t least = dot > kLookBehind ? dot - kLookBehind : 0;
  for (; begin > least && (BitsOf(document_[begin - 1]) & kRunByte) != 0; --begin) {
    if (document_[begin - 1] == '.' && document_[begin] == '.') {
      ++begin;
      break;
    }
    bits |= BitsOf(document_[begin - 1]);
  }
  size_t end = dot + 1;
  for (; end < document_.size() && end <= limit_ && (BitsOf(document_[end]) & kRunByte) != 0;
       ++end) {
    if (document_[end] == '.' && document_[end - 1] == '.') {
      --end;
      break;
    }
    bits |= BitsOf(document_[end]);
  }
  if (!IsAsciiEdge(begin, end)) return false;
  if ((bits & kUnderscore) != 0 &&
      document_.substr(begin, end - begin).find("-3A__") != std::string_view::npos) {
    return false;
  }
  begin_ = begin;
  begin_known_ = begin > least || begin == 0;
  position_ = end;
  if (end <= limit_) state_ = State::kAscii;
  return true;
}

// Whether what is left and right of a run of ASCII separates it, in any notation.
bool Segmenter::IsAsciiEdge(size_t begin, size_t end) const {
  if (begin > 0) {
    const char before = document_[begin - 1];
    if (!IsAscii(before)) {
      CodePoint c = DecodeBefore(document_, begin);
      if (c.well_formed && HostClassOf(c.value) != HostClass::kSeparator) return false;
    }
    if (before != '.' && DotBefore(document_, begin, defang_)) return false;
    if (document_[begin] == '.' && (BitsOf(before) & kMayPrecedeDot) != 0 &&
        DotAt(document_, begin - 1, defang_)) {
      return false;
    }
  }
  if (end < document_.size()) {
    const char after = document_[end];
    if (!IsAscii(after)) {
      CodePoint c = DecodeAt(document_, end);
      if (c.well_formed && HostClassOf(c.value) != HostClass::kSeparator) return false;
    }
    if (after != '.' && DotAt(document_, end, defang_)) return false;
    if (after == ']' && document_[end - 1] == '.' && DotAt(document_, end - 1, defang_).size > 1) {
      return false;
    }
  }
  return true;
}

bool Segmenter::OpenUnits(size_t dot) {
  position_ = dot + 1;
  const Dot first = DotAt(document_, dot, defang_);
  if (!first || IsDotBefore(dot) || IsDotAfter(dot + first.size)) return false;
  OpenRun(dot);
  return true;
}

void Segmenter::OpenAround(size_t position) {
  takes_all_ = true;
  OpenRun(UnitAround(position).begin);
}

void Segmenter::OpenRun(size_t position) {
  const size_t least = position > kLookBehind ? position - kLookBehind : 0;
  begin_ = position;
  begin_known_ = true;
  while (begin_ > 0) {
    if (begin_ <= least) {
      begin_known_ = false;
      break;
    }
    if ((BitsOf(document_[begin_ - 1]) & kHostByte) != 0) {
      --begin_;
      continue;
    }
    const Unit unit = UnitBefore(begin_);
    if (unit.kind == Unit::Kind::kSeparator) break;
    if (unit.kind == Unit::Kind::kDot && IsDotBefore(unit.begin)) break;
    if (unit.kind == Unit::Kind::kIgnorable) {
      const size_t ignorables = SkipIgnorablesBefore(begin_);
      if (begin_ - ignorables > kMaxIgnorableBytes) break;
      begin_ = ignorables;
    } else {
      begin_ = unit.begin;
    }
  }
  position_ = begin_;
  anchor_ = Anchor::kUnread;
  url_defense_ = 0;
  StartSegment(begin_, begin_known_ ? Segment::Start::kSeparator : Segment::Start::kUnknown);
  state_ = State::kUnits;
}

bool Segmenter::Next(Segment& segment) {
  if (state_ == State::kAscii) {
    state_ = State::kClosed;
    segment = {begin_,
               position_,
               begin_known_ ? Segment::Start::kSeparator : Segment::Start::kUnknown,
               false,
               {}};
    return true;
  }
  if (state_ == State::kClosed) return false;
  if (restart_) StartSegment(restart_begin_, restart_start_);
  while (position_ <= limit_ && position_ < document_.size()) {
    const char c = document_[position_];
    if ((BitsOf(c) & kHostByte) != 0 && c != '_' && last_host_.host_class != HostClass::kUnspaced) {
      last_host_ = AsciiUnit(position_, c);
      Push(last_host_);
      continue;
    }
    const Unit unit = UnitAt(position_);
    switch (unit.kind) {
      case Unit::Kind::kSeparator:
        return EndRun(segment);
      case Unit::Kind::kIgnorable: {
        const size_t end = SkipIgnorables(position_);
        if (end - position_ > kMaxIgnorableBytes) return EndRun(segment);
        while (position_ < end) Push(UnitAt(position_));
        break;
      }
      case Unit::Kind::kDot:
        if (IsDotAfter(unit.end())) return EndRun(segment);
        has_dot_ = true;
        last_host_ = {};
        Push(unit);
        break;
      case Unit::Kind::kHost:
        if (IsSeam(unit) && !IsBridged(position_)) {
          if (EndSegment(position_, Segment::Start::kSeam, segment)) return true;
        } else if (unit.value == '_' && UrlDefenseSchemeBefore(document_, unit.end()) > 0) {
          url_defense_ = position_ = unit.end();
          StartSegment(position_, Segment::Start::kUrlDefense);
        } else if (unit.value == '_' && url_defense_ > 0 &&
                   unit.begin - url_defense_ <= kUrlDefenseBytes) {
          position_ = unit.end();
          if (EndSegment(unit.begin, Segment::Start::kUnderscore, segment)) return true;
        } else {
          last_host_ = unit;
          Push(unit);
        }
        break;
    }
  }
  if (position_ > limit_ && position_ < document_.size() && !takes_all_) {
    state_ = State::kClosed;
    return false;
  }
  return EndRun(segment);
}

bool Segmenter::IsSeam(const Unit& unit) const {
  if (last_host_.kind != Unit::Kind::kHost) return false;
  const bool unspaced = unit.host_class == HostClass::kUnspaced;
  const bool last_unspaced = last_host_.host_class == HostClass::kUnspaced;
  return (unspaced && IsAsciiAlphanumeric(last_host_)) ||
         (last_unspaced && IsAsciiAlphanumeric(unit));
}

bool Segmenter::IsBridged(size_t seam) {
  if (!begin_known_ || seam - begin_ > kAnchorRunBytes) return false;
  if (anchor_ == Anchor::kUnread) {
    const size_t begin = begin_ + CutEscape(document_, begin_, document_.size()).size;
    const LeftContext context = ReadLeft(document_, begin, defang_).context;
    const bool anchored = context == LeftContext::kScheme || context == LeftContext::kMailbox ||
                          DefangedSchemePrefix(document_, begin, document_.size(), defang_) > 0;
    anchor_ = anchored ? Anchor::kAnchored : Anchor::kNone;
  }
  return anchor_ == Anchor::kAnchored;
}

void Segmenter::StartSegment(size_t begin, Segment::Start start) {
  segment_begin_ = begin;
  segment_start_ = start;
  has_dot_ = false;
  last_host_ = {};
  restart_ = false;
  units_.clear();
}

void Segmenter::Push(const Unit& unit) {
  if (units_.size() >= kMaxUnits) {
    units_.erase(units_.begin(), units_.end() - kKeptUnits);
    segment_start_ = Segment::Start::kUnknown;
  }
  units_.push_back(unit);
  position_ = unit.end();
}

bool Segmenter::EndSegment(size_t end, Segment::Start next, Segment& segment) {
  if (!has_dot_ && !takes_all_) {
    StartSegment(position_, next);
    return false;
  }
  segment = {segment_begin_, end, segment_start_, next == Segment::Start::kSeam, units_};
  restart_ = true;
  restart_begin_ = position_;
  restart_start_ = next;
  return true;
}

bool Segmenter::EndRun(Segment& segment) {
  state_ = State::kClosed;
  if (!has_dot_ && !takes_all_) return false;
  segment = {segment_begin_, position_, segment_start_, false, units_};
  return true;
}

}  // namespace trawl::compute
