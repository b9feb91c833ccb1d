// Quick answers about the last two labels of a host in plain ASCII.
//
// A label is packed: its last eight bytes, or all it has, in lower case as one number, so that it
// is loaded, compared and hashed as one. Made from a Ruleset; immutable after, const access from
// any thread.

#ifndef TRAWL_COMPUTE_SUFFIX_INDEX_H_
#define TRAWL_COMPUTE_SUFFIX_INDEX_H_

#include <array>
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
    uint16_t number = 0;       // its own
  };

  SuffixIndex(const Ruleset& ruleset, const TldTable& tlds);

  // The packed label of `size` bytes that ends at `end`; eight bytes before `end` are readable.
  static uint64_t Pack(const char* end, size_t size) {
    uint64_t bytes;
    std::memcpy(&bytes, end - 8, sizeof bytes);
    bytes |= 0x2020202020202020;
    return size < 8 ? bytes >> (64 - 8 * size) : bytes;
  }

  // What is known of a TLD of at most eight bytes; for a longer label ask `longer` only.
  const Tld& Find(uint64_t packed) const {
    const size_t first = Slot(packed, kFirst);
    if (keys_[first] == packed) return infos_[first];
    const size_t second = Slot(packed, kSecond);
    return keys_[second] == packed ? infos_[second] : none_;
  }

  // False where the TLD is the public suffix of all names under the second-level label.
  bool MayHaveLongerSuffix(const Tld& tld, uint64_t second_level) const {
    const uint64_t hash = HashOf(tld.number, second_level);
    return TestBit(hash) && TestBit(hash >> 32);
  }

 private:
  static constexpr uint64_t kFirst = 0x9E3779B97F4A7C15;
  static constexpr uint64_t kSecond = 0xC2B2AE3D27D4EB4F;
  static constexpr int kFilterBits = 17;

  size_t Slot(uint64_t packed, uint64_t multiplier) const {
    return packed * multiplier >> slot_shift_;
  }
  static uint64_t HashOf(uint16_t tld, uint64_t second_level) {
    const uint64_t product = (second_level + tld) * kFirst;
    return (product ^ product >> 29) * kSecond;
  }
  bool TestBit(uint64_t hash) const {
    const size_t bit = hash % (size_t{1} << kFilterBits);
    return (filter_[bit / 64] >> (bit % 64) & 1) != 0;
  }

  // False where there is no room for it.
  bool Insert(uint64_t packed, Tld tld);

  int slot_shift_ = 64 - 11;
  std::vector<uint64_t> keys_;
  std::vector<Tld> infos_;
  std::vector<uint64_t> filter_;
  const Tld none_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_SUFFIX_INDEX_H_
