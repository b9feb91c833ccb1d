// A document as the reference detector sees it: its symbols, and what stands left and right of a
// place.
//
// Thread-safety: one thread at a time.

#ifndef TRAWL_TESTS_SUPPORT_REFERENCE_VIEW_H_
#define TRAWL_TESTS_SUPPORT_REFERENCE_VIEW_H_

#include <unicode/utf8.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compute/detector.h"
#include "tests/support/reference_unicode.h"

namespace trawl::test {

class ReferenceView {
 public:
  ReferenceView(std::string_view document, const compute::ScanOptions& options)
      : text_(document), options_(options) {
    Decode();
    Separate();
  }

 protected:
  using string = std::string;
  using Defang = compute::Defang;

  int At(size_t i) const { return i < text_.size() ? static_cast<unsigned char>(text_[i]) : -1; }
  int Before(size_t i) const { return i > 0 ? At(i - 1) : -1; }

  bool IsAt(size_t i, const string& lower) const {
    if (i > text_.size() || text_.size() - i < lower.size()) return false;
    for (size_t k = 0; k < lower.size(); ++k) {
      if (std::tolower(At(i + k)) != static_cast<unsigned char>(lower[k])) return false;
    }
    return true;
  }
  bool EndsAt(size_t i, const string& lower) const {
    return i >= lower.size() && IsAt(i - lower.size(), lower);
  }

  // --- Symbols -------------------------------------------------------------------------------

  std::optional<std::pair<string, string>> DotForm(size_t i) const {
    std::vector<std::pair<string, string>> forms;
    if (options_.defang == Defang::kAggressive) {
      for (const char* form : {" . ", " dot ", " [.] ", " (.) ", " [dot] ", " (dot) "}) {
        forms.push_back({form, "spaced"});
      }
    }
    if (options_.defang != Defang::kOff) {
      for (const char* form : {"[.]", "(.)", "{.}", "[dot]", "(dot)", "{dot}", "[.", ".]"}) {
        forms.push_back({form, "defanged"});
      }
      forms.push_back({"\\.", "escaped"});
    }
    for (const char* form : {"\u3002", "\uFF0E", "\uFF61"}) forms.push_back({form, "unicode"});
    for (const auto& form : forms) {
      if (form.second == "spaced" && EndsAt(i, " dot")) continue;
      if (IsAsciiAlnum(Before(i)) && IsAt(i, form.first) && IsAsciiAlnum(At(i + form.first.size())))
        return form;
    }
    if (At(i) == '.') return std::pair<string, string>{".", "plain"};
    return {};
  }

  void Decode() {
    for (size_t i = 0; i < text_.size();) {
      Symbol symbol;
      if (auto form = DotForm(i)) {
        symbol.kind = SymbolKind::kDot;
        symbol.dot = form->second;
        symbol.begin = i;
        symbol.end = i + form->first.size();
      } else {
        int32_t next = static_cast<int32_t>(std::min<size_t>(text_.size() - i, 4));
        int32_t offset = 0;
        UChar32 c;
        U8_NEXT(text_.data() + i, offset, next, c);
        if (c >= 0) symbol = ClassifyCodePoint(c);
        symbol.begin = i;
        symbol.end = i + (c >= 0 ? static_cast<size_t>(offset) : 1);
      }
      i = symbol.end;
      symbols_.push_back(symbol);
    }
  }

  // Long rows of ignorables separate, and so do dots in a row.
  void Separate() {
    for (size_t i = 0; i < symbols_.size(); ++i) {
      if (symbols_[i].kind != SymbolKind::kIgnorable) continue;
      size_t end = i;
      while (end < symbols_.size() && symbols_[end].kind == SymbolKind::kIgnorable) ++end;
      if (symbols_[end - 1].end - symbols_[i].begin > 64) {
        for (size_t k = i; k < end; ++k) symbols_[k].kind = SymbolKind::kSeparator;
      }
      i = end - 1;
    }
    std::set<size_t> ellipses;
    constexpr size_t kNone = string::npos;
    size_t last_dot = kNone;
    for (size_t i = 0; i < symbols_.size(); ++i) {
      if (symbols_[i].kind == SymbolKind::kIgnorable) continue;
      if (symbols_[i].kind == SymbolKind::kDot) {
        if (last_dot != kNone) ellipses.insert({last_dot, i});
        last_dot = i;
      } else {
        last_dot = kNone;
      }
    }
    for (size_t i : ellipses) symbols_[i].kind = SymbolKind::kSeparator;
  }

  // --- Left of a run ---------------------------------------------------------------------------

  struct Character {
    int c = -1;
    size_t size = 0;
    bool percent = false;
  };

  int Hex(size_t i) const {
    int high = At(i), low = At(i + 1);
    if (high < 0 || low < 0 || !std::isxdigit(high) || !std::isxdigit(low)) return -1;
    return std::stoi(string(text_.substr(i, 2)), nullptr, 16);
  }

