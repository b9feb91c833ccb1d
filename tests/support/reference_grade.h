// Rule 12 of docs/semantics.md, and the caps of the rules before it, on strings.
//
// Part of the reference detector: nothing is shared with the fast one but the look-alike lists.
//
// Thread-safety: any thread.

#ifndef TRAWL_TESTS_SUPPORT_REFERENCE_GRADE_H_
#define TRAWL_TESTS_SUPPORT_REFERENCE_GRADE_H_

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "compute/finding.h"
#include "compute/lookalikes.h"
#include "tests/support/reference_surroundings.h"

namespace trawl::test {

// What was found out about a host.
struct ReferenceHost {
  std::vector<std::string> labels;  // A-form, lower case
  std::string registrable;
  size_t suffix_size = 0;  // of the public suffix, both sections
  std::string written;
  std::string written_tld;
  std::string left;  // "bare", "scheme", "mailbox", "at", "relative", "path"
  bool anchored = false;
  bool defanged = false;
  bool spaced = false;
  bool unknown_tld = false;
  std::string evidence;  // "", "port", "full"
  int follower = -1;     // the byte right of it where the run ends there
  ReferenceSurroundings surroundings;
  compute::Reasons reasons;
};

struct ReferenceGrade {
  compute::Confidence confidence = compute::Confidence::kHigh;
  compute::Reasons reasons;
};

class ReferenceGrader {
 public:
  ReferenceGrader(const compute::Lookalikes& lookalikes, const ReferenceHost& host)
      : lookalikes_(lookalikes), host_(host), tld_(host.labels.back()) {
    grade_.reasons = host.reasons;
    const uint8_t classes = host.unknown_tld ? 0 : lookalikes.Classes(tld_);
    file_ = (classes & compute::Lookalikes::kFile) != 0;
    path_file_ = (classes & compute::Lookalikes::kPathFile) != 0;
    word_ = (classes & compute::Lookalikes::kWord) != 0;
    word_gtld_ = (classes & compute::Lookalikes::kWordGtld) != 0;
    path_ = !host.anchored && host.left == "path";
    bare_ = !host.anchored && !path_ && host.left != "relative";
  }

  ReferenceGrade Run() {
    if (host_.anchored) {
      grade_.reasons.Add(Reason::kAnchored);
    } else if (bare_) {
      grade_.reasons.Add(Reason::kBare);
    } else if (path_) {
      Cap(Confidence::kMedium, Reason::kPath);
    } else {
      grade_.reasons.Add(Reason::kSchemeRelative);
    }
    if (!host_.evidence.empty()) grade_.reasons.Add(Reason::kEvidence);
    if (host_.spaced) grade_.confidence = Confidence::kLow;
    if (host_.unknown_tld) Cap(Confidence::kMedium, Reason::kUnknownTld);
    if (host_.left == "at") Cap(Confidence::kMedium, Reason::kAtWithoutLocalPart);
    CapCuts();
    if (!host_.defanged && (bare_ || path_)) {
      CapTlds();
      CapCases();
      CapCode();
      CapShortLabels();
      CapIdentifiers();
      CapSurroundings();
    }
    return grade_;
  }

 private:
  using Confidence = compute::Confidence;
  using Reason = compute::Reason;
  using string = std::string;

  void Cap(Confidence confidence, Reason reason) {
    grade_.confidence = std::min(grade_.confidence, confidence);
    grade_.reasons.Add(reason);
  }

  void CapCuts() {
    for (Reason reason : {Reason::kLeftCut, Reason::kUnderscoreTrimmed, Reason::kNextToInvalid,
                          Reason::kEscapedDot, Reason::kHyphenCut}) {
      if (host_.reasons.Has(reason)) Cap(Confidence::kMedium, reason);
    }
    if (host_.reasons.Has(Reason::kHyphenCut) && file_) Cap(Confidence::kLow, Reason::kFileTld);
    if (host_.reasons.Has(Reason::kHyphenCut) && word_) Cap(Confidence::kLow, Reason::kWordTld);
    if (host_.reasons.Has(Reason::kUnderscoreTrimmed) && host_.surroundings.IsAfterBlank()) {
      Cap(Confidence::kLow, Reason::kUnderscoreTrimmed);
    }
    if (host_.reasons.Has(Reason::kRightCut)) Cap(Confidence::kLow, Reason::kRightCut);
    if (host_.reasons.Has(Reason::kUnderscoreCut)) {
      Cap(host_.anchored ? Confidence::kMedium : Confidence::kLow, Reason::kUnderscoreCut);
    }
  }

