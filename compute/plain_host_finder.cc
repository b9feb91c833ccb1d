// The order of the decisions is the cheapest: most runs end at the TLD, which is one look-up.

#include "compute/plain_host_finder.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "compute/code_points.h"
#include "compute/confidence.h"
#include "compute/context.h"
#include "compute/lookalikes.h"
#include "compute/surroundings.h"

namespace trawl::compute {
namespace {

// What a byte next to a run is to it.
enum Neighbour : uint8_t {
  kPlainLeft = 1,       // says nothing
  kPlainRight = 2,      // says nothing
  kEvidenceRight = 4,   // ReadEvidence knows
  kUserinfoRight = 8,   // may go on to the @ of a URL
  kPlainAfterDot = 16,  // ends a sentence that ends in a host
  kMayJoinRight = 32,   // the run may go on
};

constexpr std::array<uint8_t, 256> kNeighbours = [] {
  std::array<uint8_t, 256> bytes{};
  auto set = [&bytes](std::string_view of, int bits) {
    for (unsigned char c : of) bytes[c] = static_cast<uint8_t>(bytes[c] | bits);
  };
  auto clear = [&bytes](std::string_view of, int bits) {
    for (unsigned char c : of) bytes[c] = static_cast<uint8_t>(bytes[c] & ~bits);
  };
  for (size_t c = 0; c < 0x80; ++c) {
    if (!IsHostByte(static_cast<char>(c))) bytes[c] = kPlainLeft | kPlainRight | kPlainAfterDot;
  }
  for (size_t c = 0x80; c < 0x100; ++c) bytes[c] = kMayJoinRight;
  clear("%\\])}./@[;=!", kPlainLeft);
  clear("@+%\\\"([{.:/?#", kPlainRight);
  clear("@+%\\\"([{.:/?#]", kPlainAfterDot);
  set(":/?#", kEvidenceRight);
  set("~!$&'*,;=:)", kUserinfoRight);
  set("([{\\.", kMayJoinRight);
  return bytes;
}();

uint8_t NeighbourOf(char c) { return kNeighbours[static_cast<unsigned char>(c)]; }

bool IsUpperHex(char c) { return HexValue(c) >= 0 && !IsLower(c); }

// Whether a character that is not ASCII separates, and no more.
bool IsSeparator(CodePoint c) {
  return c.well_formed && HostClassOf(c.value) == HostClass::kSeparator;
}

// Whether `://` stands left of `begin` as most schemes have it; ReadLeft knows the others. What
// ends in a hexadecimal digit may be the end of an escape.
bool IsAfterScheme(std::string_view text, size_t begin) {
  const char last = text[begin - 4];
  return text.substr(begin - 3, 3) == "://" && IsAlphanumeric(last) && HexValue(last) < 0;
}

// Whether a run that ends at `end` goes on beyond it in another notation or script.
bool JoinsRight(std::string_view document, size_t end) {
  const char right = document[end];
  const char after = document[end + 1];
  switch (right) {
    case '.':
      return !IsAscii(after) || after == ']';
    case '[':
    case '(':
    case '{':
      return after == '.' || (after | 0x20) == 'd';
    case '\\':
      return after == '.';
    default:
      return !IsAscii(right) && !IsSeparator(DecodeAt(document, end));
  }
}

// False where what stands left of `begin` is not simple.
bool ReadPlainLeft(std::string_view document, size_t begin, Defang defang, Left& context) {
  const char left = document[begin - 1];
  switch (left) {
    case '/':
      if (IsAfterScheme(document, begin)) {
        context.context = LeftContext::kScheme;
        return true;
      }
      context = ReadLeft(document, begin, defang);
      return true;
    case '@':
      context = ReadLeft(document, begin, defang);
      return true;
    case '[':
    case ';': {
      const char first = document[begin];
      return !IsDigit(first) && first != 'm' && first != 'K';
    }
    case '=':
      return !IsUpperHex(document[begin]) || !IsUpperHex(document[begin + 1]);
    case '!':
      return !IsTornFromHost(document, begin);
    default:
      return !IsAscii(left) && IsSeparator(DecodeBefore(document, begin)) &&
             !IsTornFromHost(document, begin);
  }
}

// False where what stands right of `end` is not simple.
bool IsPlainRight(std::string_view document, size_t end) {
  const char right = document[end];
  const char after = document[end + 1];
  if (right == '.') return (NeighbourOf(after) & kPlainAfterDot) != 0;
  if (right == '"') {
    return after != '@' && after != '%' && after != '[' && after != '(' && after != '{';
  }
  return !IsAscii(right) && IsSeparator(DecodeAt(document, end));
}

// Writes up to 15 bytes more than `size`, and reads as many.
void CopyLower(const char* from, size_t size, char* to) {
  for (size_t i = 0; i < size; i += 16) {
    uint64_t bytes[2];
    std::memcpy(bytes, from + i, sizeof bytes);
    // Of host characters and dots, only capitals have bit 6 set and bit 5 clear, but for `_`, which
    // no plain host has.
    bytes[0] |= (bytes[0] & 0x4040404040404040) >> 1;
    bytes[1] |= (bytes[1] & 0x4040404040404040) >> 1;
    std::memcpy(to + i, bytes, sizeof bytes);
  }
}

constexpr size_t kBytesAfter = 16;  // that are read beyond a run

}  // namespace

PlainHostFinder::PlainHostFinder(const Ruleset& ruleset)
    : ruleset_(ruleset), tlds_(ruleset), suffixes_(ruleset, tlds_) {}

size_t PlainHostFinder::FindAll(std::string_view document, const RunSearch& search, size_t first,
                                const ScanOptions& options, Chunk chunk,
                                FindingList& findings) const {
  const char* const text = document.data();
  const std::span<const uint16_t> places = search.places();
  const bool misses_matter =
      options.min_confidence == Confidence::kLow || options.unknown_tld_in_urls;
  for (size_t i = first; i < places.size(); ++i) {
    const size_t place = places[i];
    Host host;
    host.end = search.base() + place;
    const uint64_t hosts = search.HostsBefore(place);
    const uint64_t dots = search.DotsBefore(place) & hosts << 1 & hosts >> 1;
    const uint64_t runs = hosts | dots;
    // A dot that is the first of the 64 bytes is not seen to be one.
    if (search.IsRareDot(place) || runs == ~uint64_t{0} || dots == 0 ||
        host.end + kBytesAfter > document.size()) {
      return i;
    }
    const unsigned size = static_cast<unsigned>(__builtin_clzll(~runs));
    host.begin = host.end - size;
    if (host.begin < 8) return i;
    const uint64_t run = ~(~uint64_t{0} >> size);
    host.tld_size = static_cast<unsigned>(__builtin_clzll(dots));
    const uint64_t joiners = search.JoinersBefore(place) & run;
    uint64_t odd = 0;
    if (joiners != 0) {
      const uint64_t alphanumeric = hosts & ~joiners;
      odd = (search.UnderscoresBefore(place) & run) |
            (joiners & ~(alphanumeric << 1 & alphanumeric >> 1));
      if ((odd & odd << 1) != 0) return i;
      const uint64_t label_joiners = joiners & ~(~uint64_t{0} >> host.tld_size);
      if (label_joiners != 0) {
        if (misses_matter || JoinsRight(document, host.end) ||
            MayPrefixBeTld(text + host.end, host.tld_size, label_joiners)) {
          return i;
        }
        continue;
      }
    }
    host.tld = suffixes_.Find(SuffixIndex::Pack(text + host.end, host.tld_size));
    if (host.tld_size > 8) {
      if (host.tld.longer) return i;
      host.tld.bits = 0;
    }
    const uint8_t right = NeighbourOf(text[host.end]);
    if (host.tld.bits == 0) {
      if (misses_matter || ((right & kMayJoinRight) != 0 && JoinsRight(document, host.end))) {
        return i;
      }
      continue;
    }
    if (host.tld.special || odd != 0) return i;
    const bool plain_left = (NeighbourOf(text[host.begin - 1]) & kPlainLeft) != 0;
    if (host.begin >= chunk.end) return plain_left ? kBeyondChunk : i;
    if (!plain_left) {
      Left left;
      if (!ReadPlainLeft(document, host.begin, options.defang, left)) return i;
      host.left = left.context;
      host.scheme_defanged = left.defanged;
    }
    if ((right & kPlainRight) == 0) {
      if ((right & kEvidenceRight) != 0) {
        host.evidence = ReadEvidence(document, host.end);
      } else if (!IsPlainRight(document, host.end)) {
        return i;
      }
    }
    if (host.left == LeftContext::kScheme) {
      const bool dot = text[host.end] == '.';
      if ((dot || (right & kUserinfoRight) != 0) &&
          IsUserinfo(document, dot ? host.end + 1 : host.end, options.defang)) {
        return i;
      }
    }
    if (host.begin < chunk.begin) continue;
    const uint64_t more_dots = dots & run & ~(uint64_t{1} << (63 - host.tld_size));
    host.has_third = more_dots != 0;
    const uint64_t before_run = uint64_t{1} << (63 - size);
    host.second_size =
        static_cast<unsigned>(__builtin_clzll(more_dots | before_run)) - host.tld_size - 1;
    if (Add(document, host, options, findings) == Outcome::kNotSimple) return i;
  }
  return places.size();
}

// Whether what is left of the last label's first hyphen or underscore may be a TLD.
bool PlainHostFinder::MayPrefixBeTld(const char* end, unsigned label_size,
                                     uint64_t label_joiners) const {
  const unsigned rest = 64 - static_cast<unsigned>(__builtin_ctzll(label_joiners));
  if (rest == label_size) return true;
  const SuffixIndex::Tld& tld = suffixes_.Find(SuffixIndex::Pack(end - rest, label_size - rest));
  return tld.bits != 0 || tld.longer;
}

PlainHostFinder::Outcome PlainHostFinder::Add(std::string_view document, const Host& host,
                                              const ScanOptions& options,
                                              FindingList& findings) const {
  constexpr uint8_t kLookalike = Lookalikes::kFile | Lookalikes::kWord | Lookalikes::kWordGtld;
  const char* const text = document.data() + host.begin;
  const size_t size = host.end - host.begin;
  const char* const tld_text = text + size - host.tld_size;
  const bool longer =
      suffixes_.MayHaveLongerSuffix(host.tld, SuffixIndex::Pack(tld_text - 1, host.second_size));
  const bool simple =
      !longer && host.left == LeftContext::kBare && (host.tld.bits & kLookalike) == 0 &&
      IsLower(*tld_text) && host.second_size > 2 &&
      !(host.tld.identifiers && (host.has_third || MayBeOperand(document, host.begin, host.end)));
  // What is anchored is a host, whatever it looks like.
  const bool anchored =
      !longer && (host.left == LeftContext::kScheme || host.left == LeftContext::kMailbox);
  if (!simple && !anchored) return AddGraded(document, host, longer, options, findings);
  char* const value = findings.Room(size + 16);
  CopyLower(text, size, value);
  if (!anchored && (std::memcmp(value, "www.", 4) == 0 || MayBeObject({value, size}))) {
    return AddGraded(document, host, longer, options, findings);
  }
  Finding finding;
  finding.begin = host.begin;
  finding.end = host.end;
  finding.registrable_size = static_cast<uint16_t>(host.tld_size + 1 + host.second_size);
  finding.reasons = {anchored ? Reason::kAnchored : Reason::kBare};
  if (host.scheme_defanged) finding.reasons.Add(Reason::kDefanged);
  if (host.evidence != Evidence::kNone) finding.reasons.Add(Reason::kEvidence);
  findings.AddWithText(finding, size);
  return Outcome::kDecided;
}

PlainHostFinder::Outcome PlainHostFinder::AddGraded(std::string_view document, const Host& host,
                                                    bool longer_suffix, const ScanOptions& options,
                                                    FindingList& findings) const {
  const char* const text = document.data() + host.begin;
  const size_t size = host.end - host.begin;
  // Most of what ends in a file's extension is a file.
  const bool file = (host.tld.bits & Lookalikes::kFile) != 0 && !host.has_third && !longer_suffix &&
                    host.evidence == Evidence::kNone && !host.scheme_defanged &&
                    (host.left == LeftContext::kBare || host.left == LeftContext::kPath);
  if (file && options.min_confidence > Confidence::kLow) return Outcome::kDecided;
  char* const value = findings.Room(size + 16);
  CopyLower(text, size, value);
  HostFacts facts;
  facts.value = {value, size};
  facts.suffix_size = host.tld_size;
  facts.registrable_size = host.tld_size + 1 + host.second_size;
  if (longer_suffix) {
    const PublicSuffixList::Suffixes suffixes = ruleset_.public_suffixes.Find(facts.value);
    if (size == suffixes.all || size == suffixes.icann) return Outcome::kNotSimple;
    facts.suffix_size = suffixes.all;
    const size_t dot = facts.value.rfind('.', size - suffixes.all - 2);
    facts.registrable_size = dot == std::string_view::npos ? size : size - dot - 1;
  }
  facts.document = document;
  facts.begin = host.begin;
  facts.end = host.end;
  facts.left = host.left;
  facts.label_count = host.has_third ? 3 : 2;
  facts.tld = facts.value.substr(size - host.tld_size);
  facts.written = {text, size};
  facts.written_tld = facts.written.substr(size - host.tld_size);
  facts.tld_bits = host.tld.bits;
  facts.lookalikes = &ruleset_.lookalikes;
  facts.evidence = host.evidence;
  facts.defanged = host.scheme_defanged;
  if (facts.defanged) facts.reasons.Add(Reason::kDefanged);
  facts.follower = document[host.end];
  const Grade grade = GradeHost(facts);
  if (grade.confidence < options.min_confidence) return Outcome::kDecided;
  Finding finding;
  finding.begin = host.begin;
  finding.end = host.end;
  finding.registrable_size = static_cast<uint16_t>(facts.registrable_size);
  finding.confidence = grade.confidence;
  finding.reasons = grade.reasons;
  findings.AddWithText(finding, size);
  return Outcome::kDecided;
}

}  // namespace trawl::compute
