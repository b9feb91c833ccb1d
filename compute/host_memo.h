// The plain hosts that a scan has found, by their bytes: logs, lists and mailboxes have the same
// ones again and again, and what is known of one need not be found out twice.
//
// A host is kept with what its bytes alone say: that a run of them is a host and no more, its
// value, what of it is registrable, and how it is graded where nothing else is to be considered.
// What stands beside it is looked at each time. So what is found stays a function of the document,
// whatever the memo holds.
//
// A look-up that finds nothing costs a third of what one that does saves. Where hosts do not repeat
// the memo therefore rests for a while; and as it begins with a rest, small documents do not pay
// for its table.
//
// Thread-safety: an object belongs to one thread, and to one scan of one document into one list.

#ifndef TRAWL_COMPUTE_HOST_MEMO_H_
#define TRAWL_COMPUTE_HOST_MEMO_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "compute/detector.h"
#include "compute/finding.h"
#include "compute/run_search.h"

namespace trawl::compute {

class HostMemo {
 public:
  // In place of a reason: there is none.
  static constexpr Reason kNone{};

  // Whether hosts are to be kept and looked up.
  bool is_on() const { return credit_ > 0; }

  // Keeps a host that is a run of less than RunSearch::kKnownBytes bytes and was found as the last
  // in the list. `bare`: the one reason why it is of high confidence between neighbours that say
  // nothing, whatever else the document has; kNone where it may not be.
  void Keep(std::string_view document, const Finding& finding, Reason bare);

  // Adds the hosts that end at `places` of the search's block, as long as they are known and no
  // more is to be considered, and that is as many as are added. Each begins in the chunk that is
  // scanned, and all is readable and has room as PlainHostFinder wants it. `bit_instructions`: see
  // Kernel. The memo is on.
  FindingList::Cursor AddKnown(std::string_view document, const RunSearch& search,
                               std::span<const uint16_t> places, Defang defang,
                               bool bit_instructions, const FindingList& findings,
                               FindingList::Cursor cursor);

  // So many places were gone over, by AddKnown or not.
  void Pass(size_t places);

 private:
  struct Key;
  struct Entry {
    uint64_t head;  // as Key has them
    uint64_t tail;
    uint64_t begin;  // of one occurrence in the document
    uint32_t value_begin;
    // As a finding has them, in its order, so that they are copied as few.
    uint16_t value_size;  // 0: there is none
    uint16_t registrable_size;
    uint16_t registrable_tail;
    Kind kind;
    Confidence confidence;
    Reason bare;
  };

  static constexpr int kEntryBits = 7;
  // Look-ups in a row that find nothing before it rests, what one that does makes up for, and
  // places for which it rests.
  static constexpr int64_t kCredit = 32;
  static constexpr int64_t kHitCredit = 4;
  static constexpr size_t kFirstRest = 64;
  static constexpr size_t kRest = 8192;

  static bool Holds(const Entry& entry, const Key& key, const char* document, const char* begin);
  Entry& EntryOf(const Key& key);

  // AddKnown, compiled for the instructions of the function that calls it.
  FindingList::Cursor AddKnownHere(std::string_view document, const RunSearch& search,
                                   std::span<const uint16_t> places, Defang defang,
                                   const FindingList& findings, FindingList::Cursor cursor);
  FindingList::Cursor AddKnownByBits(std::string_view document, const RunSearch& search,
                                     std::span<const uint16_t> places, Defang defang,
                                     const FindingList& findings, FindingList::Cursor cursor);

  int64_t credit_ = 0;
  size_t rest_ = kFirstRest;
  bool has_table_ = false;
  std::array<Entry, size_t{1} << kEntryBits> entries_;  // set once it is first on
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_HOST_MEMO_H_
