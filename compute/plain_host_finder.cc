// The order of the decisions is the cheapest: most runs end at the TLD, which is one look-up. What
// differs from one host to the next without a pattern is computed and not branched on: to foresee
// it wrongly would cost as much as all else.

#include "compute/plain_host_finder.h"

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
      if (IsAlphanumeric(document[begin - 2])) {
        context.context = LeftContext::kMailbox;
      } else {
        context = ReadLeft(document, begin, defang);
      }
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

using EightBytes = uint64_t;
constexpr size_t kRound = 2 * sizeof(EightBytes);

// Of host characters and dots, only capitals have bit 6 set and bit 5 clear, but for `_`, which no
// plain host has.
EightBytes Lower(EightBytes bytes) { return bytes | (bytes & 0x4040404040404040) >> 1; }

// Writes up to kRound - 1 bytes more than `size`, or 2 * kRound in all, and reads as many. Most
// hosts are of two rounds, so there is no branch before these.
void CopyLower(const char* from, size_t size, char* to) {
  size_t i = 0;
  do {
    EightBytes bytes[4];
    std::memcpy(bytes, from + i, sizeof bytes);
    const EightBytes first[2] = {Lower(bytes[0]), Lower(bytes[1])};
    const EightBytes second[2] = {Lower(bytes[2]), Lower(bytes[3])};
    std::memcpy(to + i, first, kRound);
    std::memcpy(to + i + kRound, second, kRound);
    i += 2 * kRound;
  } while (i < size);
}

// 1 where `text` begins with the four bytes of `start`, else 0.
unsigned StartsWith(const char* text, const char (&start)[5]) {
  uint32_t bytes;
  uint32_t of_start;
  std::memcpy(&bytes, text, sizeof bytes);
  std::memcpy(&of_start, start, sizeof of_start);
  return bytes == of_start ? 1 : 0;
}

constexpr uint8_t kLookalike = Lookalikes::kFile | Lookalikes::kWord | Lookalikes::kWordGtld;
constexpr unsigned kAnchoredContexts = 1u << static_cast<unsigned>(LeftContext::kScheme) |
                                       1u << static_cast<unsigned>(LeftContext::kMailbox);
constexpr uint64_t kFirstByte = uint64_t{1} << 63;  // of RunSearch::Left
constexpr size_t kBytesAfter = 2 * kRound;          // that are read beyond a run

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
  // A host may end in [first_end, last_end].
  const size_t first_end = RunSearch::kKnownBytes + 8;
  if (document.size() < first_end + kBytesAfter) return first;
  const size_t last_end = document.size() - kBytesAfter;
  for (size_t i = first; i < places.size(); ++i) {
    const size_t place = places[i];
    const size_t end = search.base() + place;
    const RunSearch::Left known = search.LeftOf(place);
    const unsigned size = static_cast<unsigned>(__builtin_clzll(~known.run | 1));
    if (size >= RunSearch::kKnownBytes || known.dot == 0 || search.IsRareDot(place) ||
        end - first_end > last_end - first_end) {
      return i;
    }
    const uint64_t run = ~(~uint64_t{0} >> size);
    Host host;
    host.end = end;
    host.begin = end - size;
    host.tld_size = static_cast<unsigned>(__builtin_clzll(known.dot));
    const uint64_t odd = known.odd & run;
    const uint64_t label_joiners = known.joiner & ~(~uint64_t{0} >> host.tld_size);
    if ((odd | label_joiners) != 0) {
      if ((odd & odd << 1) != 0) return i;
      if (label_joiners != 0) {
        if (misses_matter || JoinsRight(document, end) ||
            MayPrefixBeTld(text + end, host.tld_size, label_joiners)) {
          return i;
        }
        continue;
      }
    }
    host.tld = suffixes_.Find(SuffixIndex::Pack(text + end, host.tld_size));
    if (host.tld_size > 8) {
      if (host.tld.longer) return i;
      host.tld.bits = 0;
    }
    const uint8_t right = NeighbourOf(text[end]);
    if (host.tld.bits == 0) {
      if (misses_matter || ((right & kMayJoinRight) != 0 && JoinsRight(document, end))) return i;
      continue;
    }
    if (host.tld.special || odd != 0) return i;
    const uint8_t left = NeighbourOf(text[host.begin - 1]);
    if (host.begin >= chunk.end) return (left & kPlainLeft) != 0 ? kBeyondChunk : i;
    const bool plain = (left * (kPlainRight / kPlainLeft) & right & kPlainRight) != 0;
    if (!plain && !ReadNeighbours(document, options.defang, host)) return i;
    if (host.begin < chunk.begin) continue;
    // One that stands for the byte before the run is there always.
    const uint64_t more_dots =
        (known.dot & run & ~(kFirstByte >> host.tld_size)) | kFirstByte >> size;
    host.second_begin = static_cast<unsigned>(__builtin_clzll(more_dots));
    host.third_dots = more_dots & ~(kFirstByte >> host.second_begin);
    host.suffix_size = host.tld_size;
    host.registrable_size = host.second_begin;
    const unsigned second_end = host.tld_size + 1;
    const uint64_t second =
        SuffixIndex::Pack(text + end - second_end, host.second_begin - second_end);
    if (suffixes_.MayHaveLongerSuffix(host.tld.number, second) &&
        !ReadSuffix(document, second, host)) {
      return i;
    }
    char* const value = findings.Room(size + 2 * kRound);
    CopyLower(text + host.begin, size, value);
    // What is anchored is a host, whatever it looks like. What is a lookalike, or short, or begins
    // like code, may be graded lower.
    const unsigned www = StartsWith(value, "www.") & unsigned{host.has_third()};
    const bool anchored = kAnchoredContexts >> static_cast<unsigned>(host.left) & 1 ||
                          (www & (host.left == LeftContext::kBare)) != 0;
    if (!anchored) {
      const bool identifier =
          host.tld.identifiers && (host.has_third() || MayBeOperand(document, host.begin, end));
      const unsigned odd_name = unsigned{host.registrable_size - host.suffix_size <= 3} |
                                unsigned{identifier} | StartsWith(value, "this") |
                                StartsWith(value, "self") |
                                (~static_cast<unsigned>(text[end - host.tld_size]) & 0x20) |
                                (host.tld.bits & kLookalike) | static_cast<unsigned>(host.left);
      if (odd_name != 0) {
        AddGraded(document, host, options, findings);
        continue;
      }
    }
    Finding finding;
    finding.begin = host.begin;
    finding.end = end;
    finding.registrable_size = static_cast<uint16_t>(host.registrable_size);
    finding.reasons.AddIf(anchored, Reason::kAnchored);
    finding.reasons.AddIf(!anchored, Reason::kBare);
    finding.reasons.AddIf(host.scheme_defanged, Reason::kDefanged);
    finding.reasons.AddIf(host.evidence != Evidence::kNone, Reason::kEvidence);
    findings.AddWithText(finding, size);
  }
  return places.size();
}

