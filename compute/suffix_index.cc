// TLDs are in a cuckoo hash table (Pagh and Rodler, 2001): each has two slots that it may be in, so
// that a look-up reads two at most. Second-level labels with a longer public suffix are in a Bloom
// filter (Bloom, 1970): a few per cent of others look as if they had one, and are asked about.

#include "compute/suffix_index.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "compute/confidence.h"

namespace trawl::compute {
namespace {

uint64_t PackText(std::string_view label) {
  const std::string padded = std::string(8, '\0') + std::string(label);
  return SuffixIndex::Pack(padded.data() + padded.size(), label.size());
}

}  // namespace

SuffixIndex::SuffixIndex(const Ruleset& ruleset, const TldTable& tlds)
    : filter_((size_t{1} << kFilterBits) / 64) {
  std::map<uint64_t, Tld> by_key;
  uint16_t number = 0;
  for (const std::string& name : tlds.Names()) {
    Tld& tld = by_key[PackText(name)];
    tld.number = ++number;
    if (name.size() > 8) {
      tld.longer = true;
      continue;
    }
    tld.bits = tlds.Find(name);
    tld.identifiers = MayBeIdentifier(name, tld.bits);
    tld.special = (tld.bits & TldTable::kSpecialUse) != 0 || name == "arpa" ||
                  ruleset.public_suffixes.HasWildcard(name);
  }
  bool complete = false;
  while (!complete) {
    --slot_shift_;
    keys_.assign(size_t{1} << (64 - slot_shift_), 0);
    infos_.assign(keys_.size(), {});
    complete = std::all_of(by_key.begin(), by_key.end(),
                           [this](const auto& entry) { return Insert(entry.first, entry.second); });
  }
  for (const std::string& suffix : ruleset.public_suffixes.SecondLevels()) {
    const size_t dot = suffix.find('.');
    const auto tld = by_key.find(PackText(suffix.substr(dot + 1)));
    if (tld == by_key.end()) continue;
    const uint64_t hash = HashOf(tld->second.number, PackText(suffix.substr(0, dot)));
    for (uint64_t part : {hash, hash >> 32}) {
      const size_t bit = part % (size_t{1} << kFilterBits);
      filter_[bit / 64] |= uint64_t{1} << (bit % 64);
    }
  }
}

bool SuffixIndex::Insert(uint64_t packed, Tld tld) {
  size_t slot = Slot(packed, kFirst);
  for (size_t moves = 0; moves < keys_.size(); ++moves) {
    std::swap(keys_[slot], packed);
    std::swap(infos_[slot], tld);
    if (packed == 0) return true;
    const size_t first = Slot(packed, kFirst);
    slot = slot == first ? Slot(packed, kSecond) : first;
  }
  return false;
}

}  // namespace trawl::compute
