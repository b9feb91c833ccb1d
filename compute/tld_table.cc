#include "compute/tld_table.h"

#include <algorithm>
#include <array>
#include <map>

namespace trawl::compute {
namespace {

// `home.arpa` is of two labels and not here.
constexpr std::array<std::string_view, 9> kSpecialUseTlds = {
    "example", "i2p", "internal", "invalid", "lan", "local", "localhost", "onion", "test"};

}  // namespace

TldTable::TldTable(const Ruleset& ruleset) {
  std::map<std::string, uint8_t> bits;
  for (const std::string& tld : ruleset.public_suffixes.tlds()) bits[tld] = kTld;
  for (std::string_view tld : kSpecialUseTlds) bits[std::string(tld)] |= kSpecialUse;
  bits["onion"] |= kTld;
  uint32_t slots = 1;
  while (slots < 4 * bits.size()) slots *= 2;
  slots_.resize(slots);
  mask_ = slots - 1;
  for (const auto& [tld, of_tld] : bits) {
    Add(tld, static_cast<uint8_t>(of_tld | ruleset.lookalikes.Classes(tld)));
  }
}

std::vector<std::string> TldTable::Names() const {
  std::vector<std::string> names;
  for (const Slot& slot : slots_) {
    if (slot.size > 0) names.push_back(names_.substr(slot.name, slot.size));
  }
  std::sort(names.begin(), names.end());
  return names;
}

void TldTable::Add(std::string_view label, uint8_t bits) {
  uint32_t slot = Hash(label) & mask_;
  while (slots_[slot].size != 0) slot = (slot + 1) & mask_;
  slots_[slot] = {static_cast<uint32_t>(names_.size()), static_cast<uint8_t>(label.size()), bits};
  names_ += label;
  max_size_ = std::max(max_size_, label.size());
}

}  // namespace trawl::compute
