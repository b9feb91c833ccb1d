// A grade starts HIGH; each rule that fits may put a cap on it, and the lowest cap wins.

#include "compute/confidence.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "compute/code_points.h"
#include "compute/lookalikes.h"
#include "compute/tld_table.h"

namespace trawl::compute {
namespace {

constexpr std::array<std::string_view, 7> kReverseDnsStarts = {"com", "org", "net", "io",
                                                               "edu", "gov", "dev"};
// A name under one of these is no reverse-DNS identifier, nor is one under a country's TLD.
constexpr std::array<std::string_view, 6> kUsualEnds = {"com", "org", "net", "edu", "gov", "mil"};

template <size_t kSize>
bool IsOneOf(std::string_view word, const std::array<std::string_view, kSize>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
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
    const bool word = Has(Lookalikes::kWord);
    if (file && facts_.suffix_size == facts_.tld.size()) {
      bool shown = facts_.evidence == Evidence::kFull && context != Reason::kPath;
      Cap(shown ? Confidence::kMedium : Confidence::kLow, Reason::kFileTld);
    }
    if (IsTitleCase()) {
      Cap(file || word ? Confidence::kLow : Confidence::kMedium, Reason::kTitleCaseTld);
      if (file) grade_.reasons.Add(Reason::kFileTld);
      if (word) grade_.reasons.Add(Reason::kWordTld);
    }
    const char next = facts_.follower;
    if (word && (next == '(' || next == '=' || next == '[')) {
      Cap(Confidence::kLow, Reason::kCode);
      grade_.reasons.Add(Reason::kWordTld);
    }
    if (file && next == '(') {
      Cap(Confidence::kLow, Reason::kCode);
      grade_.reasons.Add(Reason::kFileTld);
    }
    if (HasNumericLabel()) Cap(Confidence::kLow, Reason::kNumericLabel);
    if (IsReverseDns()) Cap(Confidence::kLow, Reason::kReverseDns);
    if (context == Reason::kBare && facts_.label_count >= 3 && Has(Lookalikes::kWordGtld) &&
        std::all_of(facts_.written.begin(), facts_.written.end(),
                    [](char c) { return IsLower(c) || c == '.'; })) {
      Cap(Confidence::kMedium, Reason::kDottedWords);
    }
  }

  bool IsTitleCase() const {
    if (IsLower(facts_.written_tld.front())) return false;
    bool lower = false;
    for (size_t i = 0; i < facts_.written_tld.size();) {
      const CodePoint c = DecodeAt(facts_.written_tld, i);
      const UChar32 value = static_cast<UChar32>(c.value);
      const bool upper = u_isupper(value) || u_istitle(value);
      if (upper != (i == 0)) return false;
      lower = lower || u_islower(value);
      i += c.size;
    }
    return lower;
  }

  bool HasNumericLabel() const {
    if (facts_.tld == "arpa" || facts_.registrable_size <= facts_.suffix_size) return false;
    std::string_view label = facts_.value.substr(facts_.value.size() - facts_.registrable_size);
    label = label.substr(0, label.find('.'));
    return label.size() <= 2 && std::all_of(label.begin(), label.end(), IsDigit);
  }

  bool IsReverseDns() const {
    if (facts_.label_count < 3) return false;
    if (!IsOneOf(facts_.value.substr(0, facts_.value.find('.')), kReverseDnsStarts)) return false;
    if (IsOneOf(facts_.tld, kUsualEnds)) return false;
    bool country =
        facts_.tld.size() == 2 && facts_.tld != "io" && !Has(Lookalikes::kFile | Lookalikes::kWord);
    return !country;
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