  void CapTlds() {
    if (IsSuffixOneLabel()) {
      if (file_) {
        Cap(host_.evidence == "full" && bare_ ? Confidence::kMedium : Confidence::kLow,
            Reason::kFileTld);
      }
      if (path_file_ && path_) Cap(Confidence::kLow, Reason::kFileTld);
      if (tld_ == "com" && host_.labels.size() == 2 && path_ && host_.surroundings.IsProgram()) {
        Cap(Confidence::kLow, Reason::kFileTld);
      }
    }
    if (bare_ && host_.surroundings.IsTornFromHost()) Cap(Confidence::kLow, Reason::kLeftCut);
  }

  void CapCases() {
    const string& tld = host_.written_tld;
    if (IsTitleCase(tld)) {
      Cap(file_ || word_ ? Confidence::kLow : Confidence::kMedium, Reason::kTitleCaseTld);
      if (file_) grade_.reasons.Add(Reason::kFileTld);
      if (word_) grade_.reasons.Add(Reason::kWordTld);
    }
    if (path_ && !IsUsual() && Has(tld, u_isupper) && !Has(tld, u_islower) &&
        Has(host_.written, u_islower)) {
      Cap(Confidence::kLow, Reason::kTitleCaseTld);
    }
    if (bare_ && host_.evidence.empty() && lookalikes_.IsProduct(host_.written)) {
      Cap(Confidence::kLow, Reason::kWordTld);
    }
  }

  void CapCode() {
    const std::set<int> word_followers = {'(', '=', '[', '{'};
    if ((word_ || word_gtld_) && word_followers.count(host_.follower) > 0) {
      Cap(Confidence::kLow, Reason::kCode);
      grade_.reasons.Add(Reason::kWordTld);
    }
    if (file_ && host_.follower == '(') {
      Cap(Confidence::kLow, Reason::kCode);
      grade_.reasons.Add(Reason::kFileTld);
    }
    if (!host_.evidence.empty()) return;
    const string& first = host_.labels.front();
    if ((first == "this" || first == "self") && !IsUsual()) Cap(Confidence::kLow, Reason::kCode);
    if ((first == "window" || first == "document" || first == "event") &&
        (file_ || word_ || word_gtld_) && IsSuffixOneLabel() && HasLettersOnly(Value())) {
      Cap(Confidence::kLow, Reason::kCode);
    }
  }

  void CapShortLabels() {
    if (host_.registrable.size() <= host_.suffix_size) return;
    const string label = host_.registrable.substr(0, host_.registrable.find('.'));
    const bool digits = label.find_first_not_of("0123456789") == string::npos;
    if (digits && label.size() <= 2 && tld_ != "arpa") {
      Cap(Confidence::kLow, Reason::kNumericLabel);
    }
    const std::set<string> letters = {"com", "net", "org", "co", "me"};
    const bool two_letters = label.size() == 2 &&
                             label.find_first_of("0123456789-") == string::npos &&
                             host_.written_tld.front() >= 'A' && host_.written_tld.front() <= 'Z';
    const bool letter = label.size() == 1 && !digits;
    const bool word = (word_ || word_gtld_) && tld_.size() > 2;
    if (((letter && word) || ((letter || two_letters) && host_.surroundings.IsInShortenedCode())) &&
        host_.evidence.empty() && letters.count(tld_) == 0 && IsSuffixOneLabel() &&
        !host_.reasons.Has(Reason::kSpecialUse)) {
      Cap(Confidence::kLow, Reason::kShortLabel);
    }
  }

