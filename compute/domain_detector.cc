#include "compute/domain_detector.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

#include "compute/code_points.h"
#include "compute/host_memo.h"
#include "compute/run_search.h"
#include "compute/segment.h"
#include "compute/segmenter.h"

namespace trawl::compute {
namespace {

uint64_t AnchorOf(const Finding& finding) {
  bool is_long = finding.end - finding.begin > kAnchorReach;
  return is_long ? finding.end - kAnchorReach : finding.begin;
}

// The last dot of a host is right of its anchor, by less than kAnchorReach, and the run that it is
// in ends a tail further right.
size_t EndOfRuns(std::string_view document, Chunk chunk) {
  return std::min<size_t>(document.size(), chunk.end + kAnchorReach + kMaxTailBytes);
}

// The first dot between two host characters of the run of these that ends at `end`, not left of
// `least`; `end` where there is none.
size_t FirstDot(std::string_view document, size_t least, size_t end) {
  size_t dot = end;
  for (size_t i = end; i > least; --i) {
    const char c = document[i - 1];
    if (IsHostByte(c)) {
      if (i < end && document[i] == '.') dot = i;
    } else if (c != '.' || document[i] == '.') {
      break;
    }
  }
  return dot;
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

DomainDetector::DomainDetector(const Ruleset& ruleset, const Kernel& kernel)
    : kernel_(kernel), finder_(ruleset), plain_finder_(ruleset, kernel.bit_instructions) {
  CodePointTable::Get();  // is made now, not in the first request
}

template <typename Decide, typename DecideRare, typename Visit>
void DomainDetector::VisitSegments(std::string_view document, Chunk chunk,
                                   const ScanOptions& options, Decide decide,
                                   DecideRare decide_rare, Visit visit) const {
  const size_t begin = chunk.begin - std::min<size_t>(chunk.begin, RunSearch::kWindowBytes);
  const size_t end = EndOfRuns(document, chunk);
  Segmenter segmenter(document, end, options.defang);
  std::unique_ptr<HostScratch> scratch;  // large, and most documents need none
  FoundHost found;
  auto visit_run = [&] {
    if (scratch == nullptr) scratch = std::make_unique<HostScratch>();
    Segment segment;
    while (segmenter.Next(segment)) {
      if (segment.end <= chunk.begin) continue;
      visit(segment, finder_.Find(document, segment, options, *scratch, found), found);
    }
  };
  RunSearch search(
      kernel_, document, begin, end,
      {.spaced_dots = options.defang == Defang::kAggressive,
       .all_runs = options.min_confidence == Confidence::kLow || options.unknown_tld_in_urls});
  size_t done = begin;  // what is left of it is decided
  while (search.NextBlock()) {
    const std::span<const uint16_t> places = search.places();
    for (size_t i = 0; i < places.size(); ++i) {
      if (search.base() + places[i] < done) continue;
      if (search.base() + places[i] > done) {
        i = decide(search, i);
        if (i == PlainHostFinder::kBeyondChunk) return;
        if (i == places.size()) break;
      }
      const size_t position = search.base() + places[i];
      if (const size_t decided = decide_rare(position, done); decided > 0) {
        done = decided;
        continue;
      }
      bool open = search.IsRareDot(places[i]) && segmenter.Open(position);
      if (!open && search.IsRunEnd(places[i]) && position > done) {
        open = segmenter.Open(FirstDot(document, begin, position));
      }
      if (!open) continue;
      if (segmenter.begin() >= chunk.end) return;
      visit_run();
      done = segmenter.end();
    }
  }
  // A run that goes on beyond what matters has hosts only where URL-Defense's underscores cut it.
  if (!search.IsUrlDefenseOpen() || done >= end) return;
  const size_t dot = FirstDot(document, begin, end);
  const size_t run = dot - std::min(dot - begin, kMaxLabelBytes);
  if (document.substr(run, end - run).find("-3A__") != std::string_view::npos &&
      segmenter.Open(dot) && segmenter.begin() < chunk.end) {
    visit_run();
  }
}

void DomainDetector::Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
                          FindingList& findings) const {
  HostMemo memo;
  VisitSegments(
      document, chunk, options,
      [&](const RunSearch& search, size_t first) {
        return plain_finder_.FindAll(document, search, first, options, chunk, memo, findings);
      },
      [&](size_t place, size_t least) {
        return plain_finder_.FindDefanged(document, place, least, options, chunk, findings);
      },
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
  VisitSegments(
      document, chunk, of_any_confidence, [](const RunSearch&, size_t first) { return first; },
      [](size_t, size_t) { return size_t{0}; },
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
          HostScratch scratch;
          FoundHost special;
          if (finder_.Find(document, segment, with_special_use, scratch, special) ==
              Verdict::kFinding) {
            explanation->verdict = Verdict::kSpecialUse;
          }
        }
      });
  if (explanation.has_value()) return *explanation;
  return WithoutDot(document, offset, EndOfRuns(document, chunk), options.defang);
}

}  // namespace trawl::compute
