#include "tests/support/reference_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

namespace trawl::test {

using compute::Confidence;
using compute::Kind;
using compute::Reason;

bool ReferenceAddress::BeginsWord(size_t i, size_t reach) const {
  size_t begin = i;
  while (begin > 0 && Alnum(begin - 1)) --begin;
  if (i - begin > reach) return false;
  bool damaged = false;
  return begin + EscapeBefore(begin, damaged) == i;
}

std::pair<Reason, bool> ReferenceAddress::ContextAt(size_t begin) const {
  const auto [left, defanged] = LeftOf(begin);
  if (left == "scheme" || left == "mailbox") return {Reason::kAnchored, defanged};
  if (left == "relative") return {Reason::kSchemeRelative, defanged};
  if (left == "path") return {Reason::kPath, defanged};
  return {Reason::kBare, defanged};
}

std::optional<ReferenceAddress::Dotted> ReferenceAddress::DottedAt(size_t begin) const {
  Dotted dotted;
  size_t i = begin;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0) {
      const auto form = DotForm(i);
      if (!form || form->second == "spaced") return {};
      dotted.defanged |= form->second == "defanged";
      dotted.escaped |= form->second == "escaped";
      i += form->first.size();
      dotted.value += '.';
    }
    string digits;
    while (Digit(i)) digits += static_cast<char>(At(i++));
    const bool fits = !digits.empty() && digits.size() <= 3 && std::stoi(digits) <= 255;
    if (!fits || (digits.size() > 1 && digits[0] == '0')) return {};
    dotted.value += digits;
  }
  dotted.end = i;
  return dotted;
}

std::optional<ReferenceAddress::Dotted> ReferenceAddress::NumberedAt(size_t begin) const {
  std::vector<uint64_t> numbers;
  size_t i = begin;
  for (;;) {
    if (!Digit(i) || numbers.size() == 4) return {};
    int base = 10;
    if (IsAt(i, "0x")) {
      base = 16;
      i += 2;
    } else if (At(i) == '0' && Digit(i + 1)) {
      base = 8;
      i += 1;
    }
    string digits;
    const string all = base == 16  ? "0123456789abcdefABCDEF"
                       : base == 8 ? "01234567"
                                   : "0123456789";
    while (At(i) > 0 && all.find(static_cast<char>(At(i))) != string::npos) {
      digits += static_cast<char>(At(i++));
    }
    if (digits.size() > 16) return {};
    const uint64_t number = digits.empty() ? 0 : std::stoull(digits, nullptr, base);
    if (number > 0xFFFFFFFF) return {};
    numbers.push_back(number);
    if (At(i) != '.' || !Alnum(i + 1)) break;
    ++i;
  }
  if (At(i) >= 0x80 || Alnum(i) || At(i) == '-' || At(i) == '_') return {};
  const uint64_t room = uint64_t{1} << (8 * (5 - numbers.size()));
  if (numbers.back() >= room) return {};
  uint64_t value = numbers.back();
  for (size_t k = 0; k + 1 < numbers.size(); ++k) {
    if (numbers[k] > 255) return {};
    value += numbers[k] << (24 - 8 * k);
  }
  Dotted dotted;
  dotted.end = i;
  for (int shift : {24, 16, 8, 0}) {
    dotted.value += std::to_string(value >> shift & 255) + (shift > 0 ? "." : "");
  }
  return dotted;
}

bool ReferenceAddress::HostMayEnd(size_t i) const {
  const auto goes_on = [this](size_t at) {
    for (const Symbol& symbol : symbols_) {
      if (symbol.begin == at && symbol.c >= 0) {
        return ClassifyCodePoint(symbol.c).kind != SymbolKind::kSeparator;
      }
    }
    return false;
  };
  if (goes_on(i)) return false;
  const auto form = DotForm(i);
  return !form || !goes_on(i + form->first.size());
}

bool ReferenceAddress::ReadsAsVersion(size_t begin, size_t end, bool after_v,
                                      const string& left) const {
  if (after_v) return true;
  size_t word_end = begin;
  for (int gap = 0; gap < 3 && word_end > 0; ++gap) {
    if (string(" \t:=\"'(-_,>").find(static_cast<char>(Before(word_end))) == string::npos) break;
    --word_end;
  }
  string word;
  for (size_t i = word_end; i > 0 && Alnum(i - 1) && word.size() < 16; --i) {
    word.insert(word.begin(), static_cast<char>(std::tolower(At(i - 1))));
  }
  static const std::set<string> kWords = {"ver",      "v",        "release", "rel",     "build",
                                          "firmware", "revision", "rev",     "section", "sections",
                                          "sec",      "chapter",  "clause",  "figure",  "fig",
                                          "table",    "appendix", "update",  "driver"};
  if (kWords.count(word) > 0 || word.ends_with("version") || word.ends_with("versions"))
    return true;
  if (At(end) == '-' && Letter(end + 1)) return true;
  if (begin < 2 || !Letter(begin - 2)) return false;
  return At(begin - 1) == '-' || (left == "path" && EvidenceAt(end).empty());
}