  void CapIdentifiers() {
    if (host_.labels.size() < 3) return;
    const std::set<string> starts = {"com", "org", "net", "io", "edu", "gov", "dev"};
    const bool newsgroup = lookalikes_.IsNewsgroup(Value());
    if ((MayBeIdentifier() && (newsgroup || starts.count(host_.labels.front()) > 0)) ||
        (newsgroup && host_.reasons.Has(Reason::kHyphenCut))) {
      Cap(Confidence::kLow, Reason::kReverseDns);
    }
    if (bare_ && word_gtld_ && IsMadeOfWords()) Cap(Confidence::kMedium, Reason::kDottedWords);
  }

  void CapSurroundings() {
    const ReferenceSurroundings& around = host_.surroundings;
    if (!MayBeIdentifier() || tld_ == "arpa" || !host_.evidence.empty()) return;
    bool code = around.IsOperand();
    if (host_.labels.front().size() == 1 && around.HasLargeAndSmallLetters() &&
        around.IsInShortenedCode()) {
      code = true;
    }
    if (word_ || word_gtld_) {
      if (around.BeginsAsSelector(host_.labels.front()) &&
          (host_.reasons.Has(Reason::kHyphenCut) || around.IsBeforeBlock())) {
        code = true;
      }
      if (host_.labels.size() >= 3 && IsMadeOfWords() && around.IsFragmentOrMarkedAsCode()) {
        code = true;
      }
      static const std::regex camel_case("(^|\\.)[a-z][^.]*[A-Z]");
      if (std::regex_search(host_.written, camel_case) || around.IsElementName()) code = true;
    }
    if (code) Cap(Confidence::kLow, Reason::kCode);
  }

  bool MayBeIdentifier() const {
    const bool country = tld_.size() == 2 && !file_ && !word_ && tld_ != "io";
    return !IsUsual() && !country;
  }

  // Letters and dots, all small.
  bool IsMadeOfWords() const {
    const bool small = std::none_of(host_.written.begin(), host_.written.end(),
                                    [](char c) { return c >= 'A' && c <= 'Z'; });
    return small && HasLettersOnly(host_.written);
  }

  bool IsSuffixOneLabel() const { return host_.suffix_size == tld_.size(); }

  bool IsUsual() const {
    const std::set<string> usual = {"com", "org", "net", "edu", "gov", "mil"};
    return usual.count(tld_) > 0;
  }

  string Value() const {
    string value;
    for (const string& label : host_.labels) value += (value.empty() ? "" : ".") + label;
    return value;
  }

  // ASCII letters and dots.
  static bool HasLettersOnly(const string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
    });
  }

  static bool Has(const string& text, UBool (*is)(UChar32)) {
    const auto code_points = icu::UnicodeString::fromUTF8(text);
    for (int32_t i = 0; i < code_points.length(); i = code_points.moveIndex32(i, 1)) {
      if (is(code_points.char32At(i))) return true;
    }
    return false;
  }

  static bool IsTitleCase(const string& text) {
    const auto code_points = icu::UnicodeString::fromUTF8(text);
    const int32_t second = code_points.moveIndex32(0, 1);
    const UChar32 first = code_points.char32At(0);
    string others;
    code_points.tempSubString(second).toUTF8String(others);
    return (u_isupper(first) || u_istitle(first)) && Has(others, u_islower) &&
           !Has(others, u_isupper) && !Has(others, u_istitle);
  }

  const compute::Lookalikes& lookalikes_;
  const ReferenceHost& host_;
  const string tld_;
  bool file_ = false;
  bool path_file_ = false;
  bool word_ = false;
  bool word_gtld_ = false;
  bool bare_ = false;
  bool path_ = false;
  ReferenceGrade grade_;
};

inline ReferenceGrade GradeByReference(const compute::Lookalikes& lookalikes,
                                       const ReferenceHost& host) {
  return ReferenceGrader(lookalikes, host).Run();
}

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_REFERENCE_GRADE_H_
