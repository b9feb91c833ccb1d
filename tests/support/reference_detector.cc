#include "tests/support/reference_detector.h"

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

namespace trawl::test {
namespace {

using compute::Confidence;
using compute::Defang;
using compute::Reason;
using compute::Reasons;
using std::string;

// What a symbol is to a run.
enum class Kind { kSeparator, kHost, kIgnorable, kDot };

struct Symbol {
  size_t begin = 0;
  size_t end = 0;
  UChar32 c = -1;  // -1: an ill-formed byte, or a dot in another form
  Kind kind = Kind::kSeparator;
  bool unspaced = false;
  bool joiner = false;
  string dot;  // "plain", "defanged", "escaped", "unicode", "spaced"
};

bool Alnum(int c) { return c >= 0 && c < 128 && std::isalnum(c) != 0; }

const UIDNA* OpenUts46(uint32_t options) {
  UErrorCode error = U_ZERO_ERROR;
  return uidna_openUTS46(options, &error);
}

icu::UnicodeString ToUnicode16(std::string_view utf8) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
}

string ToUtf8(const icu::UnicodeString& text) {
  string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

using Converter = int32_t (*)(const UIDNA*, const UChar*, int32_t, UChar*, int32_t, UIDNAInfo*,
                              UErrorCode*);

// `errors` are those of UTS #46.
icu::UnicodeString Convert(const UIDNA* uts46, Converter converter, const icu::UnicodeString& label,
                           uint32_t& errors) {
  UChar buffer[4096];
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode error = U_ZERO_ERROR;
  int32_t size = converter(uts46, label.getBuffer(), label.length(), buffer, 4096, &info, &error);
  errors = U_FAILURE(error) ? ~0u : info.errors;
  return U_FAILURE(error) ? icu::UnicodeString() : icu::UnicodeString(buffer, size);
}

// The A-form by UTS #46, or nothing where a label has none. Underscores pass.
std::optional<string> AForm(const string& label) {
  static const UIDNA* const uts46 =
      OpenUts46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII |
                UIDNA_NONTRANSITIONAL_TO_UNICODE);
  uint32_t errors = 0;
  auto ascii = Convert(uts46, uidna_labelToASCII, ToUnicode16(label), errors);
  if ((errors & ~UIDNA_ERROR_HYPHEN_3_4) != 0 || ascii.isEmpty() || ascii.length() > 63) return {};
  if (ascii.startsWith("xn--")) {
    auto unicode = Convert(uts46, uidna_labelToUnicode, ascii, errors);
    if ((errors & ~UIDNA_ERROR_HYPHEN_3_4) != 0) return {};
    if (Convert(uts46, uidna_labelToASCII, unicode, errors) != ascii) return {};
  }
  string result = ToUtf8(ascii);
  if (result.front() == '-' || result.back() == '-') return {};
  return result;
}

bool IsLmn(UChar32 c) {
  return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

bool IsEmoji(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_EMOJI); }

// What UTS #46 makes of one code point: found out between two ideographs, which nothing joins.
// Nothing where it is disallowed.
std::optional<icu::UnicodeString> Mapping(UChar32 c) {
  static const UIDNA* const uts46 =
      OpenUts46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE);
  const UChar32 ideograph = 0x4E00;
  uint32_t errors = 0;
  icu::UnicodeString label;
  label.append(ideograph).append(c).append(ideograph);
  auto mapped = Convert(uts46, uidna_labelToUnicode, label, errors);
  const uint32_t fatal = UIDNA_ERROR_DISALLOWED | UIDNA_ERROR_LABEL_HAS_DOT;
  if ((errors & fatal) != 0 || mapped.length() < 2) return {};
  return icu::UnicodeString(mapped, 1, mapped.length() - 2);
}

