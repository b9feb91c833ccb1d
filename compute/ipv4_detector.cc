#include "compute/ipv4_detector.h"

#include <algorithm>
#include <array>
#include <optional>

#include "compute/code_points.h"
#include "compute/context.h"
#include "compute/ip_address.h"
#include "compute/notation.h"
#include "compute/place_search.h"
#include "compute/url_host.h"
#include "compute/url_scheme.h"
#include "compute/word_context.h"

namespace trawl::compute {
namespace {

constexpr size_t kMaxWord = 9;          // of an escape, `v` and digits left of a place
constexpr size_t kMaxVersionWord = 16;  // letters
constexpr size_t kMaxVersionGap = 3;    // bytes between a word and the number it is of
constexpr size_t kMaxSeparator = 5;     // of a URL's scheme and host
constexpr size_t kUserinfoBytes = 64;
constexpr size_t kMaxIndent = 16;
constexpr std::string_view kNoBreakSpace = "\u00A0";

struct Candidate {
  size_t begin = 0;
  Ipv4Text read;
  bool version = false;  // right of a `v`
};

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

bool IsAllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

// The address whose first octet ends with the byte at `place`.
std::optional<Candidate> ReadAround(std::string_view text, size_t place, Defang defang) {
  const std::optional<size_t> word = WordBegin(text, place, kMaxWord);
  if (!word.has_value()) return std::nullopt;
  Candidate candidate{*word, {}, false};
  // `=20` may be a space of quoted-printable, but `ip=201.2.3.4` is more usual.
  if (candidate.begin >= 3 && candidate.begin <= place + 1 && text[candidate.begin - 3] == '=' &&
      IsAllDigits(text.substr(candidate.begin - 2, place + 3 - candidate.begin))) {
    candidate.begin -= 2;
  }
  if (candidate.begin < place && ToLower(text[candidate.begin]) == 'v') {
    candidate.version = true;
    ++candidate.begin;
  }
  if (candidate.begin > place ||
      !IsAllDigits(text.substr(candidate.begin, place + 1 - candidate.begin))) {
    return std::nullopt;
  }
  if (!candidate.version && candidate.begin > 0) {
    const Dot dot = DotBefore(text, candidate.begin, defang);
    const size_t before = candidate.begin - dot.size;
    if (dot && before > 0 && IsAlphanumeric(text[before - 1])) return std::nullopt;
  }
  const std::optional<Ipv4Text> read = ReadIpv4(text, candidate.begin, defang);
  if (!read.has_value()) return std::nullopt;
  candidate.read = *read;
  return candidate;
}

// Whether a word is left of the address that numbers versions or sections: `version 1.2.3.4`,
// `FileVersion="1.2.3.4"`, `section 4.2.1.3`.
bool IsNumbered(std::string_view text, size_t begin) {
  size_t end = begin;
  constexpr std::string_view kGap = " \t:=\"'(-_,>";
  while (end > 0 && begin - end < kMaxVersionGap &&
         kGap.find(text[end - 1]) != std::string_view::npos) {
    --end;
  }
  std::array<char, kMaxVersionWord> lower{};
  size_t size = 0;
  while (size < lower.size() && size < end && IsAlphanumeric(text[end - 1 - size])) {
    lower[lower.size() - 1 - size] = ToLower(text[end - 1 - size]);
    ++size;
  }
  const std::string_view word(lower.data() + lower.size() - size, size);
  if (word.ends_with("version") || word.ends_with("versions")) return true;
  for (std::string_view one :
       {"ver", "v", "release", "rel", "build", "firmware", "revision", "rev", "section", "sections",
        "sec", "chapter", "clause", "figure", "fig", "table", "appendix", "update", "driver"}) {
    if (word == one) return true;
  }
  return false;
}

bool IsLetterAt(std::string_view text, size_t position) {
  return position < text.size() && IsAlphanumeric(text[position]) && !IsDigit(text[position]);
}

// Whether it numbers a heading: at the begin of a line or right of a tag, numbers below 100, and a
// capital or a character that is not ASCII after a blank.
bool IsHeading(std::string_view text, const Candidate& candidate) {
  for (uint8_t octet : candidate.read.address) {
    if (octet == 0 || octet > 99) return false;
  }
  size_t line = candidate.begin;
  while (line > 0 && candidate.begin - line < kMaxIndent && IsBlank(text[line - 1])) --line;
  constexpr std::string_view kLineEnds = "\n\r>";
  if (line > 0 && kLineEnds.find(text[line - 1]) == std::string_view::npos) return false;
  size_t word = candidate.read.end;
  if (word < text.size() && text[word] == '.') ++word;
  const size_t end = word;
  while (word < text.size() && word - end < 3 && IsBlank(text[word])) ++word;
  if (text.substr(word, 2) == kNoBreakSpace) word += 2;
  if (word == end || word >= text.size()) return false;
  return IsUpper(text[word]) || !IsAscii(text[word]);
}

bool IsVersionLike(std::string_view text, const Candidate& candidate, const Left& left,
                   Evidence evidence) {
  const size_t begin = candidate.begin;
  if (candidate.version || IsNumbered(text, begin) || IsHeading(text, candidate)) return true;
  const size_t end = candidate.read.end;
  if (end < text.size() && text[end] == '-' && IsLetterAt(text, end + 1)) return true;
  if (begin < 2 || !IsLetterAt(text, begin - 2)) return false;
  if (text[begin - 1] == '-') return true;
  // `Chrome/99.0.0.0`, as user agents name products; `host/10.0.0.1:80` is Java's.
  return left.context == LeftContext::kPath && evidence == Evidence::kNone;
}

// False where the bytes around it show that it is no address.
bool Grade(std::string_view text, const Candidate& candidate, Defang defang, Finding& finding) {
  const size_t end = candidate.read.end;
  if (end < text.size() && IsAlphanumeric(text[end])) return false;
  const Dot dot = end < text.size() ? DotAt(text, end, defang) : Dot{};
  const size_t after = end + dot.size;
  if (dot && after < text.size() && IsDigit(text[after])) return false;

  const Left left = ReadLeft(text, candidate.begin, defang);
  const Evidence evidence = ReadEvidence(text, end);
  const Reason context = ReasonOf(left.context);
  finding.reasons = {context};
  const auto cap = [&finding](Confidence confidence, Reason reason) {
    finding.confidence = std::min(finding.confidence, confidence);
    finding.reasons.Add(reason);
  };
  if (evidence != Evidence::kNone) finding.reasons.Add(Reason::kEvidence);
  const bool defanged = candidate.read.defanged || left.defanged;
  if (defanged) finding.reasons.Add(Reason::kDefanged);
  if (candidate.read.escaped) cap(Confidence::kMedium, Reason::kEscapedDot);
  if (dot && IsLetterAt(text, after)) cap(Confidence::kLow, Reason::kRightCut);
  if (context == Reason::kAnchored || defanged) return true;
  if (context == Reason::kPath) cap(Confidence::kMedium, Reason::kPath);
  if (IsVersionLike(text, candidate, left, evidence)) cap(Confidence::kLow, Reason::kVersionLike);
  return true;
}

// Whether a host of a URL begins at `begin`, right of its scheme or userinfo.
bool IsUrlHostAt(std::string_view text, size_t begin, Defang defang) {
  const size_t least =
      begin > kUserinfoBytes + kMaxSeparator ? begin - kUserinfoBytes - kMaxSeparator : 0;
  const bool at_sign = static_cast<bool>(AtSignBefore(text, begin, defang));
  for (size_t place = begin; place > least; --place) {
    if (!at_sign && begin - place >= kMaxSeparator) break;
    const char c = text[place - 1];
    if (static_cast<unsigned char>(c) <= ' ') break;
    if (c != ':' && c != '_') continue;
    if (!IsUrlPlace(text, place - 1)) continue;
    const std::optional<UrlScheme> scheme = ReadUrlScheme(text, place - 1, defang);
    if (scheme.has_value() && scheme->end <= begin) {
      return ReadUserinfo(text, scheme->end, defang).host_begin == begin;
    }
  }
  return false;
}

}  // namespace

void Ipv4Detector::Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
                        FindingList& findings) const {
  const size_t begin = chunk.begin - std::min<size_t>(chunk.begin, 1);
  const size_t end = std::min<size_t>(document.size(), chunk.end + 3);
  PlaceSearch(kernel_.ipv4, document, begin, end).ForEach([&](size_t place) {
    Candidate candidate;
    Finding finding;
    if (IsDigit(document[place])) {
      const std::optional<Candidate> read = ReadAround(document, place, options.defang);
      if (!read.has_value() || !Grade(document, *read, options.defang, finding)) return;
      candidate = *read;
    } else {
      const auto read = ReadObfuscatedIpv4(document, place + 1, options.defang);
      if (!read.has_value() || !IsUrlHostAt(document, place + 1, options.defang)) return;
      candidate = {place + 1, *read, false};
      finding.reasons = {Reason::kAnchored, Reason::kObfuscated};
      finding.confidence =
          ConfidenceOfObfuscated(document.substr(place + 1, read->end - place - 1));
    }
    if (candidate.begin < chunk.begin || candidate.begin >= chunk.end) return;
    if (finding.confidence < options.min_confidence) return;
    finding.kind = Kind::kIpv4;
    finding.begin = candidate.begin;
    finding.end = candidate.read.end;
    findings.Add(finding, ToText(candidate.read.address));
  });
}

}  // namespace trawl::compute
