# Made from proto/ by client/python/generate: change it there.
"""The enums of the contract. Each has also what a newer server may send: a value that
this package does not know is a member named UNKNOWN_<number>."""

from trawl._open_enum import OpenEnum


class Kind(OpenEnum):
    """A kind of indicator."""

    DOMAIN = 1
    """A domain name, also inside a URL or the address of a mailbox."""
    URL = 2
    """A URL with its scheme: `https://example.com/x`, also in a defanged form."""
    EMAIL = 3
    """The address of a mailbox: `me@example.com`."""
    IPV4 = 4
    """An IPv4 address: four decimal octets; in URLs also the other forms of the URL Standard."""
    IPV6 = 5
    """An IPv6 address in a text form of RFC 4291."""
    MD5 = 6
    """32 hexadecimal digits that stand alone, as an MD5 digest is written."""
    SHA1 = 7
    """40 hexadecimal digits that stand alone, as a SHA-1 digest is written."""
    SHA256 = 8
    """64 hexadecimal digits that stand alone, as a SHA-256 digest is written."""
    SHA512 = 9
    """128 hexadecimal digits that stand alone, as a SHA-512 digest is written."""


class Nesting(OpenEnum):
    """What is done with findings that lie inside another one of the same answer, as the domain
    of a URL does. It matters only where several kinds are asked for, or URLs, which may hold
    others."""

    ALL = 1
    """They are reported."""
    OUTERMOST = 2
    """They are left out."""
    DOMAINS_ONLY = 3
    """Domains are reported, all others left out."""


class Confidence(OpenEnum):
    """How sure it is that the bytes name what they seem to name."""

    LOW = 1
    """Looks like one, but is more often something else: a file name, code, a sentence."""
    MEDIUM = 2
    """Probably one."""
    HIGH = 3
    """One, as far as text can tell."""


class ResultForm(OpenEnum):
    """The shape of the answer."""

    FINDINGS = 1
    """Every occurrence, in order of `begin`."""
    DISTINCT = 2
    """Every value once, in order of first occurrence."""
    SPANS = 3
    """Every occurrence as columns, without its value: a few bytes per finding."""
    COUNTS = 4
    """Numbers of findings only."""


class DefangMode(OpenEnum):
    """Which ways of writing a name harmless are undone."""

    OFF = 1
    """None."""
    ON = 2
    """`example[.]com`, `hxxp://`, `bob[at]example.com` and their like."""
    AGGRESSIVE = 3
    """Also `example . com` and `example dot com`, LOW."""


class UnknownTld(OpenEnum):
    """Where a name may end in a label that is no TLD."""

    NOWHERE = 1
    """Nowhere."""
    IN_URLS = 2
    """Right of `scheme://`, MEDIUM."""


class OffsetUnit(OpenEnum):
    """What offsets and lengths in an answer count. A byte that is no part of well-formed text
    counts as one of any."""

    BYTES = 1
    """Bytes of the content as sent."""
    CODE_POINTS = 2
    """Unicode code points, as Python's str counts."""
    UTF16_UNITS = 3
    """UTF-16 code units, as the strings of Java, JavaScript and .NET count."""


class Encoding(OpenEnum):
    """How `data` is to be read. What is ill-formed separates."""

    UTF8 = 1
    """UTF-8, and with it ASCII; bytes of anything else separate."""
    UTF16LE = 2
    """UTF-16, least significant byte first."""
    UTF16BE = 3
    """UTF-16, most significant byte first."""
    AUTO = 4
    """UTF-16 where the content begins with its byte order mark, else UTF-8."""