Symbol Classify(UChar32 c) {
  static std::map<UChar32, Symbol> known;
  auto [entry, inserted] = known.try_emplace(c);
  Symbol& symbol = entry->second;
  if (!inserted) return symbol;
  symbol.c = c;
  if (c < 0x80) {
    if (Alnum(c) || c == '-' || c == '_') symbol.kind = Kind::kHost;
    return symbol;
  }
  if (c == 0x200C || c == 0x200D) {
    symbol.kind = Kind::kIgnorable;
    symbol.joiner = true;
    return symbol;
  }
  auto mapping = Mapping(c);
  if (!mapping.has_value()) return symbol;
  if (mapping->isEmpty()) {
    symbol.kind = Kind::kIgnorable;
    return symbol;
  }
  if (!IsLmn(c) && !IsEmoji(c)) return symbol;
  for (int32_t i = 0; i < mapping->length(); i = mapping->moveIndex32(i, 1)) {
    UChar32 m = mapping->char32At(i);
    bool itself = mapping->countChar32() == 1 && IsEmoji(m);
    if (m != '-' && !IsLmn(m) && !itself) return symbol;
  }
  symbol.kind = Kind::kHost;
  for (const char* script : {"Hani", "Hira", "Kana", "Hang", "Thai", "Laoo", "Khmr", "Mymr"}) {
    UErrorCode error = U_ZERO_ERROR;
    UScriptCode code;
    uscript_getCode(script, &code, 1, &error);
    if (uscript_hasScript(c, code)) symbol.unspaced = true;
  }
  return symbol;
}

// Follows the rules on one document.
class Reference {
 public:
  Reference(const compute::Ruleset& ruleset, std::string_view document,
            const compute::ScanOptions& options)
      : ruleset_(ruleset), text_(document), options_(options) {}

  std::vector<ReferenceFinding> Run() {
    Decode();
    Separate();
    for (size_t i = 0; i < symbols_.size();) {
      if (symbols_[i].kind == Kind::kSeparator) {
        ++i;
        continue;
      }
      size_t end = i;
      while (end < symbols_.size() && symbols_[end].kind != Kind::kSeparator) ++end;
      CutRun(i, end);
      i = end;
    }
    return findings_;
  }

