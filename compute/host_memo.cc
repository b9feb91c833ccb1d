// The loop is short enough that it is the time from a run's bits to its entry that counts, not the
// number of instructions. So a run is first compared with the host before it, which needs no
// address to be computed; and there are no calls but those that few hosts need.

#include "compute/host_memo.h"

#include <algorithm>
#include <cstring>

#include "compute/bit_instructions.h"
#include "compute/plain_neighbours.h"

namespace trawl::compute {
namespace {

using Round = uint64_t __attribute__((vector_size(32)));

// Writes up to a round more than `size`, and reads as much.
[[gnu::always_inline]] inline void CopyValue(const char* from, size_t size, char* to) {
  size_t i = 0;
  do {
    Round bytes;
    std::memcpy(&bytes, from + i, sizeof bytes);
    std::memcpy(to + i, &bytes, sizeof bytes);
    i += sizeof bytes;
  } while (i < size);
}

// Bits of a word that a run of so many bytes leaves over.
constexpr std::array<uint8_t, RunSearch::kWindowBytes> kBitsLeft = {64, 56, 48, 40, 32, 24, 16, 8};

// Why a host that has such neighbours is of high confidence, if they and what is known of it say
// so; else kNone.
[[gnu::noinline]] Reasons ReadReasons(std::string_view document, size_t begin, size_t end,
                                      Defang defang, Reason bare) {
  const PlainNeighbours neighbours = ReadNeighbours(document, begin, end, defang);
  if (!neighbours.is_simple()) return {HostMemo::kNone};
  Reasons reasons{bare};
  if (neighbours.is_anchored()) {
    reasons = {Reason::kAnchored};
  } else if (neighbours.left() != LeftContext::kBare || bare == HostMemo::kNone) {
    return {HostMemo::kNone};
  }
  neighbours.AddReasons(reasons);
  return reasons;
}

// As ReadReasons, which need not be asked about what most hosts have beside them.
[[gnu::always_inline]] inline Reasons ReasonsOf(std::string_view document, size_t begin, size_t end,
                                                Defang defang, Reason bare) {
  if ((NeighbourOf(document[end]) & kPlainRight) != 0) {
    if ((NeighbourOf(document[begin - 1]) & kPlainLeft) != 0) return {bare};
    if (IsAfterLocalPart(document.data() + begin)) return {Reason::kAnchored};
  }
  return ReadReasons(document, begin, end, defang, bare);
}

}  // namespace

// The first eight bytes of a run and its last eight, each all of it where it has fewer.
struct HostMemo::Key {
  // Eight bytes are readable right of the begin and left of the end.
  Key(const char* begin, size_t run_size) : size(run_size) {
    std::memcpy(&head, begin, sizeof head);
    std::memcpy(&tail, begin + size - sizeof tail, sizeof tail);
    head <<= kBitsLeft[size] % 64;
    tail >>= kBitsLeft[size] % 64;
  }

  uint64_t head;
  uint64_t tail;
  size_t size;
};

// Whether the entry is of the run at `begin`, whose key is `key`.
[[gnu::always_inline]] inline bool HostMemo::Holds(const Entry& entry, const Key& key,
                                                   const char* document, const char* begin) {
  const uint64_t differing =
      (entry.head ^ key.head) | (entry.tail ^ key.tail) | (entry.value_size ^ key.size);
  if (differing != 0) return false;
  for (size_t i = 8; i + 8 < key.size; i += 8) {
    if (std::memcmp(document + entry.begin + i, begin + i, 8) != 0) return false;
  }
  return true;
}

[[gnu::always_inline]] inline HostMemo::Entry& HostMemo::EntryOf(const Key& key) {
  return entries_[(key.head + key.tail) * 0x9E3779B97F4A7C15 >> (64 - kEntryBits)];
}

void HostMemo::Keep(std::string_view document, const Finding& finding, Reason bare) {
  const Key key(document.data() + finding.begin, finding.value_size);
  EntryOf(key) = {.head = key.head,
                  .tail = key.tail,
                  .begin = finding.begin,
                  .value_begin = finding.value_begin,
                  .value_size = finding.value_size,
                  .registrable_size = finding.registrable_size,
                  .registrable_tail = finding.registrable_tail,
                  .kind = finding.kind,
                  .confidence = Confidence::kHigh,
                  .bare = bare};
}

[[gnu::always_inline]] inline FindingList::Cursor HostMemo::AddKnownHere(
    std::string_view document, const RunSearch& search, std::span<const uint16_t> places,
    Defang defang, const FindingList& findings, FindingList::Cursor cursor) {
  const char* const text = document.data() + search.base();
  const char* const values = findings.TextAt(0);
  const bool has_rare_dots = search.has_rare_dots();
  const Entry* entry = entries_.data();
  size_t i = 0;
  for (; i < places.size(); ++i) {
    const size_t place = places[i];
    if (has_rare_dots && search.IsRareDot(place)) break;
    const unsigned size = LeadingZeros(~search.LeftOf(place).run | 1);
    const char* const begin = text + place - size;
    const Key key(begin, size);
    if (!Holds(*entry, key, document.data(), begin)) {
      entry = &EntryOf(key);
      if (!Holds(*entry, key, document.data(), begin)) break;
    }
    const auto offset = static_cast<size_t>(begin - document.data());
    const Reasons reasons = ReasonsOf(document, offset, offset + size, defang, entry->bare);
    if (reasons == Reasons{kNone}) break;
    Finding& finding = *cursor.next++;
    finding.begin = offset;
    finding.end = offset + size;
    finding.reasons = reasons;
    finding.value_begin = static_cast<uint32_t>(cursor.text - values);
    finding.value_size = entry->value_size;
    finding.registrable_size = entry->registrable_size;
    finding.registrable_tail = entry->registrable_tail;
    finding.kind = entry->kind;
    finding.confidence = entry->confidence;
    CopyValue(values + entry->value_begin, size, cursor.text);
    cursor.text += size;
  }
  credit_ += kHitCredit * static_cast<int64_t>(i) - int64_t{i < places.size()};
  return cursor;
}

TRAWL_BIT_INSTRUCTIONS FindingList::Cursor HostMemo::AddKnownByBits(
    std::string_view document, const RunSearch& search, std::span<const uint16_t> places,
    Defang defang, const FindingList& findings, FindingList::Cursor cursor) {
  return AddKnownHere(document, search, places, defang, findings, cursor);
}

FindingList::Cursor HostMemo::AddKnown(std::string_view document, const RunSearch& search,
                                       std::span<const uint16_t> places, Defang defang,
                                       bool bit_instructions, const FindingList& findings,
                                       FindingList::Cursor cursor) {
  if (bit_instructions) {
    return AddKnownByBits(document, search, places, defang, findings, cursor);
  }
  return AddKnownHere(document, search, places, defang, findings, cursor);
}

void HostMemo::Pass(size_t places) {
  if (is_on()) {
    credit_ = std::min(credit_, kCredit);
    return;
  }
  rest_ -= std::min(rest_, places);
  if (rest_ > 0) return;
  if (!has_table_) {
    for (Entry& entry : entries_) entry.value_size = 0;
    has_table_ = true;
  }
  credit_ = kCredit;
  rest_ = kRest;
}

}  // namespace trawl::compute
