#include "compute/domain_detector.h"

#include <algorithm>
#include <cstddef>

#include "compute/code_points.h"
#include "compute/dot_search.h"
#include "compute/host_labels.h"
#include "compute/segment.h"
#include "compute/segmenter.h"

namespace trawl::compute {
namespace {

uint64_t AnchorOf(const Finding& finding) {
  bool is_long = finding.end - finding.begin > kAnchorReach;
  return is_long ? finding.end - kAnchorReach : finding.begin;
}

// The last dot of a host is right of its anchor, by less than kAnchorReach.
size_t EndOfDots(std::string_view document, Chunk chunk) {
  return std::min<size_t>(document.size(), chunk.end + kAnchorReach);
}

template <typename Range>
bool Holds(const Range& range, uint64_t offset) {
  return range.begin <= offset && offset < range.end;
}

// The character or the ill-formed byte that holds the byte at `offset`.
Explanation SeparatorAt(std::string_view document, uint64_t offset) {
  constexpr uint64_t kMaxCharacterBytes = 4;
  uint64_t begin = offset - std::min(offset, kMaxCharacterBytes - 1);
  while (begin + DecodeAt(document, begin).size <= offset) ++begin;
  return {Verdict::kSeparator, begin, begin + DecodeAt(document, begin).size, {}};
}

// Of a byte that is in no segment with a dot that joins labels. What is right of `limit` is not
// looked at.
Explanation WithoutDot(std::string_view document, uint64_t offset, size_t limit, Defang defang) {
  Segmenter segmenter(document, limit, defang);
  segmenter.OpenAround(offset);
  Segment segment;
  while (segmenter.Next(segment)) {
    if (!Holds(segment, offset)) continue;
    const bool has_dot =
        std::any_of(segment.units.begin(), segment.units.end(),
                    [](const Unit& unit) { return unit.kind == Unit::Kind::kDot; });
    const bool too_long = has_dot && segment.end > limit;
    return {too_long ? Verdict::kTooLong : Verdict::kNoDot, segment.begin, segment.end, {}};
  }
  return SeparatorAt(document, offset);
}

}  // namespace

DomainDetector::DomainDetector(const Ruleset& ruleset) : finder_(ruleset) {
  HostClassOf(U'a');  // makes its table now, not in the first request
}

template <typename Visit>
void DomainDetector::VisitSegments(std::string_view document, Chunk chunk,
                                   const ScanOptions& options, Visit visit) const {
  const size_t end = EndOfDots(document, chunk);
  Segmenter segmenter(document, end + kMaxTailBytes, options.defang);
  HostLabels labels;
  FoundHost found;
  DotSearch search(document, chunk.begin, end, options.defang == Defang::kAggressive);
  for (size_t dot = search.Next(); dot < end; dot = search.Next()) {
    if (segmenter.Open(dot)) {
      if (segmenter.begin() >= chunk.end) return;
      Segment segment;
      while (segmenter.Next(segment)) {
        if (segment.end <= chunk.begin) continue;
        visit(segment, finder_.Find(document, segment, options, labels, found), found);
      }
    }
    search.SkipTo(segmenter.end());
  }
}

void DomainDetector::Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
                          FindingList& findings) const {
  VisitSegments(document, chunk, options,
                [&](const Segment&, Verdict verdict, const FoundHost& found) {
                  if (verdict != Verdict::kFinding) return;
                  const uint64_t anchor = AnchorOf(found.finding);
                  if (anchor >= chunk.begin && anchor < chunk.end) {
                    findings.Add(found.finding, found.value());
                  }
                });
}

// A finding that holds the byte is anchored less than kContextBytes from it.
Explanation DomainDetector::Explain(std::string_view document, uint64_t offset,
                                    const ScanOptions& options) const {
  const Chunk chunk{offset - std::min(offset, kContextBytes),
                    std::min<uint64_t>(document.size(), offset + 1 + kContextBytes)};
  ScanOptions of_any_confidence = options;
  of_any_confidence.min_confidence = Confidence::kLow;
  ScanOptions with_special_use = of_any_confidence;
  with_special_use.special_use = true;
  std::optional<Explanation> explanation;
  VisitSegments(document, chunk, of_any_confidence,
                [&](const Segment& segment, Verdict verdict, const FoundHost& host) {
                  if (!Holds(segment, offset)) return;
                  explanation = {verdict, segment.begin, segment.end, {}};
                  if (verdict == Verdict::kFinding) {
                    explanation->host = host;
                    if (!Holds(host.finding, offset)) {
                      explanation->verdict = Verdict::kOutsideHost;
                    } else if (host.finding.confidence < options.min_confidence) {
                      explanation->verdict = Verdict::kBelowMinConfidence;
                    }
                  } else if (verdict == Verdict::kNoTld) {
                    HostLabels labels;
                    FoundHost special;
                    if (finder_.Find(document, segment, with_special_use, labels, special) ==
                        Verdict::kFinding) {
                      explanation->verdict = Verdict::kSpecialUse;
                    }
                  }
                });
  if (explanation.has_value()) return *explanation;
  return WithoutDot(document, offset, EndOfDots(document, chunk) + kMaxTailBytes, options.defang);
}

}  // namespace trawl::compute
