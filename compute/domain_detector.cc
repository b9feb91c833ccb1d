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

}  // namespace

DomainDetector::DomainDetector(const Ruleset& ruleset) : finder_(ruleset) {
  HostClassOf(U'a');  // makes its table now, not in the first request
}

void DomainDetector::Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
                          FindingList& findings) const {
  // The last dot of a host is right of its anchor, by less than kAnchorReach.
  const size_t end = std::min<size_t>(document.size(), chunk.end + kAnchorReach);
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
        if (!finder_.Find(document, segment, options, labels, found)) continue;
        const uint64_t anchor = AnchorOf(found.finding);
        if (anchor >= chunk.begin && anchor < chunk.end) {
          findings.Add(found.finding, found.value());
        }
      }
    }
    search.SkipTo(segmenter.end());
  }
}

}  // namespace trawl::compute
