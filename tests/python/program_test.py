"""`python -m trawl` as a process."""

import json
import subprocess
import sys
import unittest

from processes import PATIENCE, SOURCE_DIR, Server, environment

TEXT = b"see www.example.com and setup.py, www.example.com"


def run(*arguments, server, stdin=b""):
    ended = subprocess.run([sys.executable, "-m", "trawl", *arguments], input=stdin,
                           capture_output=True, timeout=PATIENCE,
                           env=environment(TRAWL_SERVER=server))
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


class ProgramTest(unittest.TestCase):
    def test_extract_prints_what_is_found_and_ends_as_grep_does(self):
        with Server() as server:
            self.assertEqual(run("extract", server=server.address, stdin=TEXT),
                             (0, "www.example.com\nwww.example.com\n", ""))
            self.assertEqual(run("extract", "--form=distinct", server=server.address, stdin=TEXT),
                             (0, "www.example.com\n", ""))
            self.assertEqual(run("extract", server=server.address, stdin=b"nothing"), (1, "", ""))

    def test_extract_reads_files_and_writes_json(self):
        with Server() as server:
            code, printed, _ = run("extract", "--json", "--min-confidence=low", "--kind=domain",
                                   f"{SOURCE_DIR}/README.md", server=server.address)
        findings = [json.loads(line) for line in printed.splitlines()]
        self.assertEqual(code, 0)
        self.assertEqual({f["kind"] for f in findings}, {"DOMAIN"})
        self.assertIn("www.example.com", {f["value"] for f in findings})
        self.assertTrue(all(f["reasons"] for f in findings))

    def test_ping_capabilities_and_explain_answer_in_json(self):
        with Server() as server:
            for command, key in (("ping", "uptime"), ("capabilities", "max_content_bytes")):
                code, printed, errors = run(command, server=server.address)
                self.assertEqual((code, errors), (0, ""))
                self.assertIn(key, json.loads(printed))
            code, printed, _ = run("explain", "-", "5", server=server.address, stdin=TEXT)
            self.assertEqual((code, json.loads(printed)["verdict"]), (0, "FINDING"))
            code, printed, _ = run("explain", "-", "3", server=server.address, stdin=TEXT)
            self.assertEqual((code, json.loads(printed)["verdict"]), (1, "SEPARATOR"))

    def test_errors_are_one_line_and_exit_code_2(self):
        code, printed, errors = run("--timeout=5", "ping", server="unix:/nonexistent/socket")
        self.assertEqual((code, printed), (2, ""))
        self.assertRegex(errors, r"\Atrawl: UNAVAILABLE: .*\n\Z")
        with Server() as server:
            code, printed, errors = run("extract", "/nonexistent/file", server=server.address)
        self.assertEqual((code, printed), (2, ""))
        self.assertRegex(errors, r"\Atrawl: .*/nonexistent/file.*\n\Z")
