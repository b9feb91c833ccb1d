// Most segments in text of other scripts end at the last label, which is no TLD.

#include "compute/unit_host_finder.h"

#include "compute/code_points.h"
#include "compute/confidence.h"
#include "compute/context.h"
#include "compute/lookalikes.h"
#include "compute/plain_neighbours.h"
#include "compute/surroundings.h"

namespace trawl::compute {
namespace {

constexpr uint8_t kLookalike = Lookalikes::kFile | Lookalikes::kWord | Lookalikes::kWordGtld;

// Whether the byte left of a run may be the end of an escape that goes on in it, or of more.
bool MayCut(char c) {
  return c == '%' || c == '=' || c == '\\' || c == '[' || c == ';' || c == '.';
}

}  // namespace

UnitHostFinder::UnitHostFinder(const Ruleset& ruleset)
    : ruleset_(ruleset), tlds_(ruleset), suffixes_(ruleset, tlds_) {}

// Sets what is known of the TLD, which is all that `name` has taken yet.
bool UnitHostFinder::ReadTld(const UnitName& name, UnitHost& host, SuffixIndex::Tld& known) const {
  const std::string_view tld = name.value();
  if (IsDigit(tld.front())) return false;
  host.tld_size = static_cast<uint16_t>(tld.size());
  host.is_tld_mapped = name.is_mapped();
  if (tld.size() <= SuffixIndex::kPacked) {
    known = suffixes_.Find(SuffixIndex::PackShort(tld.data() + tld.size(), tld.size()));
    host.tld_bits = known.bits();
    host.has_identifiers = known.Has(SuffixIndex::Tld::kIdentifiers);
    host.has_letters = known.Has(SuffixIndex::Tld::kLetters);
  } else {
    host.tld_bits = tlds_.Find(tld);
    host.has_identifiers = MayBeIdentifier(tld, host.tld_bits);
    host.has_letters = false;
  }
  return host.tld_bits != 0;
}

// False where its public suffix is all of it.
bool UnitHostFinder::ReadSuffix(const UnitName& name, SuffixIndex::Tld known,
                                UnitHost& host) const {
  const std::string_view value = name.value();
  if (known.bits() != 0) {
    const char* const second_end = value.data() + value.size() - host.tld_size - 1;
    const uint64_t second =
        SuffixIndex::Pack(second_end, name.two_labels_size() - host.tld_size - 1);
    if (!suffixes_.MayHaveLongerSuffix(known.key(), second)) {
      host.suffix_size = host.tld_size;
      host.registrable_size = static_cast<uint16_t>(name.two_labels_size());
      return true;
    }
  }
  const PublicSuffixList::Suffixes suffixes = ruleset_.public_suffixes.Find(value);
  host.suffix_size = static_cast<uint16_t>(suffixes.all);
  host.registrable_size = static_cast<uint16_t>(WithOneLabelMore(value, suffixes.all));
  return value.size() != suffixes.icann && value.size() != suffixes.all;
}

UnitHostFinder::Outcome UnitHostFinder::Read(const Segment& segment, UnitHost& host,
                                             FoundHost& found) const {
  UnitName name(segment.units, found);
  if (name.ends_in_symbol() || !name.TakeLabel()) return Outcome::kNotSimple;
  SuffixIndex::Tld known;
  const size_t tld_begin = name.label_begin();
  if (!ReadTld(name, host, known)) {
    return name.may_end_earlier() ? Outcome::kNotSimple : Outcome::kNoTld;
  }
  const bool special =
      (host.tld_bits & TldTable::kSpecialUse) != 0 || known.Has(SuffixIndex::Tld::kSpecial);
  if (special) return Outcome::kNotSimple;
  while (!name.is_complete()) {
    if (!name.TakeDot() || !name.TakeLabel()) return Outcome::kNotSimple;
  }
  if (name.label_count() < 2 || !ReadSuffix(name, known, host)) return Outcome::kNotSimple;
  host.size = static_cast<uint16_t>(name.end() - segment.begin);
  host.tld_begin = static_cast<uint16_t>(tld_begin - segment.begin);
  host.label_count = static_cast<uint16_t>(name.label_count());
  host.is_defanged = name.is_defanged();
  host.reasons = name.notation();
  host.reasons.AddIf(name.mixes_scripts(), Reason::kMixedScript);
  return Outcome::kHost;
}

// What may lower the grade of a host in text is what its TLD may be taken for, a short registrable
// label, code, and what is left of it.
void UnitHostFinder::Rate(const HostFacts& facts, const UnitHost& host, Finding& finding) {
  const bool has_third = facts.label_count > 2;
  const bool anchored = facts.left == LeftContext::kScheme || facts.left == LeftContext::kMailbox;
  const bool bare = facts.left == LeftContext::kBare;
  bool simple = (anchored || bare) && !facts.reasons.Has(Reason::kEscapedDot) &&
                !facts.reasons.Has(Reason::kNextToInvalid);
  Reason context = anchored ? Reason::kAnchored : Reason::kBare;
  if (simple && bare && has_third && facts.value.substr(0, 4) == "www.") {
    context = Reason::kAnchored;
  } else if (simple && bare && !facts.defanged) {
    const std::string_view registrable =
        facts.value.substr(facts.value.size() - facts.registrable_size);
    const bool short_name = facts.registrable_size - facts.suffix_size <= 3 &&
                            (!host.has_letters || IsDigit(registrable.front()));
    const bool inside = facts.begin >= 2 && facts.end + 1 < facts.document.size();
    const bool identifier =
        host.has_identifiers &&
        (has_third || !inside || MayBeOperand(facts.document, facts.begin, facts.end));
    simple = !short_name && !identifier && (host.tld_bits & kLookalike) == 0 &&
             !MayBeObject(facts.value) && !host.is_tld_mapped &&
             !(MayBeTornFromHost(facts.document, facts.begin) &&
               IsTornFromHost(facts.document, facts.begin));
  }
  if (!simple) {
    const Grade grade = GradeHost(facts);
    finding.confidence = grade.confidence;
    finding.reasons = grade.reasons;
    return;
  }
  finding.confidence = Confidence::kHigh;
  finding.reasons = facts.reasons;
  finding.reasons.Add(context);
  finding.reasons.AddIf(facts.evidence != Evidence::kNone, Reason::kEvidence);
}

bool UnitHostFinder::Find(std::string_view document, const Segment& segment,
                          const ScanOptions& options, UnitHostMemo& memo, FoundHost& found,
                          Verdict& verdict) const {
  const bool after_seam = segment.start == Segment::Start::kSeam;
  if (segment.start != Segment::Start::kSeparator && !after_seam) return false;
  if (segment.end - segment.begin > kMaxLabelBytes) return false;
  const size_t begin = segment.begin;
  if (!after_seam && begin > 0 && MayCut(document[begin - 1])) return false;

  const std::string_view written = document.substr(begin, segment.end - begin);
  UnitHost host;
  if (!memo.Recall(written, host, found)) {
    switch (Read(segment, host, found)) {
      case Outcome::kNotSimple:
        return false;
      case Outcome::kNoTld:
        verdict = Verdict::kNoTld;
        return options.min_confidence > Confidence::kLow && !options.unknown_tld_in_urls;
      case Outcome::kHost:
        memo.Keep(written, host, found.value());
        break;
    }
  }
  HostFacts facts;
  facts.document = document;
  facts.begin = begin;
  facts.end = begin + host.size;
  facts.value = found.value();
  facts.tld = facts.value.substr(facts.value.size() - host.tld_size);
  facts.label_count = host.label_count;
  facts.suffix_size = host.suffix_size;
  facts.registrable_size = host.registrable_size;

  // What is left and right of a seam are host characters, or ignorables on the left.
  const bool next_to_wide_left = begin > 0 && !IsAscii(document[begin - 1]);
  const char next = segment.end < document.size() ? document[segment.end] : '\0';
  const bool next_to_wide_right = !IsAscii(next) && !segment.seam_at_end;
  if (!after_seam) {
    const Left left = ReadLeft(document, begin, options.defang);
    facts.left = left.context;
    facts.defanged = left.defanged;
  }
  if ((NeighbourOf(next) & kPlainRight) == 0 && IsAscii(next) &&
      IsLocalPart(document, segment.end, options.defang)) {
    verdict = Verdict::kLocalPart;
    return true;
  }
  if (facts.left == LeftContext::kScheme && IsUserinfo(document, segment.end, options.defang)) {
    verdict = Verdict::kUserinfo;
    return true;
  }
  facts.reasons = host.reasons;
  if (next_to_wide_left || next_to_wide_right) {
    if (IsTornByIgnorables(document, begin, facts.end)) {
      verdict = Verdict::kTooLong;
      return true;
    }
    facts.reasons.AddIf(IsNextToInvalid(document, begin, facts.end), Reason::kNextToInvalid);
  }
  facts.defanged = facts.defanged || host.is_defanged;
  facts.reasons.AddIf(facts.defanged, Reason::kDefanged);
  facts.reasons.AddIf(after_seam || segment.seam_at_end, Reason::kScriptCut);
  if ((NeighbourOf(next) & kEvidenceRight) != 0) {
    facts.evidence = ReadEvidence(document, segment.end);
    facts.reasons.AddIf(facts.end < segment.end && (next == '/' || next == ':'),
                        Reason::kTrailingDot);
  }
  if (facts.end == segment.end) facts.follower = next;
  facts.written_tld = written.substr(host.tld_begin, host.size - host.tld_begin);
  facts.written = written.substr(0, host.size);
  facts.tld_bits = host.tld_bits;
  facts.lookalikes = &ruleset_.lookalikes;

  found.finding = {};
  found.finding.begin = begin;
  found.finding.end = facts.end;
  Rate(facts, host, found.finding);
  found.finding.registrable_size = static_cast<uint16_t>(facts.registrable_size);
  verdict = found.finding.confidence >= options.min_confidence ? Verdict::kFinding
                                                               : Verdict::kBelowMinConfidence;
  return true;
}

}  // namespace trawl::compute
