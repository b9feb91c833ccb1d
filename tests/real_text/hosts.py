r"""The web platform tests: the hosts of toASCII and IdnaTestV2, and those in the URLs of
urltestdata.

Each host is sent in a URL, with names of special use and unknown TLDs asked for. Where the suite
has an A-form, our findings in the place of the host must be that one, but for a final dot, which
rule 14 drops. Where the suite fails, no finding may cover the host from end to end; a part of it
that is a domain may be found (rule 8).

A host is not applicable where a rule of docs/semantics.md says that text holds no such host, or
not that one:

- one-label: fewer than two labels with anything in them (rule 9).
- separator: an ASCII character that is no letter, digit, hyphen, underscore or dot (rule 2).
- symbol: one beyond ASCII that is a symbol, punctuation or a space, or that UTS #46 maps to one,
  emoji aside (rule 2). The URL Standard takes many of them.
- empty-label: a label without anything but what UTS #46 ignores: two dots separate (rule 2), and
  those at the ends are cut off (rule 6).
- unicode-dot: U+3002, U+FF0E or U+FF61 that is not between ASCII alphanumerics (rule 2).
- unicode-version: a code point that UTS #46 treats otherwise in Unicode 17.0, which the suites
  have, than in 15.0, which Debian 12's ICU has.
- ascii-a-label: the URL Standard copies a host of ASCII without looking into its A-labels, which
  rule 8 does. IdnaTestV2 names the statuses of UTS #46 for its hosts, so they are held to these
  and are applicable there.
- joiner: it fails for a joiner that CheckJoiners refuses, and for nothing else. Rule 2 drops that
  joiner, since in text it is invisible.

Where the suite succeeds and does not check what rules 8 and 9 do:

- length: a label of more than 63 octets or a host of more than 253.
- hyphen: a label that begins or ends with a hyphen, in either form.

And in urltestdata:

- no-http-url: the input does not begin with http:// or https://.
- address: the host is an IPv4 or IPv6 address.
"""

import re
import unicodedata

from suites import Case, Suite, rows, values

OPTIONS = {"special_use": True, "unknown_tld": "UNKNOWN_TLD_IN_URLS",
           "min_confidence": "CONFIDENCE_LOW"}

DOT = "[.\u3002\uff0e\uff61]"
OUTER_DOT = ("(?<![A-Za-z0-9])[\u3002\uff0e\uff61]|"
             "[\u3002\uff0e\uff61](?![A-Za-z0-9])")
JOINERS = "\u200c\u200d"

# What UTS #46 ignores in Unicode 15.0, and the joiners.
IGNORED = ("[\u00ad\u034f\u180b-\u180d\u180f\u200b-\u200d\u2060\u2064\ufe00-\ufe0f\ufeff"
           "\U0001bca0-\U0001bca3\U000e0100-\U000e01ef]")

# Of the symbols in the suites those that are emoji.
EMOJI = ("\u2615\u2640\u2665\u26cf\u270c\u2753\u2763"
         "\U0001f3aa\U0001f4a9\U0001f600\U0001f6b7\U0001f912\U0001f916")

# Of the code points in the suites those whose mapping by UTS #46 differs between Unicode 15.0 and
# 17.0: its modifications since revision 29, and letters that were not assigned.
CHANGED = re.compile(
    "[\u04c0\u10a0-\u10c5\u115f\u1160\u17b4\u17b5\u180e\u1e9e\u206a-\u206f\u2132\u2183\u3164"
    "\uffa0\U00013461\U0001358f\U0001cd7d\U0001d173-\U0001d17a\U0002f868\U0002f874\U0002f91f"
    "\U0002f95f\U0002f9bf\U000323b0-\U00033479]")


def is_ascii_separator(c):
    return c.isascii() and not (c.isalnum() or c in "-_.")


def is_symbol(c):
    if c.isascii() or c in EMOJI or re.match(DOT, c):
        return False
    categories = [unicodedata.category(c)]
    categories += [unicodedata.category(m) for m in unicodedata.normalize("NFKC", c)]
    return any(category[0] in "PSZ" or category == "Cc" for category in categories)


