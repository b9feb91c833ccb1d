// A grade starts HIGH; each rule that fits may put a cap on it, and the lowest cap wins.

#include "compute/confidence.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "compute/code_points.h"
#include "compute/lookalikes.h"
#include "compute/surroundings.h"

namespace trawl::compute {
namespace {

constexpr std::array<std::string_view, 7> kReverseDnsStarts = {"com", "org", "net", "io",
                                                               "edu", "gov", "dev"};
// Objects that the code of web pages has.
constexpr std::array<std::string_view, 3> kObjects = {"window", "document", "event"};

template <size_t kSize>
bool IsOneOf(std::string_view word, const std::array<std::string_view, kSize>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view FirstLabel(std::string_view name) { return name.substr(0, name.find('.')); }

// Whether it is made of small letters of ASCII and dots.
bool IsMadeOfWords(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return IsLower(c) || c == '.'; });
}

bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }

// Whether a label begins small and has a capital, as names in code do: `userName`.
bool HasCamelCase(std::string_view written) {
  bool begins_small = false;
  char before = '.';
  for (char c : written) {
    if (before == '.') begins_small = IsLower(c);
    if (IsCapital(c) && begins_small) return true;
    before = c;
  }
  return false;
}

enum class Case : uint8_t {
  kCapitals,  // of all letters that have a case; there are some
  kTitle,     // the first character is a capital, the others are none, and one is in lower case
  kOther,
};

Case CaseOf(std::string_view text) {
  bool first_capital = false;
  bool other_capital = false;
  bool lower = false;
  for (size_t i = 0; i < text.size();) {
    const CodePoint c = DecodeAt(text, i);
    const UChar32 value = static_cast<UChar32>(c.value);
    if (u_isupper(value) || u_istitle(value)) (i == 0 ? first_capital : other_capital) = true;
    lower = lower || u_islower(value);
    i += c.size;
  }
  if (!lower) return first_capital || other_capital ? Case::kCapitals : Case::kOther;
  return first_capital && !other_capital ? Case::kTitle : Case::kOther;
}

class Grader {
 public:
  explicit Grader(const HostFacts& facts) : facts_(facts) { grade_.reasons = facts.reasons; }

  Grade Run() {
    const Reason context = ContextOf(facts_);
    grade_.reasons.Add(context);
    if (facts_.evidence != Evidence::kNone) grade_.reasons.Add(Reason::kEvidence);
    if (facts_.left == LeftContext::kAtWithoutLocalPart) {
      Cap(Confidence::kMedium, Reason::kAtWithoutLocalPart);
    }
    if (facts_.unknown_tld) Cap(Confidence::kMedium, Reason::kUnknownTld);
    CapCuts(context == Reason::kAnchored);
    if (context == Reason::kPath) Cap(Confidence::kMedium, Reason::kPath);
    if ((context == Reason::kBare || context == Reason::kPath) && !facts_.defanged) {
      CapLookalikes(context);
    }
    return grade_;
  }

 private:
  void Cap(Confidence confidence, Reason reason) {
    grade_.confidence = std::min(grade_.confidence, confidence);
    grade_.reasons.Add(reason);
  }

  bool Has(uint8_t bits) const { return (facts_.tld_bits & bits) != 0; }

  void CapIf(Reason cut, Confidence confidence) {
    if (facts_.reasons.Has(cut)) Cap(confidence, cut);
  }

  void CapCuts(bool anchored) {
    CapIf(Reason::kLeftCut, Confidence::kMedium);
    if (facts_.reasons.Has(Reason::kUnderscoreTrimmed) &&
        IsAfterBlank(facts_.document, facts_.begin)) {
      Cap(Confidence::kLow, Reason::kUnderscoreTrimmed);
    }
    CapIf(Reason::kRightCut, Confidence::kLow);
    if (facts_.reasons.Has(Reason::kHyphenCut)) {
      Cap(Confidence::kMedium, Reason::kHyphenCut);
      if (Has(Lookalikes::kFile)) Cap(Confidence::kLow, Reason::kFileTld);
      if (Has(Lookalikes::kWord)) Cap(Confidence::kLow, Reason::kWordTld);
    }
    CapIf(Reason::kUnderscoreCut, anchored ? Confidence::kMedium : Confidence::kLow);
    CapIf(Reason::kUnderscoreTrimmed, Confidence::kMedium);
    CapIf(Reason::kNextToInvalid, Confidence::kMedium);
    CapIf(Reason::kEscapedDot, Confidence::kMedium);
  }

