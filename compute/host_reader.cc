#include "compute/host_reader.h"

#include <algorithm>

#include "compute/code_points.h"
#include "compute/notation.h"
#include "compute/segmenter.h"

namespace trawl::compute {
namespace {

bool IsHostAt(std::string_view text, size_t position) {
  if (position >= text.size()) return false;
  if (IsAscii(text[position])) return IsHostByte(text[position]);
  const CodePoint c = DecodeAt(text, position);
  return c.well_formed && HostClassOf(c.value) != HostClass::kSeparator;
}

}  // namespace

size_t HostReader::FirstDot(size_t begin, size_t end) const {
  for (size_t i = begin; i < end; ++i) {
    const char c = document_[i];
    if (IsHostByte(c)) continue;
    if (c == '.' || DotAt(document_, i, options_.defang)) return i;
    if (IsAscii(c)) break;
  }
  return end;
}

const FoundHost* HostReader::ReadAt(size_t begin) {
  const size_t end = std::min(document_.size(), begin + kMaxSpanBytes + kMaxTailBytes);
  const size_t dot = FirstDot(begin, end);
  if (dot == begin || dot == end) return nullptr;
  Segmenter segmenter(document_, end, options_.defang);
  if (!segmenter.Open(dot)) return nullptr;
  Segment segment;
  while (segmenter.Next(segment)) {
    if (segment.end <= begin) continue;
    if (segment.begin > begin) break;
    const Verdict verdict = finder_.Find(document_, segment, options_, scratch_, found_);
    if (verdict != Verdict::kFinding || found_.finding.begin != begin) break;
    return &found_;
  }
  return nullptr;
}

bool IsHostEnd(std::string_view text, size_t position, Defang defang) {
  if (position >= text.size()) return true;
  if (IsHostAt(text, position)) return false;
  const Dot dot = DotAt(text, position, defang);
  return !dot || !IsHostAt(text, position + dot.size);
}

}  // namespace trawl::compute
