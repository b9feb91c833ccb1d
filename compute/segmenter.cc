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
constexpr size_t kUrlDefenseBytes = 256;  // from `scheme-3A__` to the slashes it explains
constexpr size_t kFirstUnits = 64;
constexpr size_t kMaxUnits = 8192;  // kept of a segment; more than kKeptUnits are dropped
constexpr size_t kKeptUnits = 2304;

enum ByteBit : uint8_t {
  kRunByte = 1,
  kUnderscore = 2,
  kMayFollowDot = 4,
  kMayPrecedeDot = 8,
  kHostByte = 16,
  kBeyondAscii = 32
};

constexpr std::array<uint8_t, 256> kBytes = [] {
  std::array<uint8_t, 256> bytes{};
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    if (IsHostByte(c)) bytes[i] = kRunByte | kMayFollowDot | kMayPrecedeDot | kHostByte;
    if (!IsAscii(c)) bytes[i] = kMayFollowDot | kMayPrecedeDot | kBeyondAscii;
  }
  bytes['.'] = kRunByte;
  bytes['_'] |= kUnderscore;
  bytes[']'] |= kMayFollowDot;
  for (char c : {'[', '(', '{', '\\'}) bytes[static_cast<unsigned char>(c)] |= kMayPrecedeDot;
  return bytes;
}();

uint8_t BitsOf(char c) { return kBytes[static_cast<unsigned char>(c)]; }

bool IsHostClass(HostClass host_class) {
  return host_class == HostClass::kSpaced || host_class == HostClass::kUnspaced;
}

}  // namespace

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
  if (!first || reader_.IsDotBefore(dot) || reader_.IsDotAfter(dot + first.size)) return false;
  OpenRun(dot);
  return true;
}

void Segmenter::OpenAround(size_t position) {
  takes_all_ = true;
  OpenRun(reader_.Around(position).begin);
}

// Where the host characters begin that end at `position`, as far as `least` or just left of it.
size_t Segmenter::SkipHostsBefore(size_t position, size_t least) const {
  const std::string_view document = document_;
  const CodePointTable& table = CodePointTable::Get();
  while (position > least) {
    const uint8_t bits = BitsOf(document[position - 1]);
    if ((bits & kHostByte) != 0) {
      --position;
    } else if ((bits & kBeyondAscii) != 0) {
      const CodePoint c = DecodeBeforeHere(document, position);
      if (!IsHostClass(table[c.value].host_class)) break;
      position -= c.size;
    } else {
      break;
    }
  }
  return position;
}

