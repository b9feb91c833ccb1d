// Quick answers about the last labels of a host in plain ASCII.
//
// A label is packed: its last eight bytes, or all it has, in lower case as one number, so that it
// is loaded, compared and hashed as one. Made from a Ruleset; immutable after, const access from
// any thread.

#ifndef TRAWL_COMPUTE_SUFFIX_INDEX_H_
#define TRAWL_COMPUTE_SUFFIX_INDEX_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "compute/ruleset.h"
#include "compute/tld_table.h"

namespace trawl::compute {

class SuffixIndex {
 public:
  // What is known of a TLD.
  struct Tld {
    uint8_t bits = 0;          // as TldTable has them; 0 where the slot is none of a TLD's
    bool longer = false;       // a TLD of more than eight bytes ends so
    bool identifiers = false;  // names under it may be none of hosts: see MayBeIdentifier
    bool special = false;      // more is to be known about names under it than the index has
    uint32_t number = 0;       // its own
  };

  SuffixIndex(const Ruleset& ruleset, const TldTable& tlds);

  // The packed label of `size` bytes, one at least, that ends at `end`; eight bytes before `end`
  // are readable.
  static uint64_t Pack(const char* end, size_t size) {
    uint64_t bytes;
    std::memcpy(&bytes, end - 8, sizeof bytes);
    return (bytes | 0x2020202020202020) >> (64 - 8 * std::min<size_t>(size, 8));
  }

  // What is known of a second-level label of at most eight bytes.
  struct SecondLevel {
    bool suffix = false;    // with its TLD, it is a public suffix
    bool wildcard = false;  // every label left of it makes a longer one
    uint32_t number = 0;    // its own, and no TLD's; 0: no public suffix ends in it
  };

  // What is known of a TLD of at most eight bytes; for a longer label ask `longer` only.
  const Tld& Find(uint64_t packed) const {
    static constexpr Tld kNone;
    const Slot& first = slots_[SlotOf(packed, kFirst)];
    if (first.key == packed) return first.tld;
    const Slot& second = slots_[SlotOf(packed, kSecond)];
    return second.key == packed ? second.tld : kNone;
  }

  // False where none of the public suffixes ends in the label and the TLD or second level of that
  // number.
  bool MayHaveLongerSuffix(uint32_t number, uint64_t label) const {
    const uint64_t hash = HashOf(number, label);
    return (~filter_[FilterWord(hash)] & FilterBits(hash)) == 0;
  }

  SecondLevel FindSecondLevel(const Tld& tld, uint64_t packed) const {
    size_t slot = HashOf(tld.number, packed) >> second_level_shift_;
    for (;; slot = (slot + 1) % second_levels_.size()) {
      const SecondLevelSlot& entry = second_levels_[slot];
      if (entry.level.number == 0 || (entry.key == packed && entry.tld == tld.number)) {
        return entry.level;
      }
    }
  }

 private:
  static constexpr uint64_t kFirst = 0x9E3779B97F4A7C15;
  static constexpr uint64_t kSecond = 0xC2B2AE3D27D4EB4F;
  static constexpr int kFilterWordBits = 11;

  struct Slot {
    uint64_t key = 0;
    Tld tld;
  };
  struct SecondLevelSlot {
    uint64_t key = 0;
    uint32_t tld = 0;
    SecondLevel level;
  };

  size_t SlotOf(uint64_t packed, uint64_t multiplier) const {
    return packed * multiplier >> slot_shift_;
  }
  static uint64_t HashOf(uint32_t number, uint64_t label) {
    return (label + number * kSecond) * kFirst;
  }
  // A Bloom filter of which each entry has two bits, in one word.
  static size_t FilterWord(uint64_t hash) { return hash >> (64 - kFilterWordBits); }
  static uint64_t FilterBits(uint64_t hash) {
    return uint64_t{1} << (hash >> 45 & 63) | uint64_t{1} << (hash >> 38 & 63);
  }

  void AddToFilter(uint32_t number, std::string_view label);
  void AddSecondLevel(SecondLevelSlot slot);
  // False where there is no room for it.
  bool Insert(Slot slot);

  int slot_shift_ = 64 - 11;
  std::vector<Slot> slots_;
  int second_level_shift_ = 64;
  std::vector<SecondLevelSlot> second_levels_;
  std::vector<uint64_t> filter_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_SUFFIX_INDEX_H_
