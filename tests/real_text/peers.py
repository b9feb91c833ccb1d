"""twitter-text, linkify-it and the tests of the public-suffix list."""

import unicodedata

from suites import Case, Suite, rows, values


def a_form(domain):
    """The A-form of a domain as the peers write it. For what the suites hold, normalisation,
    lower case and Punycode are all that UTS #46 does."""
    labels = unicodedata.normalize("NFKC", domain).lower().split(".")
    return ".".join(label if label.isascii() else "xn--" + label.encode("punycode").decode()
                    for label in labels)


def link_case(row):
    """A case of a peer that makes links.

    What the peer answers are URLs and mailboxes; `derived_domains` are the domains in them.

    Not applicable:
    - verdict: the case asks whether all of the input is a valid URL and says nothing about the
      domain in it.
    - no-domain: the link is to an IP address or to a host of one label.
    - no-dot: nothing is to be found, and without a dot there is nothing that could be.

    Where the peer's own test looks at the first link only, our first finding is compared.
    """
    expected = row["expected"]
    if "valid_url" in expected:
        return Case(row["name"], excluded="verdict")
    domains = row.get("derived_domains", [])
    if not domains and any(expected.values()):
        return Case(row["name"], excluded="no-domain")
    if not domains and "." not in row["input"]:
        return Case(row["name"], excluded="no-dot")
    first = row["match"] == "first"
    return Case(row["name"], row["input"].encode(),
                theirs=sorted(a_form(domain) for domain in domains),
                ours=lambda findings: sorted(values(findings[:1] if first else findings)))


def twitter_text():
    return Suite("twitter-text", [link_case(row) for row in rows("twitter-text")])


def linkify_it():
    return Suite("linkify-it", [link_case(row) for row in rows("linkify-it")])


def public_suffix_case(row):
    """The name goes into a URL, where rule 9 reports public suffixes too. `null` is the answer
    where there is no finding or one without a registrable domain.

    Not applicable: no-dot, a name of one label or none.
    """
    name = row["input"]
    if name is None or "." not in name:
        return Case(row["name"], excluded="no-dot")
    registrable = row["expected"]["registrable_domain"]
    return Case(row["name"], f"http://{name}/".encode(),
                theirs=[a_form(registrable)] if registrable else [],
                ours=lambda findings: [finding.registrable_domain for finding in findings
                                       if finding.registrable_domain])


def public_suffix_list():
    cases = [public_suffix_case(row) for row in rows("publicsuffix-list")]
    return Suite("publicsuffix-list", cases, {"special_use": True})
