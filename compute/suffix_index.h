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
  // Bytes of a label that are packed, at most.
  static constexpr size_t kPacked = 8;

  // What is known of a TLD, in one number.
  class Tld {
   public:
    enum Flag : uint64_t {
      kLonger = 1 << 8,       // a TLD of more than kPacked bytes ends so
      kIdentifiers = 1 << 9,  // names under it may be none of hosts: see MayBeIdentifier
      kLetters = 1 << 10,     // names of one letter under it are well known: HasLetters
      kSpecial = 1 << 11,     // more is to be known about names under it than the index has
    };

    constexpr Tld() = default;
    constexpr Tld(uint8_t bits, uint32_t number) : value_(bits | uint64_t{number} << 32) {}

    // As TldTable has them; 0 where there is none.
    constexpr uint8_t bits() const { return static_cast<uint8_t>(value_); }
    constexpr bool Has(uint64_t flags) const { return (value_ & flags) != 0; }
    // Its own.
    constexpr uint64_t key() const { return value_; }
    constexpr void Add(Flag flag) { value_ |= flag; }

   private:
    uint64_t value_ = 0;
  };

  SuffixIndex(const Ruleset& ruleset, const TldTable& tlds);

  // The packed label of `size` bytes, one at least, that ends at `end`; eight bytes before `end`
  // are readable.
  static uint64_t Pack(const char* end, size_t size) {
    return PackShort(end, std::min(size, kPacked));
  }

  // Of one of at most kPacked bytes; of others, any number.
  static uint64_t PackShort(const char* end, size_t size) {
    uint64_t bytes;
    std::memcpy(&bytes, end - kPacked, sizeof bytes);
    return (bytes | 0x2020202020202020) >> (-8 * size % 64);
  }

  // What is known of a second-level label of at most eight bytes.
  struct SecondLevel {
    bool suffix = false;    // with its TLD, it is a public suffix
    bool wildcard = false;  // every label left of it makes a longer one
    uint64_t key = 0;       // its own, and no TLD's; 0: no public suffix ends in it
  };

  // What is known of a TLD of at most kPacked bytes; of a longer label, only kLonger counts.
  Tld Find(uint64_t packed) const {
    const Slot& first = slots_[SlotOf(packed, kFirst)];
    if (first.packed == packed) return first.tld;
    const Slot& second = slots_[SlotOf(packed, kSecond)];
    return second.packed == packed ? second.tld : Tld();
  }

  // False where none of the public suffixes ends in the label and the TLD or second level of that
  // key.
  bool MayHaveLongerSuffix(uint64_t key, uint64_t packed) const {
    const uint64_t hash = HashOf(key, packed);
    const uint64_t word = filter_[FilterWord(hash)];
    return (word >> FirstBit(hash) & word >> SecondBit(hash) & 1) != 0;
  }

  SecondLevel FindSecondLevel(Tld tld, uint64_t packed) const {
    size_t slot = HashOf(tld.key(), packed) >> second_level_shift_;
    for (;; slot = (slot + 1) % second_levels_.size()) {
      const SecondLevelSlot& entry = second_levels_[slot];
      if (entry.level.key == 0 || (entry.packed == packed && entry.tld == tld.key())) {
        return entry.level;
      }
    }
  }

 private:
  static constexpr uint64_t kFirst = 0x9E3779B97F4A7C15;
  static constexpr uint64_t kSecond = 0xC2B2AE3D27D4EB4F;
  static constexpr int kFilterWordBits = 11;

  struct Slot {
    uint64_t packed = 0;
    Tld tld;
  };
  struct SecondLevelSlot {
    uint64_t packed = 0;
    uint64_t tld = 0;
    SecondLevel level;
  };

  size_t SlotOf(uint64_t packed, uint64_t multiplier) const {
    return packed * multiplier >> slot_shift_;
  }
  static uint64_t HashOf(uint64_t key, uint64_t packed) { return (packed + key) * kFirst; }
  // A Bloom filter of which each entry has two bits, in one word.
  static size_t FilterWord(uint64_t hash) { return hash >> (64 - kFilterWordBits); }
  static uint64_t FirstBit(uint64_t hash) { return hash >> 45 & 63; }
  static uint64_t SecondBit(uint64_t hash) { return hash >> 38 & 63; }

  void AddToFilter(uint64_t key, std::string_view label);
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
