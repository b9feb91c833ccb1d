// The order of the decisions is that of docs/semantics.md: the TLD from the right, the labels left
// of it from the right, the public suffix, then what stands left and right of the run, and last
// the grade. Most segments end at the first step.

#include "compute/host_finder.h"

#include <algorithm>
#include <array>

#include "compute/confidence.h"
#include "compute/context.h"
#include "compute/idna.h"
#include "compute/surroundings.h"

namespace trawl::compute {
namespace {

bool IsAllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

// Whether the URL Standard reads a host that ends in the label as an IPv4 address. Lower case.
bool IsNumber(std::string_view label) {
  if (label.substr(0, 2) != "0x") return IsAllDigits(label);
  label.remove_prefix(2);
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); });
}

bool IsDefanged(DotKind kind) { return kind == DotKind::kDefanged || kind == DotKind::kSpaced; }

bool IsALabelStart(std::string_view written) {
  return written.size() > 4 && ToLower(written[0]) == 'x' && ToLower(written[1]) == 'n' &&
         written.substr(2, 2) == "--";
}

// What stands left of the run counts for a host that begins at most a label away.
Left LeftOf(std::string_view document, const Segment& segment, const HostLabels& labels,
            size_t begin, Defang defang) {
  if (!labels.is_start_known() || begin - segment.begin > kMaxLabelBytes) return {};
  if (labels.is_scheme_prefixed()) return {LeftContext::kScheme, true};
  switch (segment.start) {
    case Segment::Start::kSeparator:
      return ReadLeft(document, labels.run_begin(), defang);
    case Segment::Start::kUrlDefense:
      return {LeftContext::kScheme, false};
    case Segment::Start::kUnderscore:
      return {LeftContext::kPath, false};
    default:
      return {};
  }
}

// The reasons that the way of writing the range gives; `defanged` where one of its dots is.
Reasons NotationReasons(const Segment& segment, size_t begin, size_t end, bool& defanged,
                        bool& spaced) {
  Reasons reasons;
  for (const Unit& unit : segment.units) {
    if (unit.begin < begin || unit.end() > end) continue;
    if (unit.kind == Unit::Kind::kIgnorable) reasons.Add(Reason::kHidden);
    if (unit.kind != Unit::Kind::kDot) continue;
    if (IsDefanged(unit.dot)) defanged = true;
    if (unit.dot == DotKind::kSpaced) spaced = true;
    if (unit.dot == DotKind::kEscaped) reasons.Add(Reason::kEscapedDot);
    if (unit.dot == DotKind::kUnicode) reasons.Add(Reason::kUnicodeDot);
  }
  return reasons;
}

bool HasMixedScript(std::string_view value) {
  if (value.find("xn--") == std::string_view::npos) return false;
  while (!value.empty()) {
    std::string_view label = value.substr(0, value.find('.'));
    if (IsALabelStart(label) && MixesScripts(LabelToUnicode(label))) return true;
    value.remove_prefix(std::min(value.size(), label.size() + 1));
  }
  return false;
}

// `home.arpa`, the special-use name of two labels, and what is under it.
bool IsHomeNetwork(std::string_view value) {
  constexpr std::string_view kHome = "home.arpa";
  if (value.size() < kHome.size() || value.substr(value.size() - kHome.size()) != kHome) {
    return false;
  }
  return value.size() == kHome.size() || value[value.size() - kHome.size() - 1] == '.';
}

// The last label of a segment, less what is trimmed right of it.
struct LastLabel {
  bool simple = false;  // else the rest is not set
  bool only = false;    // there is no other label
  size_t begin = 0;
  size_t end = 0;
};

LastLabel LastLabelOfAscii(std::string_view document, const Segment& segment) {
  size_t end = segment.end;
  while (end > segment.begin && !IsAlphanumeric(document[end - 1])) --end;
  size_t begin = end;
  while (begin > segment.begin && document[begin - 1] != '.') {
    if (end - begin > kMaxLabelSize) return {};
    --begin;
  }
  return {true, begin == segment.begin, begin, end};
}