  Character CharacterBefore(size_t end) const {
    for (const char* twenty_fives : {"", "25", "2525", "252525"}) {
      string prefix = string("%") + twenty_fives;
      size_t size = prefix.size() + 2;
      if (end >= size && IsAt(end - size, prefix) && Hex(end - 2) >= 0 && Hex(end - 2) < 0x80) {
        return {Hex(end - 2), size, true};
      }
    }
    if (end >= 4 && text_.substr(end - 4, 2) == "\\x" && Hex(end - 2) >= 0 && Hex(end - 2) < 0x80) {
      return {Hex(end - 2), 4, false};
    }
    if (end >= 6 && text_.substr(end - 6, 4) == "\\u00" && Hex(end - 2) >= 0 &&
        Hex(end - 2) < 0x80) {
      return {Hex(end - 2), 6, false};
    }
    if (EndsAt(end, "\\/")) return {'/', 2, false};
    if (end > 0) return {At(end - 1), 1, false};
    return {};
  }

  static bool SchemeChar(int c) { return IsAsciiAlnum(c) || c == '+' || c == '-' || c == '.'; }

  static bool SeparatorByte(int v) {
    return v >= 0 && v < 0x80 && !IsAsciiAlnum(v) && v != '-' && v != '_' && v != '.';
  }

  size_t EscapeBefore(size_t begin, bool& damaged) const {
    damaged = false;
    const int before = Before(begin);
    if (before == '%') {
      size_t cut = 0;
      while (cut < 32) {
        int v = Hex(begin + cut);
        if (!SeparatorByte(v)) {
          damaged = v >= 0;
          return cut;
        }
        cut += 2;
        if (v != '%') return cut;
      }
      return cut;
    }
    if (before == '=') {
      int v = Hex(begin);
      bool lower = std::islower(At(begin)) || std::islower(At(begin + 1));
      bool usual = v >= ' ' || v == '\t' || v == '\n' || v == '\r';
      return SeparatorByte(v) && usual && !lower ? 2 : 0;
    }
    if (before == '\\') {
      if (begin >= 2 && At(begin - 2) == '\\') return 0;
      size_t size = 0;
      if (IsAt(begin, "n") || IsAt(begin, "r") || IsAt(begin, "t")) size = 1;
      if (IsAt(begin, "u") && Hex(begin + 1) >= 0 && Hex(begin + 3) >= 0) size = 5;
      if (IsAt(begin, "x") && Hex(begin + 1) >= 0) size = 3;
      if (std::isupper(At(begin))) size = 0;
      return size > 0 && IsPath(begin - 1) ? 0 : size;
    }
    if (before == '[' || before == ';') {
      size_t final = begin;
      while (final - begin < 32 && std::isdigit(At(final))) ++final;
      if (At(final) != 'm' && At(final) != 'K') return 0;
      size_t open = begin;
      while (open > 0 && begin - open < 32 && (std::isdigit(Before(open)) || Before(open) == ';')) {
        --open;
      }
      if (Before(open) != '[' || open < 2 || At(open - 2) != 0x1B) return 0;
      return final + 1 - begin;
    }
    return 0;
  }

  bool IsPath(size_t backslash) const {
    size_t begin = backslash;
    while (begin > 0 && backslash - begin < 64) {
      int c = At(begin - 1);
      if (c <= ' ' || string("\"'<>|*?`").find(static_cast<char>(c)) != string::npos) break;
      --begin;
    }
    string path(text_.substr(begin, backslash + 1 - begin));
    if (path.find("\\\\") != string::npos) return true;
    for (size_t i = 1; i + 1 < path.size(); ++i) {
      bool drive = path[i] == ':' && path[i + 1] == '\\' && IsAsciiAlnum(path[i - 1]) &&
                   std::isalpha(static_cast<unsigned char>(path[i - 1])) != 0;
      if (drive && !IsAsciiAlnum(Before(begin + i - 1))) return true;
    }
    return false;
  }

  size_t SchemeIntoRun(size_t begin) const {
    if (options_.defang == Defang::kOff) return 0;
    if (IsAt(begin, "hxxps__")) return 7;
    if (IsAt(begin, "hxxp__")) return 6;
    bool colon = begin >= 3 && At(begin - 1) == ':' && SchemeChar(At(begin - 2)) &&
                 SchemeChar(At(begin - 3));
    return IsAt(begin, "__") && colon ? 2 : 0;
  }

  bool IsHostChar(size_t i) const {
    for (const Symbol& symbol : symbols_) {
      if (symbol.begin == i && symbol.end > i) {
        return symbol.c >= 0 && ClassifyCodePoint(symbol.c).kind == SymbolKind::kHost;
      }
      if (symbol.begin > i) break;
    }
    return false;
  }
  bool IsHostCharBefore(size_t i) const {
    for (const Symbol& symbol : symbols_) {
      if (symbol.end == i)
        return symbol.c >= 0 && ClassifyCodePoint(symbol.c).kind == SymbolKind::kHost;
    }
    return false;
  }

