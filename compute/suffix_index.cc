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
  std::map<uint64_t, Tld> by_key;
  uint32_t number = 0;
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
    slots_.assign(size_t{1} << (64 - slot_shift_), {});
    complete = std::all_of(by_key.rbegin(), by_key.rend(), [this](const auto& entry) {
      return Insert({entry.first, entry.second});
    });
  }
  const PublicSuffixList& suffixes = ruleset.public_suffixes;
  std::map<std::string, uint32_t> numbers;
  const std::vector<std::string> names = suffixes.NamesOf(2);
  do {
    --second_level_shift_;
    second_levels_.assign(size_t{1} << (64 - second_level_shift_), {});
  } while (second_levels_.size() < 2 * names.size());
  for (const std::string& name : names) {
    const size_t dot = name.find('.');
    const auto tld = by_key.find(PackText(name.substr(dot + 1)));
    if (tld == by_key.end()) continue;
    const std::string label = name.substr(0, dot);
    AddToFilter(tld->second.number, label);
    if (label.size() > 8) continue;
    numbers[name] = ++number;
    AddSecondLevel({PackText(label),
                    tld->second.number,
                    {suffixes.Find(name).all == name.size(), suffixes.HasWildcard(name), number}});
  }
  for (const std::string& name : suffixes.NamesOf(3)) {
    const size_t dot = name.find('.');
    const auto second_level = numbers.find(name.substr(dot + 1));
    if (second_level != numbers.end()) AddToFilter(second_level->second, name.substr(0, dot));
  }
}

void SuffixIndex::AddToFilter(uint32_t number, std::string_view label) {
  const uint64_t hash = HashOf(number, PackText(label));
  filter_[FilterWord(hash)] |= FilterBits(hash);
}

void SuffixIndex::AddSecondLevel(SecondLevelSlot slot) {
  size_t at = HashOf(slot.tld, slot.key) >> second_level_shift_;
  while (second_levels_[at].level.number != 0) at = (at + 1) % second_levels_.size();
  second_levels_[at] = slot;
}

bool SuffixIndex::Insert(Slot slot) {
  size_t at = SlotOf(slot.key, kFirst);
  for (size_t moves = 0; moves < slots_.size(); ++moves) {
    std::swap(slots_[at], slot);
    if (slot.key == 0) return true;
    const size_t first = SlotOf(slot.key, kFirst);
    at = at == first ? SlotOf(slot.key, kSecond) : first;
  }
  return false;
}

}  // namespace trawl::compute