bool ReferenceAddress::NumbersHeading(size_t begin, const Dotted& dotted) const {
  std::stringstream numbers(dotted.value);
  for (string number; std::getline(numbers, number, '.');) {
    if (number == "0" || number.size() > 2) return false;
  }
  const auto blank = [this](size_t i) { return At(i) == ' ' || At(i) == '\t'; };
  size_t left = begin;
  while (left > 0 && blank(left - 1) && begin - left < 16) --left;
  const int before = Before(left);
  if (before >= 0 && before != '\n' && before != '\r' && before != '>') return false;
  size_t right = dotted.end + (At(dotted.end) == '.' ? 1 : 0);
  size_t blanks = 0;
  while (blanks < 3 && blank(right)) ++right, ++blanks;
  if (At(right) == 0xC2 && At(right + 1) == 0xA0) right += 2, ++blanks;
  return blanks > 0 && (At(right) >= 0x80 || (At(right) >= 'A' && At(right) <= 'Z'));
}

std::optional<KindFinding> ReferenceAddress::Ipv4At(size_t begin) const {
  const auto dotted = DottedAt(begin);
  if (!dotted) return {};
  const bool after_v = begin > 0 && std::tolower(Before(begin)) == 'v' && BeginsWord(begin - 1, 9);
  size_t digits = begin;
  while (Digit(digits)) ++digits;
  const size_t reach = 9 - (digits - 1 - begin);
  const bool after_equals_and_digits = begin >= 3 && At(begin - 3) == '=' && Digit(begin - 2) &&
                                       Digit(begin - 1) && BeginsWord(begin, reach);
  if (after_equals_and_digits) return {};
  bool begins = BeginsWord(begin, reach) || (after_v && BeginsWord(begin - 1, reach - 1));
  if (Before(begin) == '=' && Digit(begin) && Digit(begin + 1)) begins = true;
  if (!begins) return {};
  if (!after_v && begin > 0) {
    for (size_t size = 1; size <= 7 && size < begin; ++size) {
      const auto form = DotForm(begin - size);
      if (form && form->first.size() == size && Alnum(begin - size - 1)) return {};
    }
  }
  const size_t end = dotted->end;
  if (Alnum(end)) return {};
  const auto next = DotForm(end);
  const size_t after = end + (next ? next->first.size() : 0);
  if (next && Digit(after)) return {};

  KindFinding finding{Kind::kIpv4, begin, end, dotted->value, "", Confidence::kHigh, 0};
  const auto [context, left_defanged] = ContextAt(begin);
  finding.reasons = Bit(context);
  const auto cap = [&](Confidence confidence, Reason reason) {
    finding.confidence = std::min(finding.confidence, confidence);
    finding.reasons |= Bit(reason);
  };
  const bool defanged = dotted->defanged || left_defanged;
  if (!EvidenceAt(end).empty()) finding.reasons |= Bit(Reason::kEvidence);
  if (defanged) finding.reasons |= Bit(Reason::kDefanged);
  if (dotted->escaped) cap(Confidence::kMedium, Reason::kEscapedDot);
  if (next && Letter(after)) cap(Confidence::kLow, Reason::kRightCut);
  if (context != Reason::kAnchored && !defanged) {
    if (context == Reason::kPath) cap(Confidence::kMedium, Reason::kPath);
    if (ReadsAsVersion(begin, end, after_v, LeftOf(begin).first) ||
        NumbersHeading(begin, *dotted)) {
      cap(Confidence::kLow, Reason::kVersionLike);
    }
  }
  return finding;
}

std::vector<KindFinding> ReferenceAddress::Ipv4() const {
  std::vector<KindFinding> findings;
  for (size_t i = 0; i < text_.size(); ++i) {
    if (auto finding = Ipv4At(i)) findings.push_back(*finding);
  }
  return findings;
}

std::optional<std::string> ReferenceAddress::Ipv6Value(const string& text) {
  in6_addr address{};
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return {};
  std::vector<unsigned> groups;
  for (int i = 0; i < 16; i += 2) {
    groups.push_back(address.s6_addr[i] * 256u + address.s6_addr[i + 1]);
  }
  if (std::all_of(groups.begin(), groups.begin() + 5, [](unsigned g) { return g == 0; }) &&
      groups[5] == 0xFFFF) {
    string value = "::ffff:";
    for (int i = 12; i < 16; ++i) {
      value += std::to_string(address.s6_addr[i]) + (i < 15 ? "." : "");
    }
    return value;
  }
  size_t best = 0, best_size = 0;
  for (size_t i = 0; i < 8; ++i) {
    size_t size = 0;
    while (i + size < 8 && groups[i + size] == 0) ++size;
    if (size > best_size) best = i, best_size = size;
  }
  string value;
  for (size_t i = 0; i < 8; ++i) {
    char hex[8];
    std::snprintf(hex, sizeof hex, "%x", groups[i]);
    if (best_size >= 2 && i == best) {
      value += "::";
      i += best_size - 1;
    } else {
      value += (value.empty() || value.back() == ':' ? "" : ":") + string(hex);
    }
  }
  return value;
}

