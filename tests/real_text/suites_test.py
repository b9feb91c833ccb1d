"""trawld beside the suites of other projects, where they are: TRAWL_SHARED/suites, or
../shared/suites beside the tree. docs/real-text.md tells what comes of it."""

import collections
import pathlib
import re
import unittest

import hosts
import peers
import reports
from processes import SOURCE_DIR
from suites import DEVIATIONS, SUITES, deviations, discrepancies, run

PAGE = (pathlib.Path(SOURCE_DIR) / "docs" / "real-text.md").read_text(encoding="utf8")


class DeviationsTest(unittest.TestCase):
    def test_the_page_explains_every_reason_and_says_how_often_it_is_given(self):
        given = collections.Counter()
        for path in DEVIATIONS.glob("*.jsonl"):
            given.update(entry["why"] for entry in deviations(path.stem).values())
        explained = re.findall(r"^\| `([a-z-]+)` \| .* \| (\d+) \|$", PAGE, re.MULTILINE)
        self.assertEqual(given, {reason: int(number) for reason, number in explained})


@unittest.skipUnless(SUITES.is_dir(), "there are no suites: TRAWL_SHARED names their parent")
class SuitesTest(unittest.TestCase):
    def check(self, suite):
        """Prints the figures, and compares them and the differences with what is checked in."""
        result = run(suite)
        listed = deviations(suite.name)
        print(result.report(listed))
        wrong = discrepancies(result, listed)
        if wrong:
            self.fail("\n".join(wrong))
        self.assertIn(result.table_row(), PAGE)
        return result

    def test_domains_labelled_in_threat_reports_are_found(self):
        self.assertGreaterEqual(self.check(reports.doc_pairs()).share, 0.99)

    def test_hosts_of_idna_test_v2_have_the_a_form_of_uts46(self):
        self.assertEqual(self.check(hosts.idna_test_v2()).share, 1)

    def test_hosts_of_wpt_toascii_have_the_a_form_of_uts46(self):
        self.assertEqual(self.check(hosts.to_ascii()).share, 1)

    def test_hosts_of_wpt_urls_are_found_but_for_the_listed_deviations(self):
        self.check(hosts.url_hosts())

    def test_answers_are_those_of_twitter_text_but_for_the_listed_deviations(self):
        self.check(peers.twitter_text())

    def test_answers_are_those_of_linkify_it_but_for_the_listed_deviations(self):
        self.check(peers.linkify_it())

    def test_registrable_domains_are_those_of_the_public_suffix_list(self):
        self.check(peers.public_suffix_list())
