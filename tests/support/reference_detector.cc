#include "tests/support/reference_detector.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <tuple>

#include "tests/support/reference_grade.h"
#include "tests/support/reference_unicode.h"
#include "tests/support/reference_view.h"

namespace trawl::test {
namespace {

using compute::Confidence;
using compute::Reason;
using compute::Reasons;
using std::string;

// Follows the rules on one document.
class Reference : private ReferenceView {
 public:
  Reference(const compute::Ruleset& ruleset, std::string_view document,
            const compute::ScanOptions& options)
      : ReferenceView(document, options), ruleset_(ruleset) {}

  std::vector<ReferenceFinding> Run() {
    for (size_t i = 0; i < symbols_.size();) {
      if (symbols_[i].kind == SymbolKind::kSeparator) {
        ++i;
        continue;
      }
      size_t end = i;
      while (end < symbols_.size() && symbols_[end].kind != SymbolKind::kSeparator) ++end;
      CutRun(i, end);
      i = end;
    }
    return findings_;
  }

 private:
  enum class Start { kRun, kSeam, kUrlDefense, kUrlDefenseSlash };

  // --- Runs and segments -----------------------------------------------------------------------

  void CutRun(size_t first, size_t end) {
    const size_t run_begin = symbols_[first].begin;
    size_t start = first;
    Start kind = Start::kRun;
    std::optional<size_t> url_defense;
    const Symbol* last_host = nullptr;
    for (size_t i = first; i < end; ++i) {
      const Symbol& symbol = symbols_[i];
      if (symbol.kind == SymbolKind::kDot) last_host = nullptr;
      if (symbol.kind != SymbolKind::kHost) continue;
      const bool seam = last_host != nullptr && ((last_host->unspaced && IsAsciiAlnum(symbol.c)) ||
                                                 (symbol.unspaced && IsAsciiAlnum(last_host->c)));
      if (seam && !(symbol.begin - run_begin <= 256 && IsRunAnchored(run_begin))) {
        Judge(start, i, kind, true);
        start = i;
        kind = Start::kSeam;
      }
      last_host = &symbol;
      if (symbol.c != '_') continue;
      if (EndsAt(symbol.end, "-3a__") && At(symbol.end - 4) == '3' && At(symbol.end - 3) == 'A' &&
          symbol.end >= 6 && IsAsciiAlnum(At(symbol.end - 6))) {
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

  // --- A segment -------------------------------------------------------------------------------

  struct Label {
    std::vector<Symbol> symbols;  // host characters and ignorables, no ignorable at the ends
    bool first_invalid = false;

    size_t begin() const { return symbols.front().begin; }
    size_t end() const { return symbols.back().end; }
  };

  // The host characters that count, as UTF-8.
  string HostText(const std::vector<Symbol>& symbols, size_t& count) const {
    std::vector<const Symbol*> kept;
    for (const Symbol& symbol : symbols) {
      if (symbol.kind == SymbolKind::kHost || symbol.joiner) kept.push_back(&symbol);
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

  // Whether the last of the symbols is a joiner that is part of the label.
  bool EndsInJoiner(const std::vector<Symbol>& symbols) const {
    if (!symbols.back().joiner) return false;
    std::vector<const Symbol*> kept;
    for (const Symbol& symbol : symbols) {
      if (symbol.kind == SymbolKind::kHost || symbol.joiner) kept.push_back(&symbol);
    }
    return JoinerFits(kept, kept.size() - 1);
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
    return AFormOf(text);
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
      auto a_form = AFormOf(text);
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
      bool seam = symbol.kind == SymbolKind::kHost && symbol.unspaced && !prefix.empty() &&
                  IsAsciiAlnum(prefix.back().c);
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
    if (std::none_of(run.begin(), run.end(), [](auto& s) { return s.kind == SymbolKind::kDot; }))
      return;

    // Trim the right end.
    auto trim_left = [](const Symbol& s) {
      return s.kind == SymbolKind::kDot || s.kind == SymbolKind::kIgnorable || s.c == '-';
    };
    auto trim_right = [&](const Symbol& s) {
      return trim_left(s) || s.c == '_' || (s.kind == SymbolKind::kHost && IsTrimmedSymbol(s.c));
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
      if (symbol.kind == SymbolKind::kDot) {
        labels.emplace_back();
      } else {
        labels.back().symbols.push_back(symbol);
      }
    }
    for (Label& label : labels) {
      auto& s = label.symbols;
      while (!s.empty() && s.front().kind == SymbolKind::kIgnorable) s.erase(s.begin());
      while (!s.empty() && s.back().kind == SymbolKind::kIgnorable && !EndsInJoiner(s)) {
        s.pop_back();
      }
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
      const bool hex = valid->substr(0, 2) == "0x";
      if (valid->find_first_not_of(hex ? "0123456789abcdef" : "0123456789", hex ? 2 : 0) ==
          string::npos) {
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
               (symbols.front().c == '_' || symbols.front().kind == SymbolKind::kIgnorable)) {
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

  bool IsTornByIgnorables(size_t begin, size_t end) const {
    auto kind = [](const Symbol& s) {
      return s.c < 0 ? SymbolKind::kSeparator : ClassifyCodePoint(s.c).kind;
    };
    const size_t limit = 1024 - 8 - (end - begin > 640 ? end - begin - 640 : 0);
    size_t row = 0;
    for (size_t i = symbols_.size(); i-- > 0;) {
      if (symbols_[i].end > begin) continue;
      if (kind(symbols_[i]) != SymbolKind::kIgnorable) {
        if (row > 64 && kind(symbols_[i]) == SymbolKind::kHost) return true;
        break;
      }
      row += symbols_[i].end - symbols_[i].begin;
      if (row > limit) return true;
    }
    row = 0;
    for (const Symbol& symbol : symbols_) {
      if (symbol.begin < end) continue;
      if (kind(symbol) != SymbolKind::kIgnorable) {
        return row > 64 && row <= 300 && kind(symbol) == SymbolKind::kHost;
      }
      row += symbol.end - symbol.begin;
    }
    return false;
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
    if (IsTornByIgnorables(begin, end)) return;

    bool spaced = false;
    for (const Symbol& s : symbols_) {
      if (s.begin < begin || s.end > end) continue;
      if (s.kind == SymbolKind::kIgnorable) reasons.Add(Reason::kHidden);
      if (s.kind != SymbolKind::kDot) continue;
      if (s.dot == "escaped") reasons.Add(Reason::kEscapedDot);
      if (s.dot == "unicode") reasons.Add(Reason::kUnicodeDot);
      if (s.dot == "defanged" || s.dot == "spaced") defanged = true;
      if (s.dot == "spaced") spaced = true;
    }
    if (defanged) reasons.Add(Reason::kDefanged);
    if (TouchesInvalid(begin, end)) reasons.Add(Reason::kNextToInvalid);
    for (const string& label : host) {
      if (IsMixedScript(label)) reasons.Add(Reason::kMixedScript);
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

    ReferenceHost graded;
    graded.labels = host;
    graded.registrable = registrable;
    graded.suffix_size = suffixes.all;
    graded.written = text_.substr(begin, end - begin);
    graded.written_tld = text_.substr(tld_begin, end - tld_begin);
    graded.left = left;
    graded.anchored = anchored;
    graded.defanged = defanged;
    graded.spaced = spaced;
    graded.unknown_tld = unknown;
    graded.evidence = evidence;
    graded.follower = follower;
    const size_t left_bytes = std::min<size_t>(begin, 68);
    graded.surroundings.before = text_.substr(begin - left_bytes, left_bytes);
    graded.surroundings.host = graded.written;
    graded.surroundings.after = text_.substr(end, 68);
    graded.reasons = reasons;
    const ReferenceGrade grade = GradeByReference(ruleset_.lookalikes, graded);
    if (grade.confidence < options_.min_confidence) return;
    findings_.push_back({begin, end, value, registrable, grade.confidence, grade.reasons.bits()});
  }

  const compute::Ruleset& ruleset_;
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