std::vector<KindFinding> ReferenceAddress::Ipv6() const {
  std::vector<KindFinding> findings;
  const auto in_row = [this](size_t i) { return HexDigit(i) || At(i) == ':' || At(i) == '.'; };
  for (size_t row = 0; row < text_.size(); ++row) {
    if (!in_row(row)) continue;
    size_t begin = row;
    size_t end = row;
    while (in_row(end)) ++end;
    row = end;
    if (end - begin > 64) continue;
    while (end > begin && At(end - 1) == '.') --end;
    if (end - begin >= 2 && At(end - 1) == ':' && At(end - 2) != ':') --end;
    while (begin < end && At(begin) == '.') ++begin;
    if (end - begin >= 2 && At(begin) == ':' && At(begin + 1) != ':') ++begin;
    if (Alnum(end)) continue;
    if (begin < end && (IsAsciiAlnum(Before(begin)) || Before(begin) == '%')) {
      // The begin may be that of an escape, or behind one.
      size_t word = begin;
      while (word > 0 && Alnum(word - 1)) --word;
      if (begin - word > 8) continue;
      bool damaged = false;
      word += EscapeBefore(word, damaged);
      if (word < begin || word >= end) continue;
      begin = word;
    }
    const string written(text_.substr(begin, end - begin));
    std::vector<string> groups(1);
    for (char c : written) {
      if (std::isxdigit(static_cast<unsigned char>(c)) != 0) {
        groups.back() += c;
      } else {
        groups.emplace_back();
      }
    }
    const bool pairs =
        std::all_of(groups.begin(), groups.end(), [](auto& g) { return g.size() == 2; });
    const auto value = Ipv6Value(written);
    if (!value || written == "::" || pairs) continue;
    KindFinding finding{Kind::kIpv6, begin, end, *value, "", Confidence::kHigh, 0};
    const bool bracketed = Before(begin) == '[' && At(end) == ']';
    const size_t left = bracketed ? begin - 1 : begin;
    finding.reasons = Bit(ContextAt(left).first);
    const bool evidence = !EvidenceAt(bracketed ? end + 1 : end).empty();
    if (evidence) finding.reasons |= Bit(Reason::kEvidence);
    const bool long_group =
        std::any_of(groups.begin(), groups.end(), [](auto& g) { return g.size() >= 3; });
    const bool digit = written.find_first_of("0123456789") != string::npos;
    if ((!long_group || !digit) && LeftOf(left).first != "scheme" && !evidence &&
        written != "::1") {
      finding.reasons |= Bit(Reason::kCode);
      finding.confidence = Confidence::kLow;
    }
    findings.push_back(finding);
  }
  return findings;
}

std::vector<KindFinding> ReferenceAddress::Digests() const {
  std::vector<KindFinding> findings;
  const std::vector<std::pair<size_t, Kind>> kinds = {
      {32, Kind::kMd5}, {40, Kind::kSha1}, {64, Kind::kSha256}, {128, Kind::kSha512}};
  for (size_t row = 0; row < text_.size(); ++row) {
    if (!HexDigit(row)) continue;
    size_t end = row;
    while (HexDigit(end)) ++end;
    const size_t row_begin = row;
    row = end - 1;
    if (Alnum(end)) continue;
    for (const auto& [size, kind] : kinds) {
      if (end - row_begin < size || end - row_begin > 130) continue;
      const size_t begin = end - size;
      // A row of just the right size need not be looked at for an escape.
      const bool whole = begin == row_begin && !IsAsciiAlnum(Before(begin));
      size_t word = row_begin;
      while (word > 0 && Alnum(word - 1)) --word;
      bool damaged = false;
      const bool escaped = row_begin - word <= 6 && word + EscapeBefore(word, damaged) == begin;
      if (!whole && !escaped) continue;
      string value(text_.substr(begin, size));
      std::transform(value.begin(), value.end(), value.begin(),
                     [](unsigned char c) { return std::tolower(c); });
      KindFinding finding{kind, begin, end, value, "", Confidence::kHigh, 0};
      finding.reasons = Bit(ContextAt(begin).first);
      bool periodic = true;
      for (size_t i = 16; i < size; ++i) periodic &= value[i] == value[i - 16];
      const std::set<char> different(value.begin(), value.end());
      if (periodic || different.size() < 6 || value.find_first_of("abcdef") == string::npos) {
        finding.reasons |= Bit(Reason::kRepetitive);
        finding.confidence = Confidence::kLow;
      }
      findings.push_back(finding);
    }
  }
  return findings;
}

}  // namespace trawl::test