void Segmenter::OpenRun(size_t position) {
  const size_t least = position > kLookBehind ? position - kLookBehind : 0;
  begin_ = position;
  begin_known_ = true;
  while ((begin_ = SkipHostsBefore(begin_, least)) > 0) {
    if (begin_ <= least) {
      begin_known_ = false;
      break;
    }
    const Unit unit = reader_.Before(begin_);
    if (unit.kind == Unit::Kind::kSeparator) break;
    if (unit.kind == Unit::Kind::kDot && reader_.IsDotBefore(unit.begin)) break;
    if (unit.kind == Unit::Kind::kIgnorable) {
      const size_t ignorables = reader_.SkipIgnorablesBefore(begin_);
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
  for (Stop stop = PushHosts(); stop != Stop::kEnd; stop = PushHosts()) {
    if (stop == Stop::kSeam) {
      if (EndSegment(position_, Segment::Start::kSeam, segment)) return true;
      continue;
    }
    const Unit unit = reader_.At(position_);
    switch (unit.kind) {
      case Unit::Kind::kSeparator:
        return EndRun(segment);
      case Unit::Kind::kIgnorable: {
        const size_t end = reader_.SkipIgnorables(position_);
        if (end - position_ > kMaxIgnorableBytes) return EndRun(segment);
        while (position_ < end) Push(reader_.At(position_));
        break;
      }
      case Unit::Kind::kDot:
        if (reader_.IsDotAfter(unit.end())) return EndRun(segment);
        has_dot_ = true;
        last_ = Last::kNone;
        Push(unit);
        break;
      case Unit::Kind::kHost:  // an underscore
        if (UrlDefenseSchemeBefore(document_, unit.end()) > 0) {
          url_defense_ = position_ = unit.end();
          StartSegment(position_, Segment::Start::kUrlDefense);
        } else if (url_defense_ > 0 && unit.begin - url_defense_ <= kUrlDefenseBytes) {
          position_ = unit.end();
          if (EndSegment(unit.begin, Segment::Start::kUnderscore, segment)) return true;
        } else {
          last_ = Last::kOther;
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

// Takes the host characters that come next, but for underscores, and the plain dots before ASCII
// ones, up to what is anything else, a seam, or what matters no more.
Segmenter::Stop Segmenter::PushHosts() {
  const size_t end = std::min(limit_ + 1, document_.size());
  const std::string_view document = document_;
  const CodePointTable& table = CodePointTable::Get();
  Stop stop = Stop::kEnd;
  size_t position = position_;
  Last last = last_;
  while (position < end) {
    if (unit_count_ == units_.size()) MakeRoom();
    Unit& unit = units_[unit_count_];
    const char c = document[position];
    const uint8_t bits = BitsOf(c);
    if ((bits & kHostByte) != 0) {
      if (c == '-') {
        last = Last::kOther;
      } else if (c == '_') {
        stop = Stop::kOther;
        break;
      } else {
        if (last == Last::kUnspaced && !IsBridged(position)) {
          stop = Stop::kSeam;
          break;
        }
        last = Last::kAlphanumeric;
      }
      unit = {position,          1,
              Unit::Kind::kHost, HostClass::kSpaced,
              DotKind::kPlain,   static_cast<unsigned char>(c)};
    } else if ((bits & kBeyondAscii) != 0) {
      const CodePoint decoded = DecodeAtHere(document, position);
      const HostClass host_class = table[decoded.value].host_class;
      if (!IsHostClass(host_class)) {
        stop = Stop::kOther;
        break;
      }
      if (host_class == HostClass::kUnspaced) {
        if (last == Last::kAlphanumeric && !IsBridged(position)) {
          stop = Stop::kSeam;
          break;
        }
        last = Last::kUnspaced;
      } else {
        last = Last::kOther;
      }
      unit = {position,   decoded.size,    Unit::Kind::kHost,
              host_class, DotKind::kPlain, decoded.value};
    } else if (c == '.' && position + 1 < document.size() &&
               IsAlphanumeric(document[position + 1])) {
      has_dot_ = true;
      last = Last::kNone;
      unit = {position, 1, Unit::Kind::kDot, HostClass::kSeparator, DotKind::kPlain, 0};
    } else {
      stop = Stop::kOther;
      break;
    }
    position += unit.size;
    ++unit_count_;
  }
  position_ = position;
  last_ = last;
  return stop;
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
  last_ = Last::kNone;
  restart_ = false;
  unit_count_ = 0;
}

void Segmenter::Push(const Unit& unit) {
  if (unit_count_ == units_.size()) MakeRoom();
  units_[unit_count_++] = unit;
  position_ = unit.end();
}

void Segmenter::MakeRoom() {
  if (unit_count_ < kMaxUnits) {
    units_.resize(std::max(kFirstUnits, 2 * unit_count_));
    return;
  }
  std::copy(units_.end() - kKeptUnits, units_.end(), units_.begin());
  unit_count_ = kKeptUnits;
  segment_start_ = Segment::Start::kUnknown;
}

bool Segmenter::EndSegment(size_t end, Segment::Start next, Segment& segment) {
  if (!has_dot_ && !takes_all_) {
    StartSegment(position_, next);
    return false;
  }
  segment = {segment_begin_, end, segment_start_, next == Segment::Start::kSeam, units()};
  restart_ = true;
  restart_begin_ = position_;
  restart_start_ = next;
  return true;
}

bool Segmenter::EndRun(Segment& segment) {
  state_ = State::kClosed;
  if (!has_dot_ && !takes_all_) return false;
  segment = {segment_begin_, position_, segment_start_, false, units()};
  return true;
}

}  // namespace trawl::compute
