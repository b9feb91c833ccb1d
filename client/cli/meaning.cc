#include "client/cli/meaning.h"

namespace trawl::cli {
namespace {

template <typename Enum>
struct Meaning {
  Enum value;
  std::string_view text;
};

constexpr Meaning<v1::Verdict> kVerdicts[] = {
    {v1::VERDICT_FINDING, "it is part of a domain name, which is reported."},
    {v1::VERDICT_BELOW_MIN_CONFIDENCE,
     "it is part of a domain name that is less sure than asked for; --min-confidence low reports "
     "all."},
    {v1::VERDICT_OUTSIDE_HOST,
     "its run holds a domain name, but this byte was trimmed or cut off it."},
    {v1::VERDICT_SEPARATOR, "it separates: where it stands, it can be part of no domain name."},
    {v1::VERDICT_NO_DOT,
     "it could be part of a domain name, but no dot near it joins two labels of its run."},
    {v1::VERDICT_FEWER_THAN_TWO_LABELS, "its run, once trimmed, has fewer than two labels."},
    {v1::VERDICT_NO_TLD, "no label of its run, from the second on, is a TLD."},
    {v1::VERDICT_DIGITS_AFTER_TLD,
     "only digits follow the TLD, as in the version of a library: lib.so.1."},
    {v1::VERDICT_TAIL_TOO_LONG,
     "more than 256 bytes of its run follow the TLD, or the labels in which one was looked for."},
    {v1::VERDICT_INVALID_REGISTRABLE_LABEL,
     "the label left of the public suffix, the one that is registered, is invalid."},
    {v1::VERDICT_TOO_LONG,
     "a name here would be longer than the 253 octets that one may have, or its run goes on for "
     "too long."},
    {v1::VERDICT_SPECIAL_USE, "a special-use name, as nas.local is; --special-use reports it."},
    {v1::VERDICT_UNKNOWN_TLD_NOT_IN_URL,
     "the last label is no TLD, and only right of scheme:// does --unknown-tld in-urls take it."},
    {v1::VERDICT_PUBLIC_SUFFIX,
     "a public suffix, as co.uk is, which is reported only where it is anchored, as in a URL."},
    {v1::VERDICT_LOCAL_PART, "it is in the local part of a mail address: an @ and a host follow."},
    {v1::VERDICT_USERINFO, "it is in the userinfo of a URL: an @ and the host follow."},
};

constexpr Meaning<v1::Reason> kReasons[] = {
    {v1::REASON_ANCHORED,
     "right of scheme:// or of a mailbox's @, or begins with www. and has three labels."},
    {v1::REASON_SCHEME_RELATIVE, "right of //."},
    {v1::REASON_PATH, "right of a single / or \\, as a part of a path: at most MEDIUM."},
    {v1::REASON_BARE, "a word in text: nothing left of it says that a host follows."},
    {v1::REASON_EVIDENCE, "a port, path, query or fragment follows."},
    {v1::REASON_AT_WITHOUT_LOCAL_PART, "right of an @ without a local part: at most MEDIUM."},
    {v1::REASON_FILE_TLD,
     "its TLD is also a file extension: LOW, or MEDIUM where a path or query follows."},
    {v1::REASON_WORD_TLD, "its TLD is also a word of prose or code, or all of it is a product."},
    {v1::REASON_TITLE_CASE_TLD,
     "its TLD is in title case, as after a missing space: at most MEDIUM; or in capitals after "
     "small letters, in a path: LOW."},
    {v1::REASON_CODE, "code or markup is next to it, or an object of code begins it: LOW."},
    {v1::REASON_NUMERIC_LABEL, "its registrable label is one or two digits: LOW."},
    {v1::REASON_REVERSE_DNS, "begins as a reverse-DNS identifier or a newsgroup does: LOW."},
    {v1::REASON_DOTTED_WORDS, "lower-case words, the TLD a dictionary word: at most MEDIUM."},
    {v1::REASON_LEFT_CUT, "what is left of it is no label, and was cut off: at most MEDIUM."},
    {v1::REASON_RIGHT_CUT, "labels that are no TLD follow it: LOW."},
    {v1::REASON_HYPHEN_CUT, "a hyphen and more follow its TLD: at most MEDIUM."},
    {v1::REASON_UNDERSCORE_CUT,
     "an underscore and more follow its TLD: LOW, or MEDIUM where it is ANCHORED."},
    {v1::REASON_SCRIPT_CUT, "cut where the script changes to or from one written without spaces."},
    {v1::REASON_UNDERSCORE_TRIMMED,
     "a leading underscore was cut off its registrable label: at most MEDIUM."},
    {v1::REASON_NEXT_TO_INVALID,
     "bytes that are no UTF-8 tear a word apart there: at most MEDIUM."},
    {v1::REASON_TRAILING_DOT, "a final dot, then / or :, follows."},
    {v1::REASON_WILDCARD, "right of *. as in a certificate."},
    {v1::REASON_DEFANGED, "written in a defanged form, as example[.]com."},
    {v1::REASON_ESCAPED_DOT, "a dot is written \\. as in a regular expression: at most MEDIUM."},
    {v1::REASON_UNICODE_DOT, "a dot is written as a Unicode full stop."},
    {v1::REASON_HIDDEN, "holds code points that are not displayed."},
    {v1::REASON_MIXED_SCRIPT, "mixes scripts in a label, as look-alikes of other names do."},
    {v1::REASON_SPECIAL_USE, "a special-use name, as those under .onion and .local are."},
    {v1::REASON_PUBLIC_SUFFIX, "equal to a public suffix."},
    {v1::REASON_UNKNOWN_TLD, "its last label is no TLD: at most MEDIUM."},
    {v1::REASON_SHORT_LABEL,
     "its registrable label has a letter or two, as objects in code have: LOW."},
    {v1::REASON_OBFUSCATED, "an IPv4 address that is not written as four decimal octets."},
    {v1::REASON_VERSION_LIKE, "reads as a version or the number of a section: LOW."},
    {v1::REASON_TRUNCATED, "goes on beyond what a URL is followed for."},
    {v1::REASON_REPETITIVE, "its digits repeat as those of digests and addresses hardly do: LOW."},
    {v1::REASON_MESSAGE_ID, "reads as the identifier of a message: LOW."},
};

template <typename Enum, size_t kSize>
std::string_view Find(const Meaning<Enum> (&meanings)[kSize], Enum value) {
  for (const Meaning<Enum>& meaning : meanings) {
    if (meaning.value == value) return meaning.text;
  }
  return {};
}

std::string Name(const std::string& full_name, std::string_view prefix, int number) {
  return full_name.empty() ? std::to_string(number) : full_name.substr(prefix.size());
}

}  // namespace

std::string_view MeaningOf(v1::Verdict verdict) { return Find(kVerdicts, verdict); }

std::string_view MeaningOf(v1::Reason reason) { return Find(kReasons, reason); }

std::string NameOf(v1::Verdict verdict) {
  return Name(v1::Verdict_Name(verdict), "VERDICT_", verdict);
}

std::string NameOf(v1::Reason reason) { return Name(v1::Reason_Name(reason), "REASON_", reason); }

std::string NameOf(v1::Confidence confidence) {
  return Name(v1::Confidence_Name(confidence), "CONFIDENCE_", confidence);
}

}  // namespace trawl::cli
