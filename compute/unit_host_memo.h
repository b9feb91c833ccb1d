// The hosts in other scripts, or with dots in other notations, that a scan has found, by their
// bytes: in logs and lists they come again, and Punycode is most of what one takes.
//
// A host is kept with what its bytes alone say. What stands beside it is looked at each time, so
// that findings do not depend on what the memo holds. A new host takes the place of one that has
// the same number.
//
// Thread-safety: an object belongs to one thread.

#ifndef TRAWL_COMPUTE_UNIT_HOST_MEMO_H_
#define TRAWL_COMPUTE_UNIT_HOST_MEMO_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "compute/finding.h"
#include "compute/found_host.h"

namespace trawl::compute {

// What the bytes of a simple segment say of its host.
struct UnitHost {
  // As written: of the host, which begins the segment, and where its TLD begins.
  uint16_t size = 0;
  uint16_t tld_begin = 0;
  // Of the value.
  uint16_t label_count = 0;
  uint16_t tld_size = 0;
  uint16_t suffix_size = 0;
  uint16_t registrable_size = 0;
  uint8_t tld_bits = 0;          // as TldTable has them
  bool has_identifiers = false;  // the TLD: as SuffixIndex has it
  bool has_letters = false;
  bool is_tld_mapped = false;  // is written in other letters than it has in the value
  bool is_defanged = false;
  Reasons reasons;  // by the notation and the scripts
};

class UnitHostMemo {
 public:
  // Whether the host of the segment that is written so is known; it is set then, with its value.
  bool Recall(std::string_view written, UnitHost& host, FoundHost& found) {
    if (rest_ > 0) {
      --rest_;
      return false;
    }
    if (written.size() > kMaxBytes) return false;
    const size_t number = NumberOf(written);
    if (sizes_[number] != written.size() ||
        std::memcmp(entries_[number].written.data(), written.data(), written.size()) != 0) {
      if (--credit_ == 0) {
        credit_ = kCredit;
        rest_ = kRest;
      }
      return false;
    }
    const Entry& entry = entries_[number];
    credit_ = kCredit;
    host = entry.host;
    found.Clear();
    found.Prepend({entry.value.data(), entry.value_size});
    return true;
  }

  void Keep(std::string_view written, const UnitHost& host, std::string_view value) {
    if (rest_ > 0 || written.size() > kMaxBytes || value.size() > kMaxBytes) return;
    if (entries_ == nullptr) entries_ = std::make_unique_for_overwrite<Entry[]>(sizes_.size());
    const size_t number = NumberOf(written);
    Entry& entry = entries_[number];
    sizes_[number] = static_cast<uint8_t>(written.size());
    std::memcpy(entry.written.data(), written.data(), written.size());
    std::memcpy(entry.value.data(), value.data(), value.size());
    entry.value_size = static_cast<uint8_t>(value.size());
    entry.host = host;
  }

 private:
  static constexpr size_t kMaxBytes = 64;
  static constexpr int kNumberBits = 6;
  // Hosts in a row that are not known before it rests, and for how many.
  static constexpr int kCredit = 64;
  static constexpr int kRest = 512;

  struct Entry {
    UnitHost host;
    uint8_t value_size;
    std::array<char, kMaxBytes> written;
    std::array<char, kMaxBytes> value;
  };

  // By the first and the last bytes; a simple segment has three at least.
  static size_t NumberOf(std::string_view written) {
    const size_t size = written.size();
    uint64_t first = 0;
    uint64_t last = 0;
    if (size >= sizeof first) {
      std::memcpy(&first, written.data(), sizeof first);
      std::memcpy(&last, written.data() + size - sizeof last, sizeof last);
    } else {
      for (char c : written) first = first << 8 | static_cast<unsigned char>(c);
    }
    return (first * 3 + last) * 0x9E3779B97F4A7C15 >> (64 - kNumberBits);
  }

  int credit_ = kCredit;
  int rest_ = 0;
  std::array<uint8_t, size_t{1} << kNumberBits> sizes_{};  // 0: there is none
  std::unique_ptr<Entry[]> entries_;                       // made for the first host
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_UNIT_HOST_MEMO_H_
