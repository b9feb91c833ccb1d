// "Surroundings" of docs/semantics.md, as regular expressions over what is left and right of a
// host.
//
// Part of the reference detector.
//
// Thread-safety: any thread.

#ifndef TRAWL_TESTS_SUPPORT_REFERENCE_SURROUNDINGS_H_
#define TRAWL_TESTS_SUPPORT_REFERENCE_SURROUNDINGS_H_

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <regex>
#include <string>

namespace trawl::test {

// At most 68 bytes to either side, fewer at the ends of a document.
struct ReferenceSurroundings {
  std::string before;
  std::string host;
  std::string after;

  bool IsOperand() const {
    static const std::regex left(
        "((^|[^A-Za-z0-9_-])typeof |[=!]= ?|[A-Za-z0-9_)\\]}\"'](&&|\\|\\|)|\\(!|[A-Za-z]\\()$");
    static const std::regex right("^( ?[=!]=|(&&|\\|\\|)[(\\[{\"'!]| {1,64}=)");
    static const std::regex assignment(" = $");
    if (std::regex_search(before, assignment) && after.rfind(';', 0) == 0) return true;
    return std::regex_search(before, left) || std::regex_search(after, right);
  }

  bool IsInShortenedCode() const {
    if (IsOperand()) return true;
    static const std::regex left("[^ \\t\\r\\n][=,;(:{\\[!?+<>]$");
    static const std::regex right("^[)\\]},;=|&?:+][^ \\t\\r\\n]");
    if (!std::regex_search(before, left) || !std::regex_search(after, right)) return false;
    const bool left_of_list = before.back() == ',' || before.back() == ';';
    const bool right_of_list = after.front() == ',' || after.front() == ';' || after.front() == '|';
    if (!left_of_list || !right_of_list) return true;
    return HasLargeAndSmallLetters();
  }

  bool HasLargeAndSmallLetters() const {
    static const std::regex large("[A-Z]");
    static const std::regex small("[a-z]");
    return std::regex_search(host, large) && std::regex_search(host, small);
  }

  bool BeginsAsSelector(const std::string& first_label) const {
    static const std::regex element(
        "a|body|button|div|form|h[1-6]|img|input|li|p|pre|section|span|table|ul");
    static const std::regex dot("(^|[^*])\\.$");
    static const std::regex wildcard("\\*\\.$");
    if (std::regex_search(before, dot)) return true;
    return !std::regex_search(before, wildcard) && std::regex_match(first_label, element);
  }

  bool IsBeforeBlock() const {
    static const std::regex block("^[A-Za-z0-9_-]{0,64} ?\\{");
    return std::regex_search(after, block);
  }

  bool IsElementName() const {
    static const std::regex name("(( id=| rel=| class=| for=|<a name=)[\"']|href=\"#)$");
    return std::regex_search(before, name);
  }

  bool IsFragmentOrMarkedAsCode() const {
    static const std::regex fragment("[A-Za-z0-9]#$");
    return std::regex_search(before, fragment) || after.rfind("</code>", 0) == 0;
  }

  bool IsProgram() const {
    static const std::regex path(
        "\\\\(appdata|programdata|windows|users\\\\public)\\\\([^\\r\\n:\"<>|*?]*\\\\)?$",
        std::regex::icase);
    if (!after.empty() && after.front() == '\\') return false;
    return std::regex_search(before.substr(before.size() > 64 ? before.size() - 64 : 0), path);
  }

  bool IsAfterBlank() const {
    static const std::regex blank("_ _+$");
    return std::regex_search(before, blank);
  }

  bool IsTornFromHost() const {
    static const std::regex url("[A-Za-z0-9]://[^\\x00-,./:-@\\[-^`{-\\x7F]*$");
    static const std::regex mark("!$");
    if (before.find("://") == std::string::npos) return false;
    std::string bytes = before;
    for (char& c : bytes) c = c == '!' ? '-' : static_cast<signed char>(c) < 0 ? '_' : c;
    return std::regex_search(bytes, url) && (std::regex_search(before, mark) || IsAfterSymbol());
  }

 private:
  bool IsAfterSymbol() const {
    if (before.empty() || static_cast<signed char>(before.back()) >= 0) return false;
    int32_t i = static_cast<int32_t>(before.size());
    UChar32 c;
    U8_PREV(before.data(), 0, i, c);
    if (c < 0 || c == 0xFFFD) return false;
    const int8_t category = u_charType(c);
    return category == U_MATH_SYMBOL || category == U_CURRENCY_SYMBOL ||
           category == U_MODIFIER_SYMBOL || category == U_OTHER_SYMBOL;
  }
};

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_REFERENCE_SURROUNDINGS_H_
