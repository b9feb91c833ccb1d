// The TLDs and what is known of each, for one look-up per candidate.
//
// Made from a Ruleset; immutable after, const access from any thread.

#ifndef TRAWL_COMPUTE_TLD_TABLE_H_
#define TRAWL_COMPUTE_TLD_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compute/ruleset.h"

namespace trawl::compute {

class TldTable {
 public:
  // Bits of a TLD; those of Lookalikes::Class are among them.
  enum Bit : uint8_t {
    kTld = 8,         // of the public-suffix list
    kSpecialUse = 16  // RFC 6761 and its kin; with kTld: reported by default
  };

  explicit TldTable(const Ruleset& ruleset);

  // All TLDs, sorted.
  std::vector<std::string> Names() const;

  // The bits of `label`, in A-form and lower case; 0 for what is no TLD.
  uint8_t Find(std::string_view label) const {
    if (label.size() < 2 || label.size() > max_size_) return 0;
    for (uint32_t slot = Hash(label) & mask_;; slot = (slot + 1) & mask_) {
      const Slot& entry = slots_[slot];
      if (entry.size == 0) return 0;
      if (entry.size == label.size() &&
          std::string_view(names_).substr(entry.name, entry.size) == label) {
        return entry.bits;
      }
    }
  }

 private:
  struct Slot {
    uint32_t name = 0;
    uint8_t size = 0;
    uint8_t bits = 0;
  };

  static uint32_t Hash(std::string_view label) {
    uint32_t hash = static_cast<uint32_t>(label.size());
    for (char c : label) hash = (hash ^ static_cast<unsigned char>(c)) * 0x9E3779B1u;
    return hash >> 12;
  }

  void Add(std::string_view label, uint8_t bits);

  std::string names_;
  std::vector<Slot> slots_;
  uint32_t mask_ = 0;
  size_t max_size_ = 0;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_TLD_TABLE_H_