  std::pair<size_t, bool> AtSignAt(size_t i) const {
    if (At(i) == '@') return {1, false};
    if (IsAt(i, "%40")) return {3, false};
    if (options_.defang != Defang::kOff) {
      for (const char* form : {"[@]", "(@)", "[at]", "(at)", "{at}"}) {
        if (IsAt(i, form)) return {string(form).size(), true};
      }
    }
    return {0, false};
  }

  std::pair<string, bool> LeftOf(size_t begin) const {
    for (size_t size : {1, 3, 4}) {
      if (begin < size) continue;
      auto [at_size, defanged] = AtSignAt(begin - size);
      if (at_size == size) return {Mailbox(begin - size), defanged};
    }
    const Character one = CharacterBefore(begin);
    if (one.c == '@') return {Mailbox(begin - one.size), false};
    const bool undo = options_.defang != Defang::kOff;
    auto scheme_before = [&](size_t i) { return SchemeChar(CharacterBefore(i).c); };
    if (undo && EndsAt(begin, "[://]") && scheme_before(begin - 5)) return {"scheme", true};
    const Character two = CharacterBefore(begin - one.size);
    const size_t both = begin - one.size - two.size;
    const Character three = CharacterBefore(both);
    if (one.c == '\\' && two.c == '\\') {
      bool colon = undo && both >= 3 && At(both - 1) == ':' && SchemeChar(At(both - 2)) &&
                   SchemeChar(At(both - 3));
      return colon ? std::pair{string("scheme"), true} : std::pair{string("bare"), false};
    }
    if (one.c == '\\') return {"path", false};
    if (one.c != '/') return {"bare", false};
    if (two.c != '/') return {one.percent ? "bare" : "path", false};
    if (undo && EndsAt(both, "[:]") && scheme_before(both - 3)) return {"scheme", true};
    if (three.c == ':') return {scheme_before(both - three.size) ? "scheme" : "bare", false};
    return {three.c == '/' ? "path" : "relative", false};
  }

  string Mailbox(size_t at) const {
    int c = Before(at);
    if (IsAsciiAlnum(c) || c == '.' || c == '_' || c == '+' || c == '-' || c == '"')
      return "mailbox";
    if (c >= 0x80 && IsHostCharBefore(at)) return "mailbox";
    size_t begin = at;
    while (begin > 0 && at - begin < 64 && Userinfo(Before(begin))) --begin;
    bool scheme = EndsAt(begin, "://") && SchemeChar(CharacterBefore(begin - 3).c);
    return scheme ? "mailbox" : "at";
  }

  static bool Userinfo(int c) {
    return IsAsciiAlnum(c) ||
           (c > 0 && string("-._~%!$&'()*+,;=:").find(static_cast<char>(c)) != string::npos);
  }

  // --- Right of a run --------------------------------------------------------------------------

  bool HostOrBracket(size_t i) const { return At(i) == '[' || IsHostChar(i); }

  bool IsLocalPart(size_t end) const {
    for (size_t i = end; i <= end + 64 && i < text_.size(); ++i) {
      if (size_t size = AtSignAt(i).first; size > 0) return HostOrBracket(i + size);
      int c = At(i);
      if (c == '"') {
        size_t size = AtSignAt(i + 1).first;
        return size > 0 && HostOrBracket(i + 1 + size);
      }
      if (!IsAsciiAlnum(c) && c != '.' && c != '_' && c != '+' && c != '-') return false;
    }
    return false;
  }

  bool IsUserinfo(size_t end) const {
    for (size_t i = end; i < end + 64 && i < text_.size(); ++i) {
      if (size_t size = AtSignAt(i).first; size > 0) return HostOrBracket(i + size);
      if (!Userinfo(At(i))) return false;
    }
    return false;
  }

  // "", "port" or "full".
  string EvidenceAt(size_t i) const {
    if (At(i) == ':') {
      size_t digits = 0;
      while (digits < 5 && std::isdigit(At(i + 1 + digits)) && At(i + 1 + digits) >= 0) ++digits;
      if (digits == 0) return "";
      return At(i + 1 + digits) == '/' ? "full" : "port";
    }
    if (At(i) != '/' && At(i) != '?' && At(i) != '#') return "";
    int next = At(i + 1);
    bool follows = IsAsciiAlnum(next) ||
                   (next > 0 && string("%-_~@/").find(static_cast<char>(next)) != string::npos);
    return follows ? "full" : "";
  }

  bool IsIllFormed(size_t i) const {
    for (const Symbol& symbol : symbols_) {
      if (symbol.begin == i)
        return symbol.kind == SymbolKind::kSeparator && symbol.c < 0 && symbol.dot.empty();
    }
    return false;
  }

  bool TouchesInvalid(size_t begin, size_t end) const {
    size_t before = begin;
    while (before > 0 && IsIllFormed(before - 1)) --before;
    if (before < begin && begin - before <= 3 && IsHostCharBefore(before)) return true;
    size_t after = end;
    while (IsIllFormed(after)) ++after;
    return after > end && after - end <= 3 && IsHostChar(after);
  }

  const std::string_view text_;
  const compute::ScanOptions options_;
  std::vector<Symbol> symbols_;
};

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_REFERENCE_VIEW_H_