 private:
  enum class Start { kRun, kSeam, kUrlDefense, kUrlDefenseSlash };

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
      if (Alnum(Before(i)) && IsAt(i, form.first) && Alnum(At(i + form.first.size()))) return form;
    }
    if (At(i) == '.') return std::pair<string, string>{".", "plain"};
    return {};
  }

  void Decode() {
    for (size_t i = 0; i < text_.size();) {
      Symbol symbol;
      if (auto form = DotForm(i)) {
        symbol.kind = Kind::kDot;
        symbol.dot = form->second;
        symbol.begin = i;
        symbol.end = i + form->first.size();
      } else {
        int32_t next = static_cast<int32_t>(std::min<size_t>(text_.size() - i, 4));
        int32_t offset = 0;
        UChar32 c;
        U8_NEXT(text_.data() + i, offset, next, c);
        if (c >= 0) symbol = Classify(c);
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
      if (symbols_[i].kind != Kind::kIgnorable) continue;
      size_t end = i;
      while (end < symbols_.size() && symbols_[end].kind == Kind::kIgnorable) ++end;
      if (symbols_[end - 1].end - symbols_[i].begin > 64) {
        for (size_t k = i; k < end; ++k) symbols_[k].kind = Kind::kSeparator;
      }
      i = end - 1;
    }
    std::set<size_t> ellipses;
    constexpr size_t kNone = string::npos;
    size_t last_dot = kNone;
    for (size_t i = 0; i < symbols_.size(); ++i) {
      if (symbols_[i].kind == Kind::kIgnorable) continue;
      if (symbols_[i].kind == Kind::kDot) {
        if (last_dot != kNone) ellipses.insert({last_dot, i});
        last_dot = i;
      } else {
        last_dot = kNone;
      }
    }
    for (size_t i : ellipses) symbols_[i].kind = Kind::kSeparator;
  }

  // --- Runs and segments -----------------------------------------------------------------------

  void CutRun(size_t first, size_t end) {
    const size_t run_begin = symbols_[first].begin;
    size_t start = first;
    Start kind = Start::kRun;
    std::optional<size_t> url_defense;
    const Symbol* last_host = nullptr;
    for (size_t i = first; i < end; ++i) {
      const Symbol& symbol = symbols_[i];
      if (symbol.kind == Kind::kDot) last_host = nullptr;
      if (symbol.kind != Kind::kHost) continue;
      const bool seam = last_host != nullptr && ((last_host->unspaced && Alnum(symbol.c)) ||
                                                 (symbol.unspaced && Alnum(last_host->c)));
      if (seam && !(symbol.begin - run_begin <= 256 && IsRunAnchored(run_begin))) {
        Judge(start, i, kind, true);
        start = i;
        kind = Start::kSeam;
      }
      last_host = &symbol;
      if (symbol.c != '_') continue;
      if (EndsAt(symbol.end, "-3a__") && At(symbol.end - 4) == '3' && At(symbol.end - 3) == 'A' &&
          symbol.end >= 6 && Alnum(At(symbol.end - 6))) {
        url_defense = symbol.end;
        start = i + 1;
        kind = Start::kUrlDefense;
        last_host = nullptr;
      } else if (url_defense.has_value() && symbol.begin - *url_defense <= 256) {
        Judge(start, i, kind, false);
        start = i + 1;
        kind = Start::kUrlDefenseSlash;
        last_host = nullptr;
      }
    }
    Judge(start, end, kind, false);
  }

  bool IsRunAnchored(size_t begin) const {
    bool damaged = false;
    size_t cut = EscapeBefore(begin, damaged);
    if (SchemeIntoRun(begin + cut) > 0) return true;
    auto [context, defanged] = LeftOf(begin + cut);
    return context == "scheme" || context == "mailbox";
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

  static bool SchemeChar(int c) { return Alnum(c) || c == '+' || c == '-' || c == '.'; }

  static bool SeparatorByte(int v) {
    return v >= 0 && v < 0x80 && !Alnum(v) && v != '-' && v != '_' && v != '.';
  }

  size_t EscapeBefore(size_t begin, bool& damaged) const {
    damaged = false;
    const int before = Before(begin);
    if (before == '%') {
      size_t cut = 0;
      while (cut < 32) {
        int v = Hex(begin + cut);
        if (v >= 0x80) {
          damaged = true;
          return cut;
        }
        if (!SeparatorByte(v)) return cut;
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
      bool drive = path[i] == ':' && path[i + 1] == '\\' && Alnum(path[i - 1]) &&
                   std::isalpha(static_cast<unsigned char>(path[i - 1])) != 0;
      if (drive && !Alnum(Before(begin + i - 1))) return true;
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
        return symbol.c >= 0 && Classify(symbol.c).kind == Kind::kHost;
      }
      if (symbol.begin > i) break;
    }
    return false;
  }
  bool IsHostCharBefore(size_t i) const {
    for (const Symbol& symbol : symbols_) {
      if (symbol.end == i) return symbol.c >= 0 && Classify(symbol.c).kind == Kind::kHost;
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
    if (Alnum(c) || c == '.' || c == '_' || c == '+' || c == '-' || c == '"') return "mailbox";
    if (c >= 0x80 && IsHostCharBefore(at)) return "mailbox";
    size_t begin = at;
    while (begin > 0 && at - begin < 64 && Userinfo(Before(begin))) --begin;
    bool scheme = EndsAt(begin, "://") && SchemeChar(CharacterBefore(begin - 3).c);
    return scheme ? "mailbox" : "at";
  }

  static bool Userinfo(int c) {
    return Alnum(c) ||
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
      if (!Alnum(c) && c != '.' && c != '_' && c != '+' && c != '-') return false;
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
    bool follows =
        Alnum(next) || (next > 0 && string("%-_~@/").find(static_cast<char>(next)) != string::npos);
    return follows ? "full" : "";
  }

  bool IsIllFormed(size_t i) const {
    for (const Symbol& symbol : symbols_) {
      if (symbol.begin == i)
        return symbol.kind == Kind::kSeparator && symbol.c < 0 && symbol.dot.empty();
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

  // --- A segment -------------------------------------------------------------------------------

  struct Label {
    std::vector<Symbol> symbols;  // host characters and ignorables, no ignorable at the ends
    bool first_invalid = false;

    size_t begin() const { return symbols.front().begin; }
    size_t end() const { return symbols.back().end; }
  };

  static bool Trailing(UChar32 c) {
    return c >= 0x80 && (u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE) == U_DT_SUPER ||
                         ublock_getCode(c) == UBLOCK_LETTERLIKE_SYMBOLS || IsEmoji(c));
  }

  // The host characters that count, as UTF-8.
  string HostText(const std::vector<Symbol>& symbols, size_t& count) const {
    std::vector<const Symbol*> kept;
    for (const Symbol& symbol : symbols) {
      if (symbol.kind == Kind::kHost || symbol.joiner) kept.push_back(&symbol);
    }
    string utf8;
    count = 0;
    for (size_t i = 0; i < kept.size(); ++i) {
      if (kept[i]->joiner && !JoinerFits(kept, i)) continue;
      ++count;
      utf8 += text_.substr(kept[i]->begin, kept[i]->end - kept[i]->begin);
    }
    return utf8;
  }

  static bool JoinerFits(const std::vector<const Symbol*>& label, size_t i) {
    if (i > 0 && u_getCombiningClass(label[i - 1]->c) == 9) return true;
    if (label[i]->c != 0x200C) return false;
    auto type = [&](size_t k) { return u_getIntPropertyValue(label[k]->c, UCHAR_JOINING_TYPE); };
    bool left = false;
    for (size_t k = i; k-- > 0;) {
      if (type(k) == U_JT_TRANSPARENT) continue;
      left = type(k) == U_JT_LEFT_JOINING || type(k) == U_JT_DUAL_JOINING;
      break;
    }
    for (size_t k = i + 1; k < label.size(); ++k) {
      if (type(k) == U_JT_TRANSPARENT) continue;
      return left && (type(k) == U_JT_RIGHT_JOINING || type(k) == U_JT_DUAL_JOINING);
    }
    return false;
  }

  // The valid A-form of symbols, or nothing.
  std::optional<string> Valid(const std::vector<Symbol>& symbols) const {
    if (symbols.empty() || symbols.back().end - symbols.front().begin > 280) return {};
    size_t count = 0;
    string text = HostText(symbols, count);
    if (text.empty() || count > 63) return {};
    bool ascii = std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
    if (ascii) {
      for (char& c : text) c = static_cast<char>(std::tolower(c));
      if (text.front() == '-' || text.back() == '-') return {};
      if (text.substr(0, 4) != "xn--") return text;
    }
    return AForm(text);
  }

  bool IsSpecialTld(const string& label) const {
    static const std::set<string> kNames = {"example", "i2p",       "internal", "invalid", "lan",
                                            "local",   "localhost", "onion",    "test"};
    return kNames.count(label) > 0;
  }

  bool IsTld(const string& label) const {
    if (label.size() < 2) return false;
    if (label == "onion" || ruleset_.public_suffixes.IsTld(label)) return true;
    return options_.special_use && IsSpecialTld(label);
  }

  // The TLD that `symbols` spell.
  std::optional<string> TldOf(const std::vector<Symbol>& symbols) const {
    if (symbols.empty() || symbols.back().end - symbols.front().begin > 280) return {};
    size_t count = 0;
    string text = HostText(symbols, count);
    for (char& c : text) {
      if (static_cast<unsigned char>(c) < 0x80) c = static_cast<char>(std::tolower(c));
    }
    if (count > 63) return {};
    bool ascii = std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
    if (!ascii) {
      auto a_form = AForm(text);
      if (!a_form.has_value()) return {};
      text = *a_form;
    }
    return IsTld(text) ? std::optional<string>(text) : std::nullopt;
  }

  struct Tld {
    string text;
    size_t end = 0;
    Reasons cuts;
  };

  std::optional<Tld> MatchTld(const Label& label) const {
    if (auto tld = TldOf(label.symbols)) return Tld{*tld, label.end(), {}};
    auto is = [&](size_t i, UChar32 c) { return u_tolower(label.symbols[i].c) == c; };
    const bool a_label =
        label.symbols.size() > 4 && is(0, 'x') && is(1, 'n') && is(2, '-') && is(3, '-');
    std::vector<Symbol> prefix;
    for (const Symbol& symbol : label.symbols) {
      bool seam = symbol.kind == Kind::kHost && symbol.unspaced && !prefix.empty() &&
                  Alnum(prefix.back().c);
      if (!prefix.empty() && (symbol.c == '-' || symbol.c == '_' || seam)) {
        auto tld = TldOf(prefix);
        if (tld.has_value()) {
          Tld match{*tld, symbol.begin, {}};
          match.cuts.Add(symbol.c == '-'   ? Reason::kHyphenCut
                         : symbol.c == '_' ? Reason::kUnderscoreCut
                                           : Reason::kScriptCut);
          return match;
        }
        if (symbol.c != '-' || !a_label) return {};
      }
      prefix.push_back(symbol);
    }
    return {};
  }

  static bool AllDigits(const Label& label) {
    return std::all_of(label.symbols.begin(), label.symbols.end(),
                       [](const Symbol& s) { return s.c >= '0' && s.c <= '9'; });
  }

  static string Join(const std::vector<string>& labels) {
    string host;
    for (const string& label : labels) host += (host.empty() ? "" : ".") + label;
    return host;
  }

  void Judge(size_t first, size_t end, Start start, bool seam_at_end) {
    if (first >= end) return;
    std::vector<Symbol> run(symbols_.begin() + static_cast<ptrdiff_t>(first),
                            symbols_.begin() + static_cast<ptrdiff_t>(end));
    const size_t segment_begin = run.front().begin;
    const size_t segment_end = run.back().end;
    if (std::none_of(run.begin(), run.end(), [](auto& s) { return s.kind == Kind::kDot; })) return;

    // Trim the right end.
    auto trim_left = [](const Symbol& s) {
      return s.kind == Kind::kDot || s.kind == Kind::kIgnorable || s.c == '-';
    };
    auto trim_right = [&](const Symbol& s) {
      return trim_left(s) || s.c == '_' || (s.kind == Kind::kHost && Trailing(s.c));
    };
    size_t last = run.size();
    while (last > 0 && trim_right(run[last - 1])) --last;
    if (last == 0) return;
    size_t trailing = 0;
    while (last + trailing < run.size() && run[last + trailing].c == '_') ++trailing;
    run.resize(last);
    const size_t trimmed_end = run.back().end;

    // Escapes and schemes that run into the run, then trim the left end.
    bool damaged = false;
    bool prefixed = false;
    size_t begin = segment_begin;
    if (start == Start::kRun) {
      begin += EscapeBefore(begin, damaged);
      if (size_t size = SchemeIntoRun(begin); size > 0 && begin + size <= trimmed_end) {
        begin += size;
        prefixed = true;
      }
    }
    std::vector<Symbol> untrimmed = run;
    auto drop_front = [&run](size_t count) {
      run.erase(run.begin(), run.begin() + static_cast<ptrdiff_t>(count));
    };
    while (!run.empty() && run.front().begin < begin) drop_front(1);
    while (!run.empty() && trim_left(run.front())) drop_front(1);
    size_t leading = 0;
    while (leading < run.size() && run[leading].c == '_') ++leading;
    if (leading > 0 && leading == trailing) {
      drop_front(leading);
      while (!run.empty() && trim_left(run.front())) drop_front(1);
    }
    if (run.empty()) return;
    bool begin_known = true;
    if (run.front().begin - segment_begin > 280) {
      run = untrimmed;
      begin_known = false;
    }

    // Labels.
    std::vector<Label> labels(1);
    for (const Symbol& symbol : run) {
      if (symbol.kind == Kind::kDot) {
        labels.emplace_back();
      } else {
        labels.back().symbols.push_back(symbol);
      }
    }
    for (Label& label : labels) {
      auto& s = label.symbols;
      while (!s.empty() && s.front().kind == Kind::kIgnorable) s.erase(s.begin());
      while (!s.empty() && s.back().kind == Kind::kIgnorable) s.pop_back();
    }
    if (labels.front().symbols.empty()) labels.erase(labels.begin());
    if (labels.empty()) return;
    if (labels.front().end() - segment_begin > 280) begin_known = false;
    labels.front().first_invalid = !begin_known || damaged;

    // What is left of the run, which counts for hosts that begin near.
    string run_left = "bare";
    bool run_defanged = false;
    if (begin_known) {
      if (prefixed) {
        run_left = "scheme", run_defanged = true;
      } else if (start == Start::kRun) {
        std::tie(run_left, run_defanged) = LeftOf(begin);
      } else if (start == Start::kUrlDefense) {
        run_left = "scheme";
      } else if (start == Start::kUrlDefenseSlash) {
        run_left = "path";
      }
    }

    // The TLD from the right.
    std::optional<Tld> tld;
    size_t tld_label = labels.size();
    bool unknown = false;
    while (tld_label-- > 1) {
      tld = MatchTld(labels[tld_label]);
      if (tld.has_value()) break;
    }
    if (tld.has_value()) {
      if (tld_label + 1 < labels.size()) {
        if (std::all_of(labels.begin() + static_cast<ptrdiff_t>(tld_label) + 1, labels.end(),
                        AllDigits)) {
          return;
        }
        tld->cuts.Add(Reason::kRightCut);
      }
      if (segment_end - tld->end > 256) return;
    } else {
      if (!options_.unknown_tld_in_urls || labels.size() < 2) return;
      auto valid = Valid(labels.back().symbols);
      if (!valid.has_value() || valid->find('_') != string::npos || IsSpecialTld(*valid)) return;
      if (AllDigits(labels.back()) ||
          std::all_of(valid->begin(), valid->end(), [](char c) { return Alnum(c) && c <= '9'; })) {
        return;
      }
      tld = Tld{*valid, labels.back().end(), {}};
      tld_label = labels.size() - 1;
      unknown = true;
    }

    // The labels from the right.
    Reasons reasons = tld->cuts;
    std::vector<string> host = {tld->text};
    size_t host_begin = 0;
    auto icann = [&] { return ruleset_.public_suffixes.Find(Join(host)).icann; };
    for (size_t i = tld_label; i-- > 0;) {
      const Label& label = labels[i];
      const bool registrable = icann() == Join(host).size();
      auto valid = label.first_invalid ? std::nullopt : Valid(label.symbols);
      std::vector<Symbol> symbols = label.symbols;
      size_t count = 0;
      const bool underscore = HostText(symbols, count).find('_') != string::npos;
      bool trimmed = false;
      if (registrable && (!valid.has_value() || underscore)) {
        if (label.first_invalid) return;
        while (!symbols.empty() &&
               (symbols.front().c == '_' || symbols.front().kind == Kind::kIgnorable)) {
          trimmed = true;
          symbols.erase(symbols.begin());
        }
        valid = Valid(symbols);
        if (!trimmed || !valid.has_value() || valid->find('_') != string::npos) return;
        reasons.Add(Reason::kUnderscoreTrimmed);
      } else if (!valid.has_value()) {
        reasons.Add(Reason::kLeftCut);
        break;
      }
      host.insert(host.begin(), *valid);
      host_begin = symbols.front().begin;
      if (Join(host).size() > 253) return;
      if (tld->end - host_begin > 1024) return;
      if (trimmed) {
        if (i > 0) reasons.Add(Reason::kLeftCut);
        break;
      }
    }
    if (host.size() < 2) return;
    const bool near = host_begin - segment_begin <= 280;
    const string left = near ? run_left : "bare";
    const bool defanged = near && run_defanged;
    if (unknown && left != "scheme") return;
    Grade(segment_begin, segment_end, trimmed_end, start, seam_at_end, labels[tld_label].begin(),
          *tld, host, host_begin, left, defanged, unknown, reasons);
  }

  void Grade(size_t segment_begin, size_t segment_end, size_t trimmed_end, Start start,
             bool seam_at_end, size_t tld_begin, const Tld& tld, const std::vector<string>& host,
             size_t begin, const string& left, bool defanged, bool unknown, Reasons reasons) {
    const string value = Join(host);
    const string& tld_text = tld.text;
    const size_t end = tld.end;
    const bool home = value == "home.arpa" ||
                      (value.size() > 10 && value.substr(value.size() - 10) == ".home.arpa");
    if (home && !options_.special_use) return;
    if (!unknown && (home || IsSpecialTld(tld_text))) reasons.Add(Reason::kSpecialUse);

    const bool www = host.size() >= 3 && host.front() == "www";
    const bool anchored = left == "scheme" || left == "mailbox" || www;
    const auto suffixes = ruleset_.public_suffixes.Find(value);
    if (suffixes.icann == value.size()) {
      if (!anchored || reasons.Has(Reason::kLeftCut)) return;
    }
    if (suffixes.all == value.size()) reasons.Add(Reason::kPublicSuffix);
    string registrable;
    if (suffixes.icann < value.size()) {
      size_t suffix = suffixes.all < value.size() ? suffixes.all : suffixes.icann;
      for (size_t i = host.size(); i-- > 0 && registrable.size() <= suffix;) {
        registrable = registrable.empty() ? host[i] : host[i] + "." + registrable;
      }
    }
    if (IsLocalPart(segment_end)) return;
    if (left == "scheme" && IsUserinfo(segment_end)) return;

    bool spaced = false;
    for (const Symbol& s : symbols_) {
      if (s.begin < begin || s.end > end) continue;
      if (s.kind == Kind::kIgnorable) reasons.Add(Reason::kHidden);
      if (s.kind != Kind::kDot) continue;
      if (s.dot == "escaped") reasons.Add(Reason::kEscapedDot);
      if (s.dot == "unicode") reasons.Add(Reason::kUnicodeDot);
      if (s.dot == "defanged" || s.dot == "spaced") defanged = true;
      if (s.dot == "spaced") spaced = true;
    }
    if (defanged) reasons.Add(Reason::kDefanged);
    if (TouchesInvalid(begin, end)) reasons.Add(Reason::kNextToInvalid);
    for (const string& label : host) {
      if (IsMixed(label)) reasons.Add(Reason::kMixedScript);
    }
    if (EndsAt(begin, "*.")) reasons.Add(Reason::kWildcard);
    if (start == Start::kSeam && begin == segment_begin) reasons.Add(Reason::kScriptCut);
    string evidence;
    int follower = -1;
    if (end == trimmed_end) {
      if (seam_at_end && end == segment_end) reasons.Add(Reason::kScriptCut);
      bool dot = end + 1 == segment_end && At(end) == '.';
      if (dot && (At(segment_end) == '/' || At(segment_end) == ':')) {
        reasons.Add(Reason::kTrailingDot);
      }
      if (dot || end == segment_end) evidence = EvidenceAt(segment_end);
      if (end == segment_end) follower = At(segment_end);
    }
    if (!evidence.empty()) reasons.Add(Reason::kEvidence);

    Confidence confidence = Confidence::kHigh;
    auto cap = [&](Confidence c, Reason reason) {
      confidence = std::min(confidence, c);
      reasons.Add(reason);
    };
    Reason context = anchored             ? Reason::kAnchored
                     : left == "relative" ? Reason::kSchemeRelative
                     : left == "path"     ? Reason::kPath
                                          : Reason::kBare;
    reasons.Add(context);
    const uint8_t classes = ruleset_.lookalikes.Classes(tld_text);
    const bool file = !unknown && (classes & compute::Lookalikes::kFile) != 0;
    const bool word = !unknown && (classes & compute::Lookalikes::kWord) != 0;
    const bool word_gtld = !unknown && (classes & compute::Lookalikes::kWordGtld) != 0;
    if (unknown) confidence = Confidence::kMedium;
    if (spaced) confidence = Confidence::kLow;
    if (left == "at") cap(Confidence::kMedium, Reason::kAtWithoutLocalPart);
    if (context == Reason::kPath) cap(Confidence::kMedium, Reason::kPath);
    for (Reason reason : {Reason::kLeftCut, Reason::kUnderscoreTrimmed, Reason::kNextToInvalid,
                          Reason::kEscapedDot, Reason::kHyphenCut}) {
      if (reasons.Has(reason)) cap(Confidence::kMedium, reason);
    }
    if (reasons.Has(Reason::kHyphenCut) && file) cap(Confidence::kLow, Reason::kFileTld);
    if (reasons.Has(Reason::kHyphenCut) && word) cap(Confidence::kLow, Reason::kWordTld);
    if (reasons.Has(Reason::kRightCut)) cap(Confidence::kLow, Reason::kRightCut);
    if (reasons.Has(Reason::kUnderscoreCut)) {
      cap(anchored ? Confidence::kMedium : Confidence::kLow, Reason::kUnderscoreCut);
    }
    if ((context == Reason::kBare || context == Reason::kPath) && !defanged) {
      if (file && suffixes.all == tld_text.size()) {
        cap(evidence == "full" && context == Reason::kBare ? Confidence::kMedium : Confidence::kLow,
            Reason::kFileTld);
      }
      if (IsTitleCase(tld_begin, end)) {
        cap(file || word ? Confidence::kLow : Confidence::kMedium, Reason::kTitleCaseTld);
        if (file) reasons.Add(Reason::kFileTld);
        if (word) reasons.Add(Reason::kWordTld);
      }
      if (word && (follower == '(' || follower == '=' || follower == '[')) {
        cap(Confidence::kLow, Reason::kCode);
        reasons.Add(Reason::kWordTld);
      }
      if (file && follower == '(') {
        cap(Confidence::kLow, Reason::kCode);
        reasons.Add(Reason::kFileTld);
      }
      if (tld_text != "arpa" && registrable.size() > suffixes.all) {
        string label = registrable.substr(0, registrable.find('.'));
        bool digits =
            std::all_of(label.begin(), label.end(), [](char c) { return std::isdigit(c); });
        if (digits && label.size() <= 2) cap(Confidence::kLow, Reason::kNumericLabel);
      }
      static const std::set<string> kFirst = {"com", "org", "net", "io", "edu", "gov", "dev"};
      static const std::set<string> kLast = {"com", "org", "net", "edu", "gov", "mil"};
      bool country = tld_text.size() == 2 && !file && !word && tld_text != "io";
      if (host.size() >= 3 && kFirst.count(host.front()) > 0 && kLast.count(tld_text) == 0 &&
          !country) {
        cap(Confidence::kLow, Reason::kReverseDns);
      }
      string written(text_.substr(begin, end - begin));
      bool words = std::all_of(written.begin(), written.end(),
                               [](char c) { return (c >= 'a' && c <= 'z') || c == '.'; });
      if (context == Reason::kBare && host.size() >= 3 && words && word_gtld) {
        cap(Confidence::kMedium, Reason::kDottedWords);
      }
    }
    if (confidence < options_.min_confidence) return;
    findings_.push_back({begin, end, value, registrable, confidence, reasons.bits()});
  }

  bool IsTitleCase(size_t begin, size_t end) const {
    bool first = true;
    bool lower = false;
    for (const Symbol& s : symbols_) {
      if (s.begin < begin || s.end > end) continue;
      bool upper = u_isupper(s.c) || u_istitle(s.c);
      if (upper != first) return false;
      lower = lower || u_islower(s.c);
      first = false;
    }
    return lower;
  }

  // UTS #39: the scripts of all characters have none in common, and it is no usual mixture.
  static bool IsMixed(const string& a_form) {
    static const UIDNA* const uts46 = OpenUts46(UIDNA_NONTRANSITIONAL_TO_UNICODE);
    if (a_form.substr(0, 4) != "xn--") return false;
    uint32_t errors = 0;
    auto label = Convert(uts46, uidna_labelToUnicode, ToUnicode16(a_form), errors);
    const std::vector<std::set<UScriptCode>> mixtures = {
        {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA},
        {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_BOPOMOFO},
        {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_HANGUL}};
    std::vector<bool> fits(mixtures.size(), true);
    std::optional<std::set<UScriptCode>> common;
    for (int32_t i = 0; i < label.length(); i = label.moveIndex32(i, 1)) {
      UScriptCode codes[64];
      UErrorCode error = U_ZERO_ERROR;
      int32_t count = uscript_getScriptExtensions(label.char32At(i), codes, 64, &error);
      std::set<UScriptCode> scripts(codes, codes + count);
      if (scripts.count(USCRIPT_COMMON) > 0 || scripts.count(USCRIPT_INHERITED) > 0) continue;
      for (size_t m = 0; m < mixtures.size(); ++m) {
        bool any = false;
        for (UScriptCode script : scripts) any = any || mixtures[m].count(script) > 0;
        fits[m] = fits[m] && any;
      }
      if (!common.has_value()) {
        common = scripts;
      } else {
        std::set<UScriptCode> both;
        for (UScriptCode script : scripts) {
          if (common->count(script) > 0) both.insert(script);
        }
        common = both;
      }
    }
    return common.has_value() && common->empty() &&
           std::none_of(fits.begin(), fits.end(), [](bool fit) { return fit; });
  }

  const compute::Ruleset& ruleset_;
  const std::string_view text_;
  const compute::ScanOptions options_;
  std::vector<Symbol> symbols_;
  std::vector<ReferenceFinding> findings_;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const ReferenceFinding& finding) {
  out << finding.begin << ".." << finding.end << " " << GradedValue(finding) << " ("
      << finding.registrable_domain << ") reasons";
  for (int reason = 1; reason <= compute::kMaxReason; ++reason) {
    if ((finding.reasons >> reason & 1) != 0) out << " " << reason;
  }
  return out;
}

std::vector<ReferenceFinding> FindDomainsByReference(const compute::Ruleset& ruleset,
                                                     std::string_view document,
                                                     const compute::ScanOptions& options) {
  return Reference(ruleset, document, options).Run();
}

std::vector<ReferenceFinding> ToReference(const compute::FindingList& findings) {
  std::vector<ReferenceFinding> all;
  for (const compute::Finding& finding : findings) {
    all.push_back({finding.begin, finding.end, std::string(findings.value(finding)),
                   std::string(findings.registrable_domain(finding)), finding.confidence,
                   finding.reasons.bits()});
  }
  return all;
}

std::string GradedValue(const ReferenceFinding& finding) {
  constexpr const char* kNames[] = {"", "LOW", "MEDIUM", "HIGH"};
  return std::string(kNames[static_cast<int>(finding.confidence)]) + ":" + finding.value;
}

}  // namespace trawl::test
