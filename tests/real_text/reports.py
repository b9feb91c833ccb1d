"""Recall on threat reports whose makers published the indicators in them as a list of its own.

One case for each labelled domain. The suite keeps apart what is labelled and does not occur in the
report's text, in whatever notation: it is not applicable.
"""

from suites import SHARED, Case, Suite, rows


def labelled_domain(report, domain, text):
    a_form = domain.rstrip(".").encode("idna").decode().lower()
    return Case(f"{report}: {domain}", text, theirs=[a_form],
                ours=lambda findings: [a_form] if any(f.value == a_form for f in findings) else [])


def doc_pairs():
    cases = []
    for row in rows("doc-pairs.open"):
        report = row["name"]
        _, path = row["corpus_file"].split("/", 1)
        text = (SHARED / "corpus" / path).read_bytes()
        cases += [labelled_domain(report, domain, text)
                  for domain in row["expected"].get("domains", [])]
        cases += [Case(f"{report}: {domain}", excluded="not-in-text")
                  for domain in row["labelled_but_not_in_text"].get("domains", [])]
    return Suite("doc-pairs", cases)