// False where what stands left or right of the host is not simple.
bool PlainHostFinder::ReadNeighbours(std::string_view document, Defang defang, Host& host) {
  const uint8_t right = NeighbourOf(document[host.end]);
  if ((NeighbourOf(document[host.begin - 1]) & kPlainLeft) == 0) {
    Left left;
    if (!ReadPlainLeft(document, host.begin, defang, left)) return false;
    host.left = left.context;
    host.scheme_defanged = left.defanged;
  }
  if ((right & kPlainRight) == 0) {
    if ((right & kEvidenceRight) != 0) {
      host.evidence = ReadEvidence(document, host.end);
    } else if (!IsPlainRight(document, host.end)) {
      return false;
    }
  }
  if (host.left != LeftContext::kScheme) return true;
  const bool dot = document[host.end] == '.';
  return !((dot || (right & kUserinfoRight) != 0) &&
           IsUserinfo(document, dot ? host.end + 1 : host.end, defang));
}

// Whether what is left of the last label's first hyphen or underscore may be a TLD.
bool PlainHostFinder::MayPrefixBeTld(const char* end, unsigned label_size,
                                     uint64_t label_joiners) const {
  const unsigned rest = 64 - static_cast<unsigned>(__builtin_ctzll(label_joiners));
  if (rest == label_size) return true;
  const SuffixIndex::Tld tld = suffixes_.Find(SuffixIndex::Pack(end - rest, label_size - rest));
  return tld.bits != 0 || tld.longer;
}

// Of a host whose second-level label may be part of its public suffix. False where the host is a
// public suffix itself.
bool PlainHostFinder::ReadSuffix(std::string_view document, uint64_t second, Host& host) const {
  const char* const end = document.data() + host.end;
  if (host.second_begin - host.tld_size - 1 <= 8) {
    const SuffixIndex::SecondLevel level = suffixes_.FindSecondLevel(host.tld, second);
    if (level.number == 0) return true;
    if (!host.has_third()) return !level.suffix;
    const unsigned third_begin = static_cast<unsigned>(__builtin_clzll(host.third_dots));
    const uint64_t third =
        SuffixIndex::Pack(end - host.second_begin - 1, third_begin - host.second_begin - 1);
    if (!level.wildcard && !suffixes_.MayHaveLongerSuffix(level.number, third)) {
      if (level.suffix) {
        host.suffix_size = host.second_begin;
        host.registrable_size = third_begin;
      }
      return true;
    }
  }
  std::array<char, RunSearch::kKnownBytes + 32> lower;
  const size_t size = host.end - host.begin;
  CopyLower(end - size, size, lower.data());
  const std::string_view value(lower.data(), size);
  const PublicSuffixList::Suffixes suffixes = ruleset_.public_suffixes.Find(value);
  if (size == suffixes.all || size == suffixes.icann) return false;
  host.suffix_size = static_cast<unsigned>(suffixes.all);
  const size_t dot = value.rfind('.', size - suffixes.all - 2);
  host.registrable_size =
      static_cast<unsigned>(dot == std::string_view::npos ? size : size - dot - 1);
  return true;
}

// The host in lower case is in the findings' Room.
void PlainHostFinder::AddGraded(std::string_view document, const Host& host,
                                const ScanOptions& options, FindingList& findings) const {
  const char* const text = document.data() + host.begin;
  const size_t size = host.end - host.begin;
  // Most of what ends in a file's extension is a file.
  const bool file = (host.tld.bits & Lookalikes::kFile) != 0 && !host.has_third() &&
                    host.evidence == Evidence::kNone && !host.scheme_defanged &&
                    (host.left == LeftContext::kBare || host.left == LeftContext::kPath);
  if (file && options.min_confidence > Confidence::kLow) return;
  HostFacts facts;
  facts.document = document;
  facts.begin = host.begin;
  facts.end = host.end;
  facts.value = {findings.Room(size), size};
  facts.suffix_size = host.suffix_size;
  facts.registrable_size = host.registrable_size;
  facts.left = host.left;
  facts.label_count = host.has_third() ? 3 : 2;
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
  if (grade.confidence < options.min_confidence) return;
  Finding finding;
  finding.begin = host.begin;
  finding.end = host.end;
  finding.registrable_size = static_cast<uint16_t>(facts.registrable_size);
  finding.confidence = grade.confidence;
  finding.reasons = grade.reasons;
  findings.AddWithText(finding, size);
}

}  // namespace trawl::compute