  void CapLookalikes(Reason context) {
    const bool file = Has(Lookalikes::kFile);
    if (file && facts_.suffix_size == facts_.tld.size()) {
      bool shown = facts_.evidence == Evidence::kFull && context != Reason::kPath;
      Cap(shown ? Confidence::kMedium : Confidence::kLow, Reason::kFileTld);
    }
    if (context == Reason::kPath && facts_.suffix_size == facts_.tld.size() &&
        (Has(Lookalikes::kPathFile) || (facts_.tld == "com" && facts_.label_count == 2 &&
                                        IsProgram(facts_.document, facts_.begin, facts_.end)))) {
      Cap(Confidence::kLow, Reason::kFileTld);
    }
    if (context == Reason::kBare && MayBeTornFromHost(facts_.document, facts_.begin) &&
        IsTornFromHost(facts_.document, facts_.begin)) {
      Cap(Confidence::kLow, Reason::kLeftCut);
    }
    if (!IsLower(facts_.written_tld.front())) CapCases(context);
    CapCode();
    CapShortLabels();
    if (facts_.label_count >= 3) CapIdentifiers(context);
    CapSurroundings();
  }

  // By the case of the letters of the TLD, of which the first is none in lower case.
  void CapCases(Reason context) {
    const Case tld_case = CaseOf(facts_.written_tld);
    if (tld_case == Case::kTitle) {
      const bool file = Has(Lookalikes::kFile);
      const bool word = Has(Lookalikes::kWord);
      Cap(file || word ? Confidence::kLow : Confidence::kMedium, Reason::kTitleCaseTld);
      if (file) grade_.reasons.Add(Reason::kFileTld);
      if (word) grade_.reasons.Add(Reason::kWordTld);
    }
    if (context == Reason::kPath && tld_case == Case::kCapitals && !IsUsualTld(facts_.tld) &&
        CaseOf(facts_.written) != Case::kCapitals) {
      Cap(Confidence::kLow, Reason::kTitleCaseTld);
    }
    if (context == Reason::kBare && facts_.evidence == Evidence::kNone &&
        facts_.lookalikes != nullptr && facts_.lookalikes->IsProduct(facts_.written)) {
      Cap(Confidence::kLow, Reason::kWordTld);
    }
  }

  void CapCode() {
    const bool word = Has(Lookalikes::kWord | Lookalikes::kWordGtld);
    const bool file = Has(Lookalikes::kFile);
    const char next = facts_.follower;
    if (word && (next == '(' || next == '=' || next == '[' || next == '{')) {
      Cap(Confidence::kLow, Reason::kCode);
      grade_.reasons.Add(Reason::kWordTld);
    }
    if (file && next == '(') {
      Cap(Confidence::kLow, Reason::kCode);
      grade_.reasons.Add(Reason::kFileTld);
    }
    if (facts_.evidence != Evidence::kNone) return;
    if ((MayBeObject(facts_.value) && !IsUsualTld(facts_.tld)) ||
        ((file || word) && facts_.suffix_size == facts_.tld.size() &&
         IsOneOf(FirstLabel(facts_.value), kObjects) && IsMadeOfWords(facts_.value))) {
      Cap(Confidence::kLow, Reason::kCode);
    }
  }

  // By what is next to the host. Where it is no identifier, code has it in quotes.
  void CapSurroundings() {
    if (facts_.evidence != Evidence::kNone) return;
    if (!IsInCode() || facts_.tld == "arpa") return;
    if (MayBeIdentifier(facts_.tld, facts_.tld_bits)) Cap(Confidence::kLow, Reason::kCode);
  }

