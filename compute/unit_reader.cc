#include "compute/unit_reader.h"

#include <algorithm>

namespace trawl::compute {
namespace {

constexpr size_t kMaxUnitBytes = 7;  // ` [dot] `

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

}  // namespace

Unit UnitReader::At(size_t position) const {
  const char c = document_[position];
  if (IsHostByte(c)) return AsciiUnit(position, c);
  if (IsAscii(c)) {
    if (Dot dot = DotAt(document_, position, defang_)) return DotUnit(position, dot);
    return UnitOf(position, {static_cast<unsigned char>(c), 1, true});
  }
  const Unit unit = UnitOf(position, DecodeAt(document_, position));
  if (unit.kind == Unit::Kind::kHost) return unit;
  if (Dot dot = DotAt(document_, position, defang_)) return DotUnit(position, dot);
  return unit;
}

Unit UnitReader::Before(size_t position) const {
  const char c = document_[position - 1];
  if (IsHostByte(c)) return AsciiUnit(position - 1, c);
  if (Dot dot = DotBefore(document_, position, defang_)) {
    return DotUnit(position - dot.size, dot);
  }
  CodePoint code_point = DecodeBefore(document_, position);
  return UnitOf(position - code_point.size, code_point);
}

Unit UnitReader::Around(size_t position) const {
  for (size_t begin = position - std::min(position, kMaxUnitBytes - 1); begin < position; ++begin) {
    const Unit unit = At(begin);
    if (unit.end() > position) return unit;
  }
  return At(position);
}

size_t UnitReader::SkipIgnorables(size_t position) const {
  const size_t begin = position;
  while (position < document_.size() && position - begin <= kMaxIgnorableBytes &&
         !IsAscii(document_[position])) {
    CodePoint c = DecodeAt(document_, position);
    if (!c.well_formed || !IsIgnorableClass(HostClassOf(c.value))) break;
    position += c.size;
  }
  return position;
}

size_t UnitReader::SkipIgnorablesBefore(size_t position) const {
  const size_t end = position;
  while (position > 0 && end - position <= kMaxIgnorableBytes &&
         !IsAscii(document_[position - 1])) {
    CodePoint c = DecodeBefore(document_, position);
    if (!c.well_formed || !IsIgnorableClass(HostClassOf(c.value))) break;
    position -= c.size;
  }
  return position;
}

bool UnitReader::IsDotAfter(size_t position) const {
  if (position < document_.size() && IsHostByte(document_[position])) return false;
  size_t next = SkipIgnorables(position);
  return next - position <= kMaxIgnorableBytes && next < document_.size() &&
         DotAt(document_, next, defang_);
}

bool UnitReader::IsDotBefore(size_t position) const {
  if (position > 0 && IsHostByte(document_[position - 1])) return false;
  size_t last = SkipIgnorablesBefore(position);
  return position - last <= kMaxIgnorableBytes && last > 0 && DotBefore(document_, last, defang_);
}

}  // namespace trawl::compute
