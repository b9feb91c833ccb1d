#include "compute/email_detector.h"

#include <algorithm>
#include <array>
#include <string>

#include "compute/code_points.h"
#include "compute/host_reader.h"
#include "compute/notation.h"
#include "compute/place_search.h"
#include "compute/segment.h"

namespace trawl::compute {
namespace {

constexpr size_t kMaxLocalPart = 64;    // RFC 5321, section 4.5.3.1.1
constexpr size_t kMaxEscapeBytes = 32;  // left of a local part
constexpr size_t kUserinfoBytes = 64;   // left of a local part
constexpr size_t kHeaderBytes = 64;     // left of a local part
constexpr size_t kMaxAtSign = 4;

// RFC 5322's atoms have more; in text, the others are far more often around an address than in it.
bool IsLocalPartByte(char c) {
  return IsAlphanumeric(c) || c == '.' || c == '_' || c == '+' || c == '-';
}

// Brackets are those of defanged dots.
bool IsUserinfoByte(char c) {
  constexpr std::string_view kOthers = "-._~%!$&'()*+,;=:[]{}";
  return IsAlphanumeric(c) || kOthers.find(c) != std::string_view::npos;
}

// The at sign whose place is `place`: `[@]` has it in its middle.
AtSign SignAt(std::string_view text, size_t& place, Defang defang) {
  if (text[place] == '@' && place > 0) {
    const AtSign bracketed = AtSignAt(text, place - 1, defang);
    if (bracketed.defanged && bracketed.size == 3) {
      --place;
      return bracketed;
    }
  }
  return AtSignAt(text, place, defang);
}

// What is left of `end` and may be part of a local part: its last character's bytes, or 0.
size_t LocalCharacterBefore(std::string_view text, size_t end, bool& unspaced) {
  const char last = text[end - 1];
  unspaced = false;
  if (IsAscii(last)) {
    if (IsLocalPartByte(last)) return 1;
    const bool joined = last == '\'' && end >= 2 && IsAlphanumeric(text[end - 2]) &&
                        end < text.size() && IsAlphanumeric(text[end]);
    return joined ? 1 : 0;
  }
  const CodePoint c = DecodeBefore(text, end);
  if (!c.well_formed) return 0;
  const HostClass host_class = HostClassOf(c.value);
  unspaced = host_class == HostClass::kUnspaced;
  return unspaced || host_class == HostClass::kSpaced ? c.size : 0;
}

// Where the local part that ends at `end` begins, or `end` where there is none: it would be longer
// than it may, has a dot at its end, or is userinfo.
size_t LocalPartBegin(std::string_view text, size_t end) {
  if (end == 0 || text[end - 1] == '.') return end;
  size_t begin = end;
  bool right_unspaced = false;
  while (begin > 0) {
    bool unspaced = false;
    const size_t size = LocalCharacterBefore(text, begin, unspaced);
    if (size == 0 || (text[begin - 1] == '.' && begin < end && text[begin] == '.')) break;
    const bool seam = begin < end && (unspaced ? IsAlphanumeric(text[begin])
                                               : right_unspaced && IsAlphanumeric(text[begin - 1]));
    if (seam) break;
    if (end - begin + size > kMaxLocalPart + kMaxEscapeBytes) return end;
    begin -= size;
    right_unspaced = unspaced;
  }
  begin += CutEscape(text, begin, end).size;
  while (begin < end && (text[begin] == '.' || text[begin] == '-' || text[begin] == '+')) ++begin;
  return begin >= end || end - begin > kMaxLocalPart ? end : begin;
}

// Whether what ends at `begin` makes the local part the userinfo of a URL, `mailto://` aside.
bool IsInUserinfo(std::string_view text, size_t begin) {
  const size_t least = begin > kUserinfoBytes ? begin - kUserinfoBytes : 0;
  size_t first = begin;
  while (first > least && IsUserinfoByte(text[first - 1])) --first;
  if (first < 3 || text.substr(first - 2, 2) != "//") return false;
  const size_t colon = text[first - 3] == ']' && first >= 4 ? first - 4 : first - 3;
  if (text[colon] != ':') return false;
  constexpr std::string_view kMailto = "mailto";
  return colon < kMailto.size() || text.substr(colon - kMailto.size(), kMailto.size()) != kMailto;
}

// Whether `lower` ends at `end`, case of ASCII letters aside.
bool EndsWith(std::string_view text, size_t end, std::string_view lower) {
  if (end < lower.size()) return false;
  for (size_t i = 0; i < lower.size(); ++i) {
    if (ToLower(text[end - lower.size() + i]) != lower[i]) return false;
  }
  return true;
}

// Whether it is in angle brackets, and a header that holds identifiers of messages is left of it on
// the same line.
bool IsInMessageIdHeader(std::string_view text, size_t begin) {
  if (begin == 0 || text[begin - 1] != '<') return false;
  const size_t least = begin > kHeaderBytes ? begin - kHeaderBytes : 0;
  for (size_t i = begin; i > least && text[i - 1] != '\n'; --i) {
    if (text[i - 1] != ':' && text[i - 1] != '=') continue;
    for (std::string_view name :
         {"message-id", "in-reply-to", "references", "content-id", "msgid"}) {
      if (EndsWith(text, i - 1, name)) return true;
    }
  }
  return false;
}

// Whether it reads as a machine wrote it: long, mostly digits.
bool IsMachineMade(std::string_view local) {
  const auto digits = static_cast<size_t>(std::count_if(local.begin(), local.end(), IsDigit));
  return local.size() >= 16 && 2 * digits >= local.size();
}

}  // namespace

Reach EmailDetector::reach() const {
  return {kContextBytes, kMaxLocalPart + kMaxAtSign + kHostReach};
}

uint64_t EmailDetector::longest() const { return kMaxLocalPart + kMaxAtSign + kMaxSpanBytes; }

void EmailDetector::Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
                         FindingList& findings) const {
  HostReader hosts(finder_, document, options);
  std::string value;
  const size_t end = std::min<size_t>(document.size(), chunk.end + kMaxLocalPart + 1);
  PlaceSearch(kernel_.email, document, chunk.begin, end).ForEach([&](size_t place) {
    const AtSign sign = SignAt(document, place, options.defang);
    if (!sign) return;
    const size_t begin = LocalPartBegin(document, place);
    if (begin == place || begin < chunk.begin || begin >= chunk.end) return;
    if (IsInUserinfo(document, begin)) return;
    const FoundHost* const host = hosts.ReadAt(place + sign.size);
    if (host == nullptr) return;

    const std::string_view local = document.substr(begin, place - begin);
    Finding finding = host->finding;
    finding.kind = Kind::kEmail;
    finding.begin = begin;
    if (sign.defanged) finding.reasons.Add(Reason::kDefanged);
    if (IsInMessageIdHeader(document, begin) || IsMachineMade(local)) {
      finding.reasons.Add(Reason::kMessageId);
      finding.confidence = Confidence::kLow;
    }
    if (finding.confidence < options.min_confidence) return;
    value = local;
    value += '@';
    value += host->value();
    findings.Add(finding, value);
  });
}

}  // namespace trawl::compute