def u_form(label):
    """The label without its Punycode, whatever that holds."""
    if label[:4].lower() != "xn--":
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def statuses(comment):
    """Of UTS #46, as IdnaTestV2 lists them: those that the URL Standard does not ignore."""
    return {status for status in comment.split("; ") if status and "ignored" not in status}


def exclusion(host, answer, failures):
    """Why the host is not applicable, or nothing. failures: the statuses of UTS #46, or None where
    the suite does not tell."""
    labels = re.split(DOT, host)
    unicode_labels = [u_form(label) for label in labels]
    filled = [re.sub(IGNORED, "", label) != "" for label in labels]
    if sum(filled) < 2:
        return "one-label"
    if any(is_ascii_separator(c) for c in host):
        return "separator"
    if any(is_symbol(c) for c in host):
        return "symbol"
    if not all(filled[:-1]):
        return "empty-label"
    if any(CHANGED.search(label) for label in unicode_labels):
        return "unicode-version"
    if failures is None and host.isascii() and any(x[:4].lower() == "xn--" for x in labels):
        return "ascii-a-label"
    if re.search(OUTER_DOT, host):
        return "unicode-dot"
    if answer is None:
        only_joiners = failures and failures <= {"C1", "C2"} and any(c in JOINERS for c in host)
        return "joiner" if only_joiners else ""
    answer_labels = answer.rstrip(".").split(".")
    if any(len(label) > 63 for label in answer_labels) or len(".".join(answer_labels)) > 253:
        return "length"
    if any(label[:1] == "-" or label[-1:] == "-"
           for label in answer_labels + [u_form(label) for label in answer_labels]):
        return "hyphen"
    return ""


def host_case(name, text, begin, host, answer, failures=None):
    """A case of the host that begins at `begin` of the text."""
    excluded = exclusion(host, answer, failures)
    if excluded:
        return Case(name, excluded=excluded)
    # Without what rule 6 cuts off, so that nothing at the ends hides that all of it was found.
    ends = f"(?:{IGNORED}|{DOT})*"
    core = re.fullmatch(f"({ends})(.*?){ends}", host, re.DOTALL)
    first = len(text[:begin].encode()) + len(core[1].encode())
    end = first + len(core[2].encode())

    def found(findings):
        return values(f for f in findings if f.begin < end and f.end > first)

    def covering(findings):
        return values(f for f in findings if f.begin <= first and f.end >= end)

    return Case(name, text.encode(), theirs=[] if answer is None else [answer.removesuffix(".")],
                ours=covering if answer is None else found)


def to_ascii_case(row):
    answer = row["expected"]["ascii"]
    failures = None
    if row["suite"] == "wpt-IdnaTestV2":
        failures = statuses(row.get("comment", ""))
        if row["input"].isascii() and failures:
            answer = None
    scheme = "http://"
    return host_case(row["name"], f"{scheme}{row['input']}/", len(scheme), row["input"], answer,
                     failures)


def url_case(row):
    name, text = row["name"], row["input"]
    authority = re.match(r"https?://([^/\\?#]*)", text, re.IGNORECASE)
    if not authority:
        return Case(name, excluded="no-http-url")
    begin = authority.start(1) + authority[1].rfind("@") + 1
    host = text[begin:authority.end(1)]
    hostname = row["expected"].get("hostname")
    if "[" in host or hostname and re.fullmatch(r"[0-9.]+", hostname):
        return Case(name, excluded="address")
    return host_case(name, text, begin, re.sub(":[^:]*$", "", host), hostname)


def wpt(suite, make_case):
    cases = [make_case(row) for row in rows("wpt") if row["suite"] == suite]
    return Suite(suite, cases, OPTIONS)


def idna_test_v2():
    return wpt("wpt-IdnaTestV2", to_ascii_case)


def to_ascii():
    return wpt("wpt-toascii", to_ascii_case)


def url_hosts():
    return wpt("wpt-url", url_case)
