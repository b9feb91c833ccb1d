// Rules are kept in one hash map from a suffix to what the list says of it; finding the public
// suffix of a host looks up its suffixes from the right, one label more each time, as long as there
// are longer rules. The algorithm is that of https://github.com/publicsuffix/list/wiki/Format: of
// the rules that fit, an exception prevails, else the one with most labels; an exception's public
// suffix is the rule less its left label.

#include "compute/public_suffix_list.h"

#include <algorithm>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "compute/idna.h"

namespace trawl::compute {
namespace {

// What the list says of a suffix; the private section's bits are the same, shifted. kLonger: it has
// rules that are longer.
enum RuleBit : uint8_t { kRule = 1, kWildcard = 2, kException = 4, kTld = 64, kLonger = 128 };
constexpr int kPrivateShift = 3;

constexpr std::string_view kIcannBegin = "===BEGIN ICANN DOMAINS===";
constexpr std::string_view kIcannEnd = "===END ICANN DOMAINS===";
constexpr std::string_view kPrivateBegin = "===BEGIN PRIVATE DOMAINS===";
constexpr std::string_view kPrivateEnd = "===END PRIVATE DOMAINS===";
constexpr std::string_view kVersion = "// VERSION: ";

enum class Section { kNone, kIcann, kPrivate };

// The A-form of a rule's labels; empty where one is invalid.
std::string RuleToAscii(std::string_view rule) {
  std::string ascii;
  while (true) {
    size_t dot = rule.find('.');
    std::string label;
    if (!LabelToAscii(rule.substr(0, dot), label)) return {};
    if (label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
      return {};
    }
    ascii += label;
    if (dot == std::string_view::npos) return ascii;
    ascii += '.';
    rule.remove_prefix(dot + 1);
  }
}

std::optional<absl::Time> ParseDate(std::string_view line) {
  absl::Time date;
  std::string error;
  line.remove_prefix(kVersion.size());
  line = line.substr(0, line.find_last_not_of(" \r") + 1);
  for (const char* format : {"%Y-%m-%d_%H-%M-%S_UTC", "%Y-%m-%d"}) {
    if (absl::ParseTime(format, absl::string_view(line.data(), line.size()), &date, &error)) {
      return date;
    }
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<PublicSuffixList> PublicSuffixList::Parse(std::string_view text) {
  PublicSuffixList list;
  std::set<std::string> tlds;
  Section section = Section::kNone;
  int number = 0;
  auto error = [&number](std::string_view what) {
    return absl::InvalidArgumentError(absl::StrFormat("line %d: %s", number, what));
  };
  while (!text.empty()) {
    ++number;
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
    if (line.substr(0, 2) == "//") {
      if (line.find(kIcannBegin) != std::string_view::npos) section = Section::kIcann;
      if (line.find(kPrivateBegin) != std::string_view::npos) section = Section::kPrivate;
      if (line.find(kIcannEnd) != std::string_view::npos) section = Section::kNone;
      if (line.find(kPrivateEnd) != std::string_view::npos) section = Section::kNone;
      if (line.substr(0, kVersion.size()) == kVersion) list.date_ = ParseDate(line);
      continue;
    }
    std::string_view rule = line.substr(0, line.find_first_of(" \t\r"));
    if (rule.empty()) {
      if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
        return error("a rule begins with a space");
      }
      continue;
    }
    if (section == Section::kNone) {
      return error("a rule outside of the ICANN and the PRIVATE section");
    }
    uint8_t bit = kRule;
    if (rule.substr(0, 2) == "*.") {
      bit = kWildcard;
      rule.remove_prefix(2);
    } else if (rule.front() == '!') {
      bit = kException;
      rule.remove_prefix(1);
    }
    std::string suffix = RuleToAscii(rule);
    if (suffix.empty()) return error("a rule with an invalid label");
    if (bit == kException && suffix.find('.') == std::string::npos) {
      return error("an exception of one label");
    }
    if (section == Section::kIcann) {
      tlds.insert(suffix.substr(suffix.find_last_of('.') + 1));
      list.rules_[suffix] |= bit;
    } else {
      list.rules_[suffix] |= static_cast<uint8_t>(bit << kPrivateShift);
    }
    for (size_t dot = suffix.find('.'); dot != std::string::npos; dot = suffix.find('.', dot + 1)) {
      list.rules_[suffix.substr(dot + 1)] |= kLonger;
    }
    if (bit == kWildcard) list.rules_[suffix] |= kLonger;
    ++list.rule_count_;
  }
  if (tlds.empty()) return error("the list ends without a rule in an ICANN section");
  for (const std::string& tld : tlds) list.rules_[tld] |= kTld;
  list.tlds_.assign(tlds.begin(), tlds.end());
  return list;
}

PublicSuffixList::Suffixes PublicSuffixList::Find(std::string_view host) const {
  Suffixes longest;
  bool icann_exception = false;
  bool exception = false;
  uint8_t shorter_rules = 0;  // what is said of the suffix with one label less
  size_t shorter_size = 0;
  for (size_t begin = host.size() + 1; begin > 0;) {
    size_t dot = begin >= 2 ? host.rfind('.', begin - 2) : std::string_view::npos;
    begin = dot == std::string_view::npos ? 0 : dot + 1;
    size_t size = host.size() - begin;
    auto entry = rules_.find(absl::string_view(host.data() + begin, size));
    uint8_t rules = entry == rules_.end() ? 0 : entry->second;
    uint8_t private_rules = static_cast<uint8_t>(rules >> kPrivateShift);
    uint8_t shorter_private_rules = static_cast<uint8_t>(shorter_rules >> kPrivateShift);
    bool icann_fits = (rules & kRule) != 0 || (shorter_rules & kWildcard) != 0 || shorter_size == 0;
    bool private_fits = (private_rules & kRule) != 0 || (shorter_private_rules & kWildcard) != 0;
    if (rules & kException) {
      longest.icann = longest.all = shorter_size;
      icann_exception = exception = true;
    } else if (private_rules & kException) {
      longest.all = shorter_size;
      exception = true;
    }
    if (icann_fits && !icann_exception) longest.icann = size;
    if ((icann_fits || private_fits) && !exception) longest.all = size;
    if ((rules & kLonger) == 0) break;
    shorter_rules = rules;
    shorter_size = size;
  }
  return longest;
}

bool PublicSuffixList::HasWildcard(std::string_view suffix) const {
  auto entry = rules_.find(absl::string_view(suffix.data(), suffix.size()));
  return entry != rules_.end() && (entry->second & (kWildcard | kWildcard << kPrivateShift)) != 0;
}

std::vector<std::string> PublicSuffixList::NamesOf(size_t labels) const {
  std::vector<std::string> names;
  for (const auto& [name, rules] : rules_) {
    const auto dots = static_cast<size_t>(std::count(name.begin(), name.end(), '.'));
    if (dots + 1 == labels) names.push_back(name);
  }
  return names;
}

bool PublicSuffixList::IsTld(std::string_view label) const {
  auto entry = rules_.find(absl::string_view(label.data(), label.size()));
  return entry != rules_.end() && (entry->second & kTld) != 0;
}

}  // namespace trawl::compute
