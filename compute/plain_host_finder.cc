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
  kAlphanumeric = 64,
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
    if (IsAlphanumeric(static_cast<char>(c))) bytes[c] = kAlphanumeric;
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

// Whether an @ stands left of `begin` as most mailboxes have it; ReadLeft knows the others.
bool IsAfterLocalPart(const char* text, size_t begin) {
  return text[begin - 1] == '@' && (NeighbourOf(text[begin - 2]) & kAlphanumeric) != 0;
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
      if (IsAfterLocalPart(document.data(), begin)) {
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

using Round = uint64_t __attribute__((vector_size(16)));
constexpr size_t kRound = sizeof(Round);

// Of host characters and dots, only capitals have bit 6 set and bit 5 clear, but for `_`, which no
// plain host has.
Round Lower(const char* from) {
  Round bytes;
  std::memcpy(&bytes, from, kRound);
  return bytes | (bytes & 0x4040404040404040) >> 1;
}

// Writes up to 2 * kRound - 1 bytes more than `size`, and reads as many. Most hosts are of two
// rounds, so there is no branch before these.
[[gnu::always_inline]] inline void CopyLower(const char* from, size_t size, char* to) {
  size_t i = 0;
  do {
    const Round first = Lower(from + i);
    const Round second = Lower(from + i + kRound);
    std::memcpy(to + i, &first, kRound);
    std::memcpy(to + i + kRound, &second, kRound);
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
  size_t count = places.size();
  while (count > first && search.base() + places[count - 1] > last_end) --count;
  if (count == first || search.base() + places[first] < first_end) return first;
  // Enough for all that are left, since runs have no byte in common.
  findings.Room(places[count - 1] - places[first] + RunSearch::kKnownBytes + 2 * kRound);
  for (size_t i = first; i < count; ++i) {
    const size_t place = places[i];
    const size_t end = search.base() + place;
    const RunSearch::Left known = search.LeftOf(place);
    const unsigned size = static_cast<unsigned>(__builtin_clzll(~known.run | 1));
    if (size >= RunSearch::kKnownBytes || search.IsRareDot(place)) return i;
    const size_t begin = end - size;
    const unsigned tld_size = static_cast<unsigned>(__builtin_clzll(known.dot));
    const SuffixIndex::Tld& tld = suffixes_.Find(SuffixIndex::Pack(text + end, tld_size));
    const uint8_t right = NeighbourOf(text[end]);
    const bool odd = known.odd > ~uint64_t{0} >> size;
    if (tld.bits == 0 || tld_size > 8) {
      const uint64_t odd_of_run = known.odd & ~(~uint64_t{0} >> size);
      const uint64_t label_joiners = known.joiner & ~(~uint64_t{0} >> tld_size);
      if (misses_matter || (odd_of_run & odd_of_run << 1) != 0 || (tld_size > 8 && tld.longer) ||
          ((right & kMayJoinRight) != 0 && JoinsRight(document, end)) ||
          (label_joiners != 0 && MayPrefixBeTld(text + end, tld_size, label_joiners))) {
        return i;
      }
      continue;
    }
    if (odd || tld.special) return i;
    const uint8_t left = NeighbourOf(text[begin - 1]);
    if (begin >= chunk.end) return (left & kPlainLeft) != 0 ? kBeyondChunk : i;
    Neighbours neighbours;
    if ((left * (kPlainRight / kPlainLeft) & right & kPlainRight) == 0) {
      if ((right & kPlainRight) != 0 && IsAfterLocalPart(text, begin)) {
        neighbours.left = LeftContext::kMailbox;
      } else {
        neighbours = ReadNeighbours(document, begin, end, options.defang);
        if (!neighbours.simple) return i;
      }
    }
    if (begin < chunk.begin) continue;
    const uint64_t first_dot = kFirstByte >> tld_size;
    // One that stands for the byte before the run is there always.
    const uint64_t more_dots = (known.dot ^ first_dot) | kFirstByte >> size;
    const unsigned second_begin = static_cast<unsigned>(__builtin_clzll(more_dots));
    const unsigned second_end = tld_size + 1;
    const uint64_t second = SuffixIndex::Pack(text + end - second_end, second_begin - second_end);
    Suffix suffix{tld_size, second_begin};
    if (suffixes_.MayHaveLongerSuffix(tld.number, second)) {
      const uint64_t third_dots = more_dots ^ kFirstByte >> second_begin;
      suffix = ReadSuffix(text + end, size, third_dots, tld, second, suffix);
      if (suffix.registrable_size == 0) return i;
    }
    char* const value = findings.Room(0);
    CopyLower(text + begin, size, value);
    // What is anchored is a host, whatever it looks like. What is a lookalike, or short, or begins
    // like code, may be graded lower.
    const bool has_third = second_begin < size;
    const unsigned www = StartsWith(value, "www.") & unsigned{has_third};
    const bool anchored = (kAnchoredContexts >> static_cast<unsigned>(neighbours.left) & 1) != 0 ||
                          (www & (neighbours.left == LeftContext::kBare)) != 0;
    if (!anchored) {
      const bool identifier = tld.identifiers && (has_third || MayBeOperand(document, begin, end));
      const unsigned odd_name = unsigned{suffix.registrable_size - suffix.size <= 3} |
                                unsigned{identifier} | StartsWith(value, "this") |
                                StartsWith(value, "self") |
                                (~static_cast<unsigned>(text[end - tld_size]) & 0x20) |
                                (tld.bits & kLookalike) | static_cast<unsigned>(neighbours.left);
      if (odd_name != 0) {
        AddGraded(document, {begin, end, tld_size, has_third, tld.bits, suffix, neighbours},
                  options, findings);
        continue;
      }
    }
    Finding finding;
    finding.begin = begin;
    finding.end = end;
    finding.registrable_size = static_cast<uint16_t>(suffix.registrable_size);
    finding.reasons.Add(anchored ? Reason::kAnchored : Reason::kBare);
    finding.reasons.AddIf(neighbours.scheme_defanged, Reason::kDefanged);
    finding.reasons.AddIf(neighbours.evidence != Evidence::kNone, Reason::kEvidence);
    findings.AddWithText(finding, size);
  }
  return count;
}

PlainHostFinder::Neighbours PlainHostFinder::ReadNeighbours(std::string_view document, size_t begin,
                                                            size_t end, Defang defang) {
  const uint8_t right = NeighbourOf(document[end]);
  Neighbours neighbours;
  neighbours.simple = false;
  if ((NeighbourOf(document[begin - 1]) & kPlainLeft) == 0) {
    Left left;
    if (!ReadPlainLeft(document, begin, defang, left)) return neighbours;
    neighbours.left = left.context;
    neighbours.scheme_defanged = left.defanged;
  }
  if ((right & kPlainRight) == 0) {
    if ((right & kEvidenceRight) != 0) {
      neighbours.evidence = ReadEvidence(document, end);
    } else if (!IsPlainRight(document, end)) {
      return neighbours;
    }
  }
  const bool dot = document[end] == '.';
  neighbours.simple = neighbours.left != LeftContext::kScheme ||
                      !((dot || (right & kUserinfoRight) != 0) &&
                        IsUserinfo(document, dot ? end + 1 : end, defang));
  return neighbours;
}

// Whether what is left of the last label's first hyphen or underscore may be a TLD.
bool PlainHostFinder::MayPrefixBeTld(const char* end, unsigned label_size,
                                     uint64_t label_joiners) const {
  const unsigned rest = 64 - static_cast<unsigned>(__builtin_ctzll(label_joiners));
  if (rest == label_size) return true;
  const SuffixIndex::Tld tld = suffixes_.Find(SuffixIndex::Pack(end - rest, label_size - rest));
  return tld.bits != 0 || tld.longer;
}

PlainHostFinder::Suffix PlainHostFinder::ReadSuffix(const char* end, unsigned size,
                                                    uint64_t third_dots,
                                                    const SuffixIndex::Tld& tld, uint64_t second,
                                                    Suffix shortest) const {
  const unsigned second_begin = shortest.registrable_size;
  if (second_begin - shortest.size - 1 <= 8) {
    const SuffixIndex::SecondLevel level = suffixes_.FindSecondLevel(tld, second);
    if (level.number == 0) return shortest;
    if (second_begin == size) return level.suffix ? Suffix{size, 0} : shortest;
    const unsigned third_begin = static_cast<unsigned>(__builtin_clzll(third_dots));
    const uint64_t third =
        SuffixIndex::Pack(end - second_begin - 1, third_begin - second_begin - 1);
    if (!level.wildcard && !suffixes_.MayHaveLongerSuffix(level.number, third)) {
      return level.suffix ? Suffix{second_begin, third_begin} : shortest;
    }
  }
  std::array<char, RunSearch::kKnownBytes + 32> lower;
  CopyLower(end - size, size, lower.data());
  const std::string_view value(lower.data(), size);
  const PublicSuffixList::Suffixes suffixes = ruleset_.public_suffixes.Find(value);
  if (size == suffixes.all || size == suffixes.icann) return {size, 0};
  const size_t dot = value.rfind('.', size - suffixes.all - 2);
  const size_t registrable_size = dot == std::string_view::npos ? size : size - dot - 1;
  return {static_cast<unsigned>(suffixes.all), static_cast<unsigned>(registrable_size)};
}

// The host in lower case is in the findings' Room.
void PlainHostFinder::AddGraded(std::string_view document, const Host& host,
                                const ScanOptions& options, FindingList& findings) const {
  const char* const text = document.data() + host.begin;
  const size_t size = host.end - host.begin;
  const Neighbours& neighbours = host.neighbours;
  // Most of what ends in a file's extension is a file.
  const bool file =
      (host.tld_bits & Lookalikes::kFile) != 0 && !host.has_third &&
      neighbours.evidence == Evidence::kNone && !neighbours.scheme_defanged &&
      (neighbours.left == LeftContext::kBare || neighbours.left == LeftContext::kPath);
  if (file && options.min_confidence > Confidence::kLow) return;
  HostFacts facts;
  facts.document = document;
  facts.begin = host.begin;
  facts.end = host.end;
  facts.value = {findings.Room(0), size};
  facts.suffix_size = host.suffix.size;
  facts.registrable_size = host.suffix.registrable_size;
  facts.left = neighbours.left;
  facts.label_count = host.has_third ? 3 : 2;
  facts.tld = facts.value.substr(size - host.tld_size);
  facts.written = {text, size};
  facts.written_tld = facts.written.substr(size - host.tld_size);
  facts.tld_bits = host.tld_bits;
  facts.lookalikes = &ruleset_.lookalikes;
  facts.evidence = neighbours.evidence;
  facts.defanged = neighbours.scheme_defanged;
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