class Reason(OpenEnum):
    """Why a finding has its confidence, and what is special about it. A finding has at least the
    reason of its context: ANCHORED, SCHEME_RELATIVE, PATH or BARE. What is said of caps is of
    domains; docs/kinds.md says which reasons other kinds have."""

    ANCHORED = 1
    """Right of `scheme://`, of a mailbox's `@`, or begins with `www.` and has three labels or
    more."""
    SCHEME_RELATIVE = 2
    """Right of `//`."""
    PATH = 3
    """Right of a single `/` or `\`: a path segment. At most MEDIUM."""
    BARE = 4
    """None of these: a word in text."""
    EVIDENCE = 5
    """Followed by a port, path, query or fragment."""
    AT_WITHOUT_LOCAL_PART = 6
    """Right of an `@` without a local part. At most MEDIUM."""
    FILE_TLD = 7
    """The TLD is also a common file extension; of some, in paths only. LOW, or MEDIUM with
    EVIDENCE. Or it is a program in a directory of Windows, `AppData\in.com`: LOW."""
    WORD_TLD = 8
    """The TLD is also a common word of prose or code, or the name is that of a product:
    `ASP.NET`."""
    TITLE_CASE_TLD = 9
    """The TLD is written in title case, as after a missing space: at most MEDIUM. Or, in a path,
    the TLD is in capitals and the rest is not, as in `Win32/Spy.AD`: LOW."""
    CODE = 10
    """Followed by `(`, `=`, `[` or `{`, or begins with an object, as `this.name`, or code or
    markup is next to it, as in `typeof a.b` or `id="a.b"`. LOW."""
    NUMERIC_LABEL = 11
    """The registrable label has one or two digits and nothing else. LOW."""
    REVERSE_DNS = 12
    """Begins with a TLD, as a reverse-DNS identifier does, or as a newsgroup. LOW."""
    DOTTED_WORDS = 13
    """Lower-case words with a dictionary word as TLD. At most MEDIUM."""
    LEFT_CUT = 14
    """A label further left is invalid and was cut off. At most MEDIUM. Or it is torn from a
    URL's host by a symbol: LOW."""
    RIGHT_CUT = 15
    """More labels follow that are no TLD. LOW."""
    HYPHEN_CUT = 16
    """A hyphen and more follow the TLD. At most MEDIUM."""
    UNDERSCORE_CUT = 17
    """An underscore and more follow the TLD."""
    SCRIPT_CUT = 18
    """Cut where the script changes to or from one written without spaces."""
    UNDERSCORE_TRIMMED = 19
    """A leading underscore was cut off the registrable label. At most MEDIUM; LOW if it is one
    of a row of blanks, `_ _ _deal.com`."""
    NEXT_TO_INVALID = 20
    """An ill-formed UTF-8 byte glues host characters to it. At most MEDIUM."""
    TRAILING_DOT = 21
    """A final dot was followed by `/` or `:`."""
    WILDCARD = 22
    """Right of `*.`."""
    DEFANGED = 23
    """Written in a defanged form, as `example[.]com`."""
    ESCAPED_DOT = 24
    """A dot is written `\.`, as in a regular expression. At most MEDIUM."""
    UNICODE_DOT = 25
    """A dot is written as a Unicode full stop."""
    HIDDEN = 26
    """Holds code points that are not displayed."""
    MIXED_SCRIPT = 27
    """Mixes scripts as UTS #39 warns of."""
    SPECIAL_USE = 28
    """A special-use name, as `.onion`."""
    PUBLIC_SUFFIX = 29
    """Equal to a public suffix."""
    UNKNOWN_TLD = 30
    """Ends in a label that is no TLD. At most MEDIUM."""
    SHORT_LABEL = 31
    """The registrable label has a letter or two, as the objects of shortened code have, and the
    TLD is a word of code, or operators or brackets of code are next to it. LOW."""
    OBFUSCATED = 32
    """An IPv4 address not written as four decimal octets, as `0x7f.1`, which only URLs may hold."""
    VERSION_LIKE = 33
    """An IPv4 address that reads as a version or a section's number. LOW."""
    TRUNCATED = 34
    """A URL that goes on beyond 8 KiB, or holds more than four others; the rest is left out."""
    REPETITIVE = 35
    """Digits that repeat as those of a digest or an address hardly do. LOW."""
    MESSAGE_ID = 36
    """A mailbox that reads as the identifier of a message. LOW."""


class Verdict(OpenEnum):
    """Why a byte is, or is not, part of a finding. A run is what lies between separators: a
    piece of the document that may hold one name."""

    FINDING = 1
    """It is part of a finding."""
    BELOW_MIN_CONFIDENCE = 2
    """It is part of a name that is less sure than ProcessOptions.min_confidence asks for."""
    OUTSIDE_HOST = 3
    """Its run holds a name, but the byte was trimmed or cut off it."""
    SEPARATOR = 4
    """It separates: a byte that can be in no name where it stands."""
    NO_DOT = 5
    """It may be part of a name, but within 1,024 bytes no dot of its run joins two labels."""
    FEWER_THAN_TWO_LABELS = 6
    """Once trimmed, its run has fewer than two labels."""
    NO_TLD = 7
    """No label of its run, from the second on, is a TLD."""
    DIGITS_AFTER_TLD = 8
    """Only labels of digits follow the TLD, as in a library's version: `lib.so.1`."""
    TAIL_TOO_LONG = 9
    """More than 256 bytes of its run follow the TLD, or the labels in which one was looked for."""
    INVALID_REGISTRABLE_LABEL = 10
    """The registrable label, left of the public suffix, is invalid."""
    TOO_LONG = 11
    """The name would have more than 253 octets or a span of more than 1,024 bytes, or its run
    goes on for more bytes than a name that holds the byte can have."""
    SPECIAL_USE = 12
    """A special-use name, as `nas.local`; ProcessOptions.special_use would take it."""
    UNKNOWN_TLD_NOT_IN_URL = 13
    """The last label is no TLD, which ProcessOptions.unknown_tld allows in URLs; this is none."""
    PUBLIC_SUFFIX = 14
    """A public suffix, as `co.uk`, that is not anchored."""
    LOCAL_PART = 15
    """The local part of a mailbox: an `@` and a host follow."""
    USERINFO = 16
    """The userinfo of a URL: an `@` and the host follow."""
