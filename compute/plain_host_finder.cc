// The order of the decisions is the cheapest: most runs end at the TLD, which is one look-up. What
// differs from one host to the next without a pattern is computed and not branched on: to foresee
// it wrongly would cost as much as all else.
//
// The loop is compiled a second time for processors that count leading zeros and shift by any
// register in one operation each, as it does for every host several times.

#include "compute/plain_host_finder.h"

#include <array>
#include <cstring>

#include "compute/bit_instructions.h"
#include "compute/code_points.h"
#include "compute/confidence.h"
#include "compute/lookalikes.h"
#include "compute/plain_name.h"
#include "compute/surroundings.h"

namespace trawl::compute {
namespace {

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
constexpr uint64_t kFirstByte = uint64_t{1} << 63;  // of RunSearch::Left
constexpr size_t kBytesAfter = 2 * kRound;          // that are read beyond a run

// Whether a run may hold a host though its last label is no TLD.
bool MissesMatter(const ScanOptions& options) {
  return options.min_confidence == Confidence::kLow || options.unknown_tld_in_urls;
}

// False where what stands beside the host is not simple. Of what most have there, ReadNeighbours
// need not be asked.
[[gnu::always_inline]] inline bool ReadSimpleNeighbours(std::string_view document, size_t begin,
                                                        size_t end, Defang defang,
                                                        PlainNeighbours& neighbours) {
  const uint8_t right = NeighbourOf(document[end]);
  const uint8_t left = NeighbourOf(document[begin - 1]);
  if ((left * (kPlainRight / kPlainLeft) & right & kPlainRight) != 0) return true;
  if ((right & kPlainRight) != 0 && IsAfterLocalPart(document.data() + begin)) {
    neighbours = PlainNeighbours(LeftContext::kMailbox);
    return true;
  }
  neighbours = ReadNeighbours(document, begin, end, defang);
  return neighbours.is_simple();
}

}  // namespace

PlainHostFinder::PlainHostFinder(const Ruleset& ruleset, bool bit_instructions)
    : ruleset_(ruleset),
      tlds_(ruleset),
      suffixes_(ruleset, tlds_),
      bit_instructions_(bit_instructions) {}

[[gnu::always_inline]] inline bool PlainHostFinder::AddHost(
    std::string_view document, Place place, Name name, unsigned tld_size, SuffixIndex::Tld tld,
    PlainNeighbours neighbours, const ScanOptions& options, HostMemo* memo,
    const FindingList& findings, FindingList::Cursor& cursor) const {
  // One that stands for the byte before the run is there always.
  const uint64_t more_dots = (name.dots ^ kFirstByte >> tld_size) | kFirstByte >> name.size;
  const unsigned second_begin = LeadingZeros(more_dots);
  const unsigned second_end = tld_size + 1;
  const uint64_t second = SuffixIndex::Pack(name.end - second_end, second_begin - second_end);
  Suffix suffix{tld_size, second_begin};
  if (suffixes_.MayHaveLongerSuffix(tld.key(), second)) {
    const uint64_t third_dots = more_dots ^ kFirstByte >> second_begin;
    suffix = ReadSuffix(name, third_dots, tld, second, suffix);
    if (suffix.registrable_size == 0) return false;
  }
  char* const value = cursor.text;
  CopyLower(name.end - name.size, name.size, value);
  Grade grade;
  Reason bare = HostMemo::kNone;
  // What is anchored is a host, whatever it looks like. What is a lookalike, or short, or begins
  // like code, may be graded lower.
  if (neighbours.is_anchored()) {
    grade.reasons.Add(Reason::kAnchored);
  } else {
    const bool has_third = second_begin < name.size;
    const unsigned www = StartsWith(value, "www.") & unsigned{has_third} &
                         unsigned{neighbours.left() == LeftContext::kBare};
    const bool identifier = tld.Has(SuffixIndex::Tld::kIdentifiers) &&
                            (has_third || MayBeOperand(document, place.begin, place.end));
    const bool short_name = suffix.registrable_size - suffix.size <= 3 &&
                            (!tld.Has(SuffixIndex::Tld::kLetters) ||
                             IsDigit(value[name.size - suffix.registrable_size]));
    const unsigned odd_name = unsigned{short_name} | unsigned{identifier} |
                              StartsWith(value, "this") | StartsWith(value, "self") |
                              (~static_cast<unsigned>(*(name.end - tld_size)) & 0x20) |
                              (tld.bits() & kLookalike) | static_cast<unsigned>(neighbours.left());
    if (odd_name != 0 && www == 0) {
      const Host host{place,  {value, name.size}, tld_size, has_third, tld.bits(),
                      suffix, neighbours};
      grade = GradeOf(document, host, options);
      if (grade.confidence < options.min_confidence) return true;
      neighbours = PlainNeighbours();
    } else {
      const Reason reason = www != 0 ? Reason::kAnchored : Reason::kBare;
      grade.reasons.Add(reason);
      if (www != 0 || !tld.Has(SuffixIndex::Tld::kIdentifiers)) bare = reason;
    }
  }
  neighbours.AddReasons(grade.reasons);
  Finding& finding = *cursor.next++;
  cursor.text += name.size;
  finding.value_begin = findings.PlaceOf(value);
  finding.value_size = static_cast<uint16_t>(name.size);
  finding.begin = place.begin;
  finding.end = place.end;
  finding.reasons = grade.reasons;
  finding.registrable_size = static_cast<uint16_t>(suffix.registrable_size);
  finding.registrable_tail = 0;
  finding.kind = Kind::kDomain;
  finding.confidence = grade.confidence;
  if (memo != nullptr) memo->Keep(document, finding, bare);
  return true;
}

[[gnu::always_inline]] inline bool PlainHostFinder::MayEndEarlier(std::string_view document,
                                                                  const RunSearch& search,
                                                                  size_t place, unsigned size,
                                                                  unsigned label_size) const {
  const uint64_t odd_of_run = search.LeftOf(place).odd & ~(~uint64_t{0} >> size);
  if ((odd_of_run & odd_of_run << 1) != 0) return true;
  const char* const end = document.data() + search.base() + place;
  const auto may_be_tld = [this](const char* label_end, unsigned its_size) {
    const SuffixIndex::Tld tld = suffixes_.Find(SuffixIndex::Pack(label_end, its_size));
    return tld.Has(SuffixIndex::Tld::kLonger) ||
           (tld.bits() != 0 && its_size <= SuffixIndex::kPacked);
  };
  if (label_size > SuffixIndex::kPacked && may_be_tld(end, label_size)) return true;
  if ((NeighbourOf(*end) & kMayJoinRight) != 0 && JoinsRight(document, search.base() + place)) {
    return true;
  }
  // What is left of the last label's first hyphen or underscore may be a TLD.
  const uint64_t label_joiners = search.JoinersLeftOf(place) & ~(~uint64_t{0} >> label_size);
  if (label_joiners == 0) return false;
  const unsigned rest = 64 - static_cast<unsigned>(__builtin_ctzll(label_joiners));
  return rest == label_size || may_be_tld(end - rest, label_size - rest);
}

template <bool kRecalls>
[[gnu::always_inline]] inline size_t PlainHostFinder::FindAllHere(
    std::string_view document, const RunSearch& search, size_t first, const ScanOptions& options,
    Chunk chunk, HostMemo& memo, FindingList& findings) const {
  using Tld = SuffixIndex::Tld;
  const std::span<const uint16_t> places = search.places();
  const bool misses_matter = MissesMatter(options);
  const bool has_rare_dots = search.has_rare_dots();
  // A host may end in [first_end, last_end].
  const size_t first_end = RunSearch::kKnownBytes + 8;
  if (document.size() < first_end + kBytesAfter) return first;
  const size_t last_end = document.size() - kBytesAfter;
  size_t count = places.size();
  while (count > first && search.base() + places[count - 1] > last_end) --count;
  if (count == first || search.base() + places[first] < first_end) return first;
  // Room for the values of all that are left, since runs have no byte in common.
  FindingList::Cursor cursor = findings.Open(
      count - first, places[count - 1] - places[first] + RunSearch::kKnownBytes + 2 * kRound);
  const char* const text = document.data();
  bool beyond_chunk = false;
  size_t i = first;
  for (; i < count; ++i) {
    if constexpr (kRecalls) {
      if (!memo.is_on()) break;
      const FindingList::Cursor after =
          memo.AddKnown(document, search, places.subspan(i, count - i), options.defang,
                        bit_instructions_, findings, cursor);
      i += static_cast<size_t>(after.next - cursor.next);
      cursor = after;
      if (i == count) break;
    }
    const size_t place = places[i];
    const size_t end = search.base() + place;
    const RunSearch::Left known = search.LeftOf(place);
    const unsigned size = LeadingZeros(~known.run | 1);
    if (size >= RunSearch::kKnownBytes || (has_rare_dots && search.IsRareDot(place))) break;
    const size_t begin = end - size;
    const unsigned tld_size = LeadingZeros(known.dot);
    const Tld tld = suffixes_.Find(SuffixIndex::PackShort(text + end, tld_size));
    if (tld_size > SuffixIndex::kPacked || tld.bits() == 0) {
      if (misses_matter || MayEndEarlier(document, search, place, size, tld_size)) break;
      continue;
    }
    if (known.odd > ~uint64_t{0} >> size || tld.Has(Tld::kSpecial)) break;
    if (begin >= chunk.end) {
      beyond_chunk = (NeighbourOf(text[begin - 1]) & kPlainLeft) != 0;
      break;
    }
    PlainNeighbours neighbours;
    if (!ReadSimpleNeighbours(document, begin, end, options.defang, neighbours)) break;
    if (begin < chunk.begin) continue;
    if (!AddHost(document, {begin, end}, {text + end, size, known.dot}, tld_size, tld, neighbours,
                 options, kRecalls ? &memo : nullptr, findings, cursor)) {
      break;
    }
  }
  findings.Close(cursor);
  return beyond_chunk ? kBeyondChunk : i;
}

template <bool kRecalls>
TRAWL_BIT_INSTRUCTIONS size_t PlainHostFinder::FindAllByBits(std::string_view document,
                                                             const RunSearch& search, size_t first,
                                                             const ScanOptions& options,
                                                             Chunk chunk, HostMemo& memo,
                                                             FindingList& findings) const {
  return FindAllHere<kRecalls>(document, search, first, options, chunk, memo, findings);
}

template <bool kRecalls>
size_t PlainHostFinder::FindAllWith(std::string_view document, const RunSearch& search,
                                    size_t first, const ScanOptions& options, Chunk chunk,
                                    HostMemo& memo, FindingList& findings) const {
  const size_t next =
      bit_instructions_
          ? FindAllByBits<kRecalls>(document, search, first, options, chunk, memo, findings)
          : FindAllHere<kRecalls>(document, search, first, options, chunk, memo, findings);
  if (next != kBeyondChunk) memo.Pass(next - first);
  return next;
}

size_t PlainHostFinder::FindAll(std::string_view document, const RunSearch& search, size_t first,
                                const ScanOptions& options, Chunk chunk, HostMemo& memo,
                                FindingList& findings) const {
  const std::span<const uint16_t> places = search.places();
  const bool inside = search.base() + places[first] >= chunk.begin + RunSearch::kWindowBytes &&
                      search.base() + places.back() <= chunk.end;
  if (memo.is_on() && inside) {
    first = FindAllWith<true>(document, search, first, options, chunk, memo, findings);
    if (memo.is_on()) return first;
  }
  return FindAllWith<false>(document, search, first, options, chunk, memo, findings);
}

size_t PlainHostFinder::FindDefanged(std::string_view document, size_t place, size_t least,
                                     const ScanOptions& options, Chunk chunk,
                                     FindingList& findings) const {
  using DefangedName = PlainName<RunSearch::kKnownBytes>;
  if (options.defang != Defang::kOn || MissesMatter(options) || place < DefangedName::kAround ||
      document.size() - place < DefangedName::kAround) {
    return 0;
  }
  const size_t dot = document[place] == '.' ? place - 1 : place;
  if (!IsBracketedDot(document.data() + dot)) return 0;
  const DefangedName name(document, dot);
  if (!name.is_simple() || name.begin() < least || name.begin() >= chunk.end) return 0;
  const size_t end = name.end();
  if (!IsAscii(document[end])) return 0;
  const unsigned tld_size = LeadingZeros(name.dots());
  const SuffixIndex::Tld tld = suffixes_.Find(SuffixIndex::Pack(name.text_end(), tld_size));
  if (tld_size > SuffixIndex::kPacked || tld.bits() == 0) {
    const bool joins =
        (NeighbourOf(document[end]) & kMayJoinRight) != 0 && JoinsRight(document, end);
    const bool may_end_earlier =
        joins || tld.Has(SuffixIndex::Tld::kLonger) || name.is_last_label_joined();
    return may_end_earlier ? 0 : end;
  }
  if (tld.Has(SuffixIndex::Tld::kSpecial)) return 0;
  PlainNeighbours neighbours = ReadNeighbours(document, name.begin(), end, options.defang);
  if (!neighbours.is_simple()) return 0;
  if (name.begin() < chunk.begin) return end;
  neighbours.SetDefanged();
  FindingList::Cursor cursor = findings.Open(1, name.size() + 2 * kRound);
  const bool decided =
      AddHost(document, {name.begin(), end}, {name.text_end(), name.size(), name.dots()}, tld_size,
              tld, neighbours, options, nullptr, findings, cursor);
  findings.Close(cursor);
  return decided ? end : 0;
}

PlainHostFinder::Suffix PlainHostFinder::ReadSuffix(Name name, uint64_t third_dots,
                                                    SuffixIndex::Tld tld, uint64_t second,
                                                    Suffix shortest) const {
  const unsigned second_begin = shortest.registrable_size;
  if (second_begin - shortest.size - 1 <= SuffixIndex::kPacked) {
    const SuffixIndex::SecondLevel level = suffixes_.FindSecondLevel(tld, second);
    if (level.key == 0) return shortest;
    if (second_begin == name.size) return level.suffix ? Suffix{name.size, 0} : shortest;
    const unsigned third_begin = LeadingZeros(third_dots);
    const uint64_t third =
        SuffixIndex::Pack(name.end - second_begin - 1, third_begin - second_begin - 1);
    if (!level.wildcard && !suffixes_.MayHaveLongerSuffix(level.key, third)) {
      return level.suffix ? Suffix{second_begin, third_begin} : shortest;
    }
  }
  std::array<char, RunSearch::kKnownBytes + 2 * kRound> lower;
  CopyLower(name.end - name.size, name.size, lower.data());
  const std::string_view value(lower.data(), name.size);
  const PublicSuffixList::Suffixes suffixes = ruleset_.public_suffixes.Find(value);
  if (value.size() == suffixes.all || value.size() == suffixes.icann) return {name.size, 0};
  const size_t dot = value.rfind('.', value.size() - suffixes.all - 2);
  const size_t registrable_size =
      dot == std::string_view::npos ? value.size() : value.size() - dot - 1;
  return {static_cast<unsigned>(suffixes.all), static_cast<unsigned>(registrable_size)};
}

Grade PlainHostFinder::GradeOf(std::string_view document, const Host& host,
                               const ScanOptions& options) const {
  const PlainNeighbours neighbours = host.neighbours;
  // Most of what ends in a file's extension is a file.
  const bool file =
      (host.tld_bits & Lookalikes::kFile) != 0 && !host.has_third &&
      neighbours.evidence() == Evidence::kNone && !neighbours.is_defanged() &&
      (neighbours.left() == LeftContext::kBare || neighbours.left() == LeftContext::kPath);
  if (file && options.min_confidence > Confidence::kLow) return {Confidence::kLow, {}};
  HostFacts facts;
  facts.document = document;
  facts.begin = host.place.begin;
  facts.end = host.place.end;
  facts.value = host.value;
  facts.suffix_size = host.suffix.size;
  facts.registrable_size = host.suffix.registrable_size;
  facts.left = neighbours.left();
  facts.label_count = host.has_third ? 3 : 2;
  facts.tld = facts.value.substr(facts.value.size() - host.tld_size);
  facts.written = document.substr(facts.begin, facts.end - facts.begin);
  facts.written_tld = facts.written.substr(facts.written.size() - host.tld_size);
  facts.tld_bits = host.tld_bits;
  facts.lookalikes = &ruleset_.lookalikes;
  facts.evidence = neighbours.evidence();
  facts.defanged = neighbours.is_defanged();
  if (facts.defanged) facts.reasons.Add(Reason::kDefanged);
  facts.follower = document[facts.end];
  return GradeHost(facts);
}

}  // namespace trawl::compute