// Simple where it is ASCII.
LastLabel LastLabelOfUnits(std::span<const Unit> units) {
  size_t last = units.size();
  for (; last > 0; --last) {
    const Unit& unit = units[last - 1];
    if (unit.kind == Unit::Kind::kDot || unit.value == '-' || unit.value == '_') continue;
    break;
  }
  size_t first = last;
  for (; first > 0 && units[first - 1].kind != Unit::Kind::kDot; --first) {
    const Unit& unit = units[first - 1];
    if (unit.kind != Unit::Kind::kHost || unit.value >= 0x80) return {};
    if (last - first > kMaxLabelSize) return {};
  }
  if (first == last || first == 0) return {};
  return {true, false, units[first].begin, units[last - 1].end()};
}

}  // namespace

HostScratch::HostScratch() = default;

uint8_t HostFinder::TldBits(std::string_view label, const ScanOptions& options) const {
  uint8_t bits = tlds_.Find(label);
  if ((bits & TldTable::kTld) != 0) return bits;
  return (bits & TldTable::kSpecialUse) != 0 && options.special_use ? bits : 0;
}

bool HostFinder::MatchTld(std::string_view document, const ScanOptions& options, HostLabels& labels,
                          size_t i, Tld& tld) const {
  const Label& label = labels[i];
  if (IsDigit(document[label.begin])) return false;
  tld.label = i;
  tld.end = label.end;
  tld.text = label.text.empty() ? labels.Resolve(i).text : label.text;
  tld.bits = TldBits(tld.text, options);
  if (tld.bits != 0) return true;
  const std::string_view written = document.substr(label.begin, label.end - label.begin);
  const bool a_label = IsALabelStart(written);
  const size_t limit = std::min(written.size(), kMaxLabelBytes);
  for (size_t p = 0; p < limit;) {
    const CodePoint c = DecodeAt(written, p);
    const bool hyphen = c.value == '-';
    const bool underscore = c.value == '_';
    const bool seam = c.value >= 0x80 && HostClassOf(c.value) == HostClass::kUnspaced;
    if (p > 0 && (hyphen || underscore || (seam && IsAlphanumeric(written[p - 1])))) {
      tld.text = labels.Prefix(i, label.begin + p);
      tld.end = label.begin + p;
      tld.bits = TldBits(tld.text, options);
      if (tld.bits != 0) {
        tld.cuts.Add(hyphen       ? Reason::kHyphenCut
                     : underscore ? Reason::kUnderscoreCut
                                  : Reason::kScriptCut);
        return true;
      }
      if (!hyphen || !a_label) return false;
    }
    p += c.size;
  }
  return false;
}

bool HostFinder::MayHaveTld(std::string_view document, const Segment& segment,
                            const ScanOptions& options) const {
  if (options.min_confidence == Confidence::kLow || options.unknown_tld_in_urls) return true;
  const LastLabel label =
      segment.units.empty() ? LastLabelOfAscii(document, segment) : LastLabelOfUnits(segment.units);
  if (!label.simple) return true;
  if (label.only || IsDigit(document[label.begin])) return false;
  std::array<char, kMaxLabelSize + 1> lower;
  size_t size = 0;
  for (; label.begin + size < label.end && document[label.begin + size] != '_'; ++size) {
    lower[size] = ToLower(document[label.begin + size]);
    if (lower[size] == '-') {
      if (IsALabelStart(document.substr(label.begin, label.end - label.begin))) return true;
      break;
    }
  }
  return TldBits({lower.data(), size}, options) != 0;
}

