#include "compute/unit_name.h"

#include <algorithm>
#include <array>

#include "compute/idna.h"

namespace trawl::compute {
namespace {

// ASCII, and simple.
bool IsPlain(const Unit& unit) {
  return unit.kind == Unit::Kind::kHost && unit.value < 0x80 && unit.value != '_';
}

// Whether hyphens are where a label in ASCII may have them, and it is no A-label.
bool IsHyphenated(std::string_view label) {
  return label.front() != '-' && label.back() != '-' && label.substr(0, 4) != "xn--";
}

}  // namespace

bool UnitName::TakeLabel() {
  size_t first = left_;
  while (first > 0 && IsPlain(units_[first - 1])) --first;
  const bool is_plain = first == 0 || units_[first - 1].kind == Unit::Kind::kDot;
  if (!(is_plain ? TakePlainLabel(first) : TakeWideLabel())) return false;
  if (++label_count_ <= 2) two_labels_size_ = value().size();
  return true;
}

// Of the units from `first` on, which are plain.
bool UnitName::TakePlainLabel(size_t first) {
  const auto label = units_.subspan(first, left_ - first);
  left_ = first;
  if (label.empty() || label.size() > kMaxLabelSize) return false;
  char* const to = found_.MakeRoom(label.size());
  if (to == nullptr) return false;
  bool has_hyphen = false;
  is_mapped_ = false;
  for (size_t i = 0; i < label.size(); ++i) {
    const char c = static_cast<char>(label[i].value);
    to[i] = ToLower(c);
    has_hyphen |= c == '-';
    is_mapped_ |= to[i] != c;
  }
  may_end_earlier_ = has_hyphen;
  return !has_hyphen || IsHyphenated({to, label.size()});
}

bool UnitName::TakeWideLabel() {
  const CodePointTable& table = CodePointTable::Get();
  std::array<char32_t, kMaxLabelSize> code_points;
  size_t first = code_points.size();
  char32_t all = 0;  // bits of the code points
  bool has_hyphen = false;
  bool has_ascii = false;
  bool one_script = true;
  uint16_t scripts = 0;
  is_mapped_ = false;
  for (; left_ > 0 && units_[left_ - 1].kind != Unit::Kind::kDot; --left_) {
    const Unit& unit = units_[left_ - 1];
    const CodePointTraits* traits = &table[unit.value];
    if (unit.kind != Unit::Kind::kHost || !traits->is_simple || first == 0) return false;
    char32_t c = unit.value;
    has_hyphen = has_hyphen || c == '-';
    has_ascii = has_ascii || c < 0x80;
    if (traits->to_mapped != 0) {
      c += static_cast<char32_t>(traits->to_mapped);
      traits = &table[c];
      is_mapped_ = true;
    }
    code_points[--first] = c;
    all |= c;
    if (traits->scripts == scripts || traits->scripts == 0) continue;
    one_script = one_script && scripts == 0;
    scripts = traits->scripts;
  }
  may_end_earlier_ = has_hyphen || has_ascii;
  const std::u32string_view label(code_points.data() + first, code_points.size() - first);
  if (all < 0x80) {
    char* const to = found_.MakeRoom(label.size());
    if (to == nullptr) return false;
    std::copy(label.begin(), label.end(), to);
    return IsHyphenated({to, label.size()});
  }
  if (label.front() == '-' || label.back() == '-' || label.substr(0, 4) == U"xn--") return false;
  mixes_scripts_ = mixes_scripts_ || (!one_script && MixesScripts(label));
  ALabelBuffer buffer;
  const std::string_view a_label = ALabelOf(label, buffer);
  return !a_label.empty() && found_.Prepend(a_label);
}

}  // namespace trawl::compute
