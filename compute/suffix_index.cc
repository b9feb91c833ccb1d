// TLDs are in a cuckoo hash table (Pagh and Rodler, 2001): each has two slots that it may be in, so
// that a look-up reads two at most. The short ones, which most hosts have, are entered last, which
// lets them have their first slot. Labels left of one that a longer public suffix has are in a
// Bloom filter (Bloom, 1970): a few per cent of others look as if they were, and are looked up.

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
    : filter_(size_t{1} << kFilterWordBits) {
  const PublicSuffixList& suffixes = ruleset.public_suffixes;
  std::map<uint64_t, Tld> tld_of;
  uint32_t number = 0;
  for (const std::string& name : tlds.Names()) {
    Tld& tld = tld_of[PackText(name)];
    if (name.size() > kPacked) {
      if (tld.bits() == 0) tld = Tld(0, ++number);
      tld.Add(Tld::kLonger);
      continue;
    }
    const bool longer = tld.Has(Tld::kLonger);
    const uint8_t bits = tlds.Find(name);
    tld = Tld(bits, ++number);
    if (longer) tld.Add(Tld::kLonger);
    if (MayBeIdentifier(name, bits)) tld.Add(Tld::kIdentifiers);
    if (HasLetters(name)) tld.Add(Tld::kLetters);
    if ((bits & TldTable::kSpecialUse) != 0 || name == "arpa" || suffixes.HasWildcard(name)) {
      tld.Add(Tld::kSpecial);
    }
  }
  bool complete = false;
  while (!complete) {
    --slot_shift_;
    slots_.assign(size_t{1} << (64 - slot_shift_), {});
    complete = std::all_of(tld_of.rbegin(), tld_of.rend(), [this](const auto& entry) {
      return Insert({entry.first, entry.second});
    });
  }
  std::map<std::string, uint64_t> keys;
  const std::vector<std::string> names = suffixes.NamesOf(2);
  do {
    --second_level_shift_;
    second_levels_.assign(size_t{1} << (64 - second_level_shift_), {});
  } while (second_levels_.size() < 2 * names.size());
  for (const std::string& name : names) {
    const size_t dot = name.find('.');
    const auto tld = tld_of.find(PackText(name.substr(dot + 1)));
    if (tld == tld_of.end()) continue;
    const std::string label = name.substr(0, dot);
    AddToFilter(tld->second.key(), label);
    if (label.size() > kPacked) continue;
    const uint64_t key = uint64_t{++number} << 32;
    keys[name] = key;
    AddSecondLevel({PackText(label),
                    tld->second.key(),
                    {suffixes.Find(name).all == name.size(), suffixes.HasWildcard(name), key}});
  }
  for (const std::string& name : suffixes.NamesOf(3)) {
    const size_t dot = name.find('.');
    const auto second_level = keys.find(name.substr(dot + 1));
    if (second_level != keys.end()) AddToFilter(second_level->second, name.substr(0, dot));
  }
}

void SuffixIndex::AddToFilter(uint64_t key, std::string_view label) {
  const uint64_t hash = HashOf(key, PackText(label));
  filter_[FilterWord(hash)] |= uint64_t{1} << FirstBit(hash) | uint64_t{1} << SecondBit(hash);
}

void SuffixIndex::AddSecondLevel(SecondLevelSlot slot) {
  size_t at = HashOf(slot.tld, slot.packed) >> second_level_shift_;
  while (second_levels_[at].level.key != 0) at = (at + 1) % second_levels_.size();
  second_levels_[at] = slot;
}

bool SuffixIndex::Insert(Slot slot) {
  size_t at = SlotOf(slot.packed, kFirst);
  for (size_t moves = 0; moves < slots_.size(); ++moves) {
    std::swap(slots_[at], slot);
    if (slot.packed == 0) return true;
    const size_t first = SlotOf(slot.packed, kFirst);
    at = at == first ? SlotOf(slot.packed, kSecond) : first;
  }
  return false;
}

}  // namespace trawl::compute