  bool IsInCode() const {
    const std::string_view text = facts_.document;
    const size_t begin = facts_.begin;
    const size_t end = facts_.end;
    const bool word = Has(Lookalikes::kWord | Lookalikes::kWordGtld);
    const bool inside = begin >= 2 && end + 1 < text.size();
    if ((!inside || MayBeOperand(text, begin, end)) && IsOperand(text, begin, end)) return true;
    if (word && (facts_.reasons.Has(Reason::kHyphenCut) || IsBeforeBlock(text, end)) &&
        BeginsAsSelector(text, begin, FirstLabel(facts_.value))) {
      return true;
    }
    if (word && IsElementName(text, begin)) return true;
    if (word && facts_.label_count >= 3 && IsFragmentOrMarkedAsCode(text, begin, end) &&
        IsMadeOfWords(facts_.written)) {
      return true;
    }
    if (facts_.written == facts_.value || !HasLargeAndSmallLetters(facts_.written)) return false;
    return (word && HasCamelCase(facts_.written)) ||
           (FirstLabel(facts_.value).size() == 1 && IsInShortenedCode(text, begin, end));
  }

  void CapShortLabels() {
    if (facts_.registrable_size <= facts_.suffix_size) return;
    const std::string_view label =
        FirstLabel(facts_.value.substr(facts_.value.size() - facts_.registrable_size));
    if (label.size() > 2) return;
    if (facts_.tld != "arpa" && std::all_of(label.begin(), label.end(), IsDigit)) {
      Cap(Confidence::kLow, Reason::kNumericLabel);
    }
    if (facts_.suffix_size != facts_.tld.size() || facts_.evidence != Evidence::kNone ||
        facts_.reasons.Has(Reason::kSpecialUse) || HasLetters(facts_.tld)) {
      return;
    }
    const bool letter = label.size() == 1 && IsLower(label.front());
    const bool letters = letter || (IsMadeOfWords(label) && IsCapital(facts_.written_tld.front()));
    const bool word = Has(Lookalikes::kWord | Lookalikes::kWordGtld) && facts_.tld.size() > 2;
    if ((letter && word) ||
        (letters && IsInShortenedCode(facts_.document, facts_.begin, facts_.end))) {
      Cap(Confidence::kLow, Reason::kShortLabel);
    }
  }

  // Of three labels or more.
  void CapIdentifiers(Reason context) {
    const bool may_be_identifier = MayBeIdentifier(facts_.tld, facts_.tld_bits);
    if (may_be_identifier && IsOneOf(FirstLabel(facts_.value), kReverseDnsStarts)) {
      Cap(Confidence::kLow, Reason::kReverseDns);
    }
    if ((may_be_identifier || facts_.reasons.Has(Reason::kHyphenCut)) &&
        facts_.lookalikes != nullptr && facts_.lookalikes->IsNewsgroup(facts_.value)) {
      Cap(Confidence::kLow, Reason::kReverseDns);
    }
    if (context == Reason::kBare && Has(Lookalikes::kWordGtld) && IsMadeOfWords(facts_.written)) {
      Cap(Confidence::kMedium, Reason::kDottedWords);
    }
  }

  const HostFacts& facts_;
  Grade grade_;
};

}  // namespace

Reason ContextOf(const HostFacts& facts) {
  switch (facts.left) {
    case LeftContext::kScheme:
    case LeftContext::kMailbox:
      return Reason::kAnchored;
    default:
      break;
  }
  if (facts.label_count >= 3 && facts.value.substr(0, 4) == "www.") return Reason::kAnchored;
  switch (facts.left) {
    case LeftContext::kSchemeRelative:
      return Reason::kSchemeRelative;
    case LeftContext::kPath:
      return Reason::kPath;
    default:
      return Reason::kBare;
  }
}

Grade GradeHost(const HostFacts& facts) { return Grader(facts).Run(); }

}  // namespace trawl::compute