Verdict HostFinder::FindTld(std::string_view document, const Segment& segment,
                            const ScanOptions& options, HostLabels& labels, Tld& tld) const {
  bool digits = true;
  for (size_t i = 0; i + 1 < labels.size(); ++i) {
    const Label& label = labels[i];
    if (segment.end - label.begin > kMaxTailBytes + kMaxLabelBytes) return Verdict::kTailTooLong;
    tld = {};
    if (MatchTld(document, options, labels, i, tld)) {
      if (i > 0 && digits) return Verdict::kDigitsAfterTld;
      if (segment.end - tld.end > kMaxTailBytes) return Verdict::kTailTooLong;
      if (i > 0) tld.cuts.Add(Reason::kRightCut);
      return Verdict::kFinding;
    }
    digits = digits && IsAllDigits(document.substr(label.begin, label.end - label.begin));
  }
  if (labels.size() < 2) return Verdict::kFewerThanTwoLabels;
  if (!options.unknown_tld_in_urls) return Verdict::kNoTld;
  const Label& last = labels.Resolve(0);
  if (!last.valid || last.underscored || IsNumber(last.text)) return Verdict::kNoTld;
  if ((tlds_.Find(last.text) & TldTable::kSpecialUse) != 0) return Verdict::kNoTld;
  tld = {};
  tld.end = last.end;
  tld.text = last.text;
  tld.unknown = true;
  return Verdict::kFinding;
}

Verdict HostFinder::TakeLabels(const Tld& tld, HostLabels& labels, FoundHost& found,
                               Reasons& reasons, size_t& label_count) const {
  const PublicSuffixList& suffixes = ruleset_.public_suffixes;
  auto is_registrable_missing = [&] {
    return suffixes.Find(found.value()).icann == found.value().size();
  };

  found.Clear();
  found.Prepend(tld.text);
  label_count = 1;
  for (size_t i = tld.label + 1; i < labels.size(); ++i) {
    const Label& label = labels.Resolve(i);
    bool trimmed = false;
    if (label.underscored && is_registrable_missing()) {
      const size_t untrimmed_begin = label.begin;
      labels.TrimUnderscores(i);
      trimmed = label.begin > untrimmed_begin;
      if (!trimmed || !label.valid || label.underscored) return Verdict::kInvalidRegistrableLabel;
      reasons.Add(Reason::kUnderscoreTrimmed);
    } else if (!label.valid) {
      if (is_registrable_missing()) return Verdict::kInvalidRegistrableLabel;
      reasons.Add(Reason::kLeftCut);
      break;
    }
    if (!found.Prepend(label.text)) return Verdict::kTooLong;
    if (tld.end - label.begin > kMaxSpanBytes) return Verdict::kTooLong;
    found.finding.begin = label.begin;
    ++label_count;
    if (trimmed) {
      if (i + 1 < labels.size()) reasons.Add(Reason::kLeftCut);
      break;
    }
  }
  return label_count >= 2 ? Verdict::kFinding : Verdict::kFewerThanTwoLabels;
}

