#include "compute/url_detector.h"

#include <algorithm>
#include <optional>
#include <string>

#include "compute/code_points.h"
#include "compute/place_search.h"
#include "compute/url_host.h"
#include "compute/url_scheme.h"
#include "compute/url_tail.h"

namespace trawl::compute {
namespace {

constexpr size_t kMaxSchemeBytes = 8;  // from its begin to the place of its separator
constexpr size_t kMaxPortDigits = 5;
constexpr size_t kLookAhead = 16;  // right of the last byte

// Where a port ends that begins at `begin` with a colon, perhaps in brackets; `begin` where there
// is none.
size_t PortEnd(std::string_view text, size_t begin, Defang defang, std::string& value) {
  size_t digits = begin;
  if (text.substr(begin, 1) == ":") {
    digits = begin + 1;
  } else if (defang != Defang::kOff && text.substr(begin, 3) == "[:]") {
    digits = begin + 3;
  } else {
    return begin;
  }
  size_t end = digits;
  while (end < text.size() && IsDigit(text[end]) && end - digits <= kMaxPortDigits) ++end;
  if (end == digits || end - digits > kMaxPortDigits) return begin;
  value += ':';
  value += text.substr(digits, end - digits);
  return end;
}

bool IsTailBegin(std::string_view text, size_t position) {
  if (position >= text.size()) return false;
  const char c = text[position];
  return c == '/' || c == '?' || c == '#' || text.substr(position, 2) == "\\/" ||
         text.substr(position, 3) == "[/]";
}

bool IsTrailingDot(std::string_view text, size_t position) {
  constexpr std::string_view kFollowers = "/:?#";
  return position + 1 < text.size() && text[position] == '.' &&
         kFollowers.find(text[position + 1]) != std::string_view::npos;
}

}  // namespace

Reach UrlDetector::reach() const { return {kContextBytes, kMaxUrlBytes + kLookAhead}; }

uint64_t UrlDetector::longest() const { return kMaxUrlBytes; }

void UrlDetector::Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
                       FindingList& findings) const {
  HostReader hosts(finder_, document, options);
  std::string value;
  const size_t end = std::min<size_t>(document.size(), chunk.end + kMaxSchemeBytes);
  PlaceSearch(kernel_.url, document, chunk.begin, end).ForEach([&](size_t place) {
    const std::optional<UrlScheme> scheme = ReadUrlScheme(document, place, options.defang);
    if (!scheme.has_value() || scheme->begin < chunk.begin || scheme->begin >= chunk.end) return;
    const Userinfo userinfo = ReadUserinfo(document, scheme->end, options.defang);
    const auto host = ReadUrlHost(document, userinfo.host_begin, options, hosts);
    if (!host.has_value()) return;

    Finding finding;
    finding.kind = Kind::kUrl;
    finding.begin = scheme->begin;
    finding.end = host->end;
    finding.confidence = host->confidence;
    finding.reasons = host->reasons;
    finding.reasons.Remove(Reason::kEvidence);  // what follows the host is in the URL
    if (scheme->defanged) finding.reasons.Add(Reason::kDefanged);
    if (scheme->glued) {
      finding.reasons.Add(Reason::kLeftCut);
      finding.confidence = std::min(finding.confidence, Confidence::kMedium);
    }
    if (finding.confidence < options.min_confidence) return;

    value = scheme->name;
    value += "://";
    if (userinfo.end < userinfo.host_begin) {
      value += document.substr(scheme->end, userinfo.end - scheme->end);
      value += '@';
    }
    value += host->value;
    const size_t host_size = value.size();
    size_t position = host->end;
    if (IsTrailingDot(document, position)) ++position;
    position = PortEnd(document, position, options.defang, value);
    if (value.size() > host_size) finding.end = position;
    if (IsTailBegin(document, position)) {
      const size_t size = value.size();
      const UrlTail tail = ReadUrlTail(document, finding.begin, position, options.defang, value);
      if (value.size() > size) finding.end = tail.end;
      if (tail.truncated) finding.reasons.Add(Reason::kTruncated);
    }
    finding.registrable_size = static_cast<uint16_t>(host->registrable);
    finding.registrable_tail = static_cast<uint16_t>(value.size() - host_size);
    findings.Add(finding, value);
  });
}

}  // namespace trawl::compute