Verdict HostFinder::Find(std::string_view document, const Segment& segment,
                         const ScanOptions& options, HostScratch& scratch, FoundHost& found) const {
  Verdict verdict = Verdict::kFinding;
  if (!segment.units.empty() &&
      unit_finder_.Find(document, segment, options, scratch.memo, found, verdict)) {
    return verdict;
  }
  if (!MayHaveTld(document, segment, options)) return Verdict::kNoTld;
  HostLabels& labels = scratch.labels;
  labels.Split(document, segment, options.defang);
  Tld tld;
  verdict = FindTld(document, segment, options, labels, tld);
  if (verdict != Verdict::kFinding) return verdict;
  HostFacts facts;
  facts.reasons = tld.cuts;
  if (facts.reasons.Has(Reason::kRightCut) && options.min_confidence > Confidence::kLow) {
    return Verdict::kBelowMinConfidence;
  }
  Finding& finding = found.finding;
  finding = {};
  finding.end = tld.end;
  verdict = TakeLabels(tld, labels, found, facts.reasons, facts.label_count);
  if (verdict != Verdict::kFinding) return verdict;
  facts.value = found.value();
  facts.tld = facts.value.substr(facts.value.size() - tld.text.size());
  if (IsHomeNetwork(facts.value)) {
    if (!options.special_use) return Verdict::kSpecialUse;
    facts.reasons.Add(Reason::kSpecialUse);
  }
  if ((tld.bits & TldTable::kSpecialUse) != 0) facts.reasons.Add(Reason::kSpecialUse);

  const Left left = LeftOf(document, segment, labels, finding.begin, options.defang);
  if (tld.unknown && left.context != LeftContext::kScheme) return Verdict::kUnknownTldNotInUrl;
  facts.left = left.context;
  facts.defanged = left.defanged;
  const PublicSuffixList::Suffixes suffixes = ruleset_.public_suffixes.Find(facts.value);
  facts.suffix_size = suffixes.all;
  if (facts.value.size() == suffixes.icann) {
    if (facts.reasons.Has(Reason::kLeftCut) || ContextOf(facts) != Reason::kAnchored) {
      return Verdict::kPublicSuffix;
    }
  } else {
    bool is_suffix = facts.value.size() == suffixes.all;
    facts.registrable_size =
        WithOneLabelMore(facts.value, is_suffix ? suffixes.icann : suffixes.all);
  }
  if (facts.value.size() == suffixes.all) facts.reasons.Add(Reason::kPublicSuffix);
  if (IsLocalPart(document, segment.end, options.defang)) return Verdict::kLocalPart;
  if (facts.left == LeftContext::kScheme && IsUserinfo(document, segment.end, options.defang)) {
    return Verdict::kUserinfo;
  }
  if (IsTornByIgnorables(document, finding.begin, finding.end)) return Verdict::kTooLong;

  bool spaced = false;
  const Reasons notation =
      NotationReasons(segment, finding.begin, finding.end, facts.defanged, spaced);
  for (Reason reason : {Reason::kHidden, Reason::kEscapedDot, Reason::kUnicodeDot}) {
    if (notation.Has(reason)) facts.reasons.Add(reason);
  }
  if (facts.defanged) facts.reasons.Add(Reason::kDefanged);
  if (IsNextToInvalid(document, finding.begin, finding.end)) {
    facts.reasons.Add(Reason::kNextToInvalid);
  }
  if (HasMixedScript(facts.value)) facts.reasons.Add(Reason::kMixedScript);
  if (finding.begin >= 2 && document.substr(finding.begin - 2, 2) == "*.") {
    facts.reasons.Add(Reason::kWildcard);
  }
  if (segment.start == Segment::Start::kSeam && finding.begin == segment.begin) {
    facts.reasons.Add(Reason::kScriptCut);
  }
  if (finding.end == labels.end()) {
    if (segment.seam_at_end && finding.end == segment.end) facts.reasons.Add(Reason::kScriptCut);
    const bool dot = finding.end + 1 == segment.end && document[finding.end] == '.';
    const char next = segment.end < document.size() ? document[segment.end] : '\0';
    if (dot && (next == '/' || next == ':')) facts.reasons.Add(Reason::kTrailingDot);
    if (dot || finding.end == segment.end) facts.evidence = ReadEvidence(document, segment.end);
    if (finding.end == segment.end) facts.follower = next;
  }
  const Label& tld_label = labels[tld.label];
  facts.written_tld = document.substr(tld_label.begin, tld.end - tld_label.begin);
  facts.written = document.substr(finding.begin, finding.end - finding.begin);
  facts.tld_bits = tld.bits;
  facts.unknown_tld = tld.unknown;
  facts.document = document;
  facts.begin = finding.begin;
  facts.end = finding.end;
  facts.lookalikes = &ruleset_.lookalikes;

  const Grade grade = GradeHost(facts);
  finding.confidence = spaced ? Confidence::kLow : grade.confidence;
  finding.reasons = grade.reasons;
  finding.registrable_size = static_cast<uint16_t>(facts.registrable_size);
  return finding.confidence >= options.min_confidence ? Verdict::kFinding
                                                      : Verdict::kBelowMinConfidence;
}

}  // namespace trawl::compute
