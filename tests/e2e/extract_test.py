"""`trawl extract` and the small commands, end to end."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from processes import PATIENCE, TRAWL, Server, environment, trawl

TEXT = b"See https://www.example.com/a?b and mail me@Example.ORG, not file.txt.\n"
FINDINGS = [("www.example.com", "example.com"), ("example.org", "example.org")]


class ExtractTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)

    def extract(self, *arguments, stdin=b""):
        return trawl("extract", *arguments, server=self.server.address, stdin=stdin)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def test_prints_one_value_per_line_and_exits_with_0(self):
        ended = self.extract(stdin=TEXT)
        self.assertEqual((ended.returncode, ended.stderr), (0, b""))
        self.assertEqual(ended.stdout, b"www.example.com\nexample.org\n")

    def test_json_lines_hold_value_and_exact_bytes(self):
        ended = self.extract("--format", "json", "-", stdin=TEXT)
        self.assertEqual((ended.returncode, ended.stderr), (0, b""))
        findings = [json.loads(line) for line in ended.stdout.splitlines()]
        self.assertEqual([(f["value"], f["registrable_domain"]) for f in findings], FINDINGS)
        for finding in findings:
            spanned = TEXT[int(finding["begin"]):int(finding["end"])]
            self.assertEqual(spanned.decode().lower(), finding["value"])

    def test_every_result_form_agrees_on_the_number(self):
        text = TEXT * 3
        for form, lines in (("findings", 6), ("spans", 6), ("distinct", 2)):
            ended = self.extract("--form", form, stdin=text)
            self.assertEqual((ended.returncode, ended.stdout.count(b"\n")), (0, lines), form)
        self.assertEqual(self.extract("--form", "counts", stdin=text).stdout, b"6\n")

    def test_finds_nothing_and_exits_with_1(self):
        for content in (b"", b"\n", b"no names here", b"\0" * 100, b"\xff" * 100):
            ended = self.extract(stdin=content)
            self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (1, b"", b""))

    def test_reads_any_bytes(self):
        ended = self.extract(stdin=b"\x00\xff\xfe " + TEXT + bytes(range(256)))
        self.assertEqual(ended.stdout.splitlines()[:2], [b"www.example.com", b"example.org"])

    def test_answers_for_many_files_come_in_order(self):
        files = [self.file(f"{i:03}.txt", b"x " * (1000 * (i % 7)) + b"n%d.example.com" % i)
                 for i in range(200)]
        ended = self.extract(*files)
        self.assertEqual((ended.returncode, ended.stderr), (0, b""))
        values = [line.rsplit(b":", 1)[-1] for line in ended.stdout.splitlines()]
        self.assertEqual(values, [b"n%d.example.com" % i for i in range(200)])

    def test_unordered_gives_the_same_lines(self):
        files = [self.file(f"u{i}.txt", b"u%d.example.com" % i) for i in range(50)]
        ordered, unordered = self.extract(*files), self.extract("--unordered", *files)
        self.assertEqual(unordered.returncode, 0)
        self.assertEqual(sorted(unordered.stdout.splitlines()), sorted(ordered.stdout.splitlines()))

    def test_a_missing_file_is_one_line_and_exit_code_2_and_the_others_are_answered(self):
        present = self.file("present.txt", TEXT)
        ended = self.extract("/no/such/file", present)
        self.assertEqual(ended.returncode, 2)
        self.assertEqual(ended.stderr.count(b"\n"), 1, ended.stderr)
        self.assertIn(b"/no/such/file", ended.stderr)
        self.assertIn(b"www.example.com", ended.stdout)

    def test_a_server_that_is_not_there_is_one_line_and_exit_code_2(self):
        for command in (["extract"], ["ping"], ["capabilities"]):
            ended = trawl(*command, server="127.0.0.1:1", stdin=TEXT)
            self.assertEqual(ended.returncode, 2, ended)
            self.assertEqual(ended.stderr.count(b"\n"), 1, ended.stderr)
            self.assertIn(b"127.0.0.1:1", ended.stderr)

    def test_a_stream_gives_what_a_call_gives(self):
        text = (TEXT + b"\n" + b"x" * 3000 + b" one.example.net\r\n") * 400 + b"last.example.com"
        file = self.file("large.txt", text)
        with Server("--max_content_bytes=100000") as small:
            for options in (["--form=findings"], ["--form=findings", "-H", "-n", "-b"],
                            ["--form=spans", "-n"], ["--form=distinct", "--with-count", "-b"],
                            ["--form=counts", "-H"], ["--format=json"],
                            ["--format=json", "--form=spans"], ["--format=json", "--form=distinct"],
                            ["--format=json", "--form=counts"], ["--color=always"],
                            ["--color=always", "--form=spans", "-n", "-b"],
                            ["--kind=all", "--min-confidence=low", "-n"],
                            ["--max-findings=1000", "-n"]):
                called = self.extract(*options, file)
                self.assertEqual(called.returncode, 0, called.stderr)
                for server in (self.server, small):
                    streamed = trawl("extract", "--stream", *options, file, server=server.address)
                    self.assert_same(streamed, called, options)
                too_large = trawl("extract", *options, file, server=small.address)
                self.assert_same(too_large, called, options)
                piped = trawl("extract", *options, server=small.address, stdin=text)
                shown = called.stdout.replace(file.encode(), b"-")
                self.assertTrue(piped.stdout == shown, options)

    def assert_same(self, ended, expected, options):
        self.assertEqual((ended.returncode, ended.stderr), (expected.returncode, expected.stderr),
                         options)
        # No assertEqual: it would print all of both.
        self.assertTrue(ended.stdout == expected.stdout, options)

    def test_a_stream_writes_findings_while_more_is_to_come(self):
        process = subprocess.Popen([TRAWL, "extract", "--stream"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE,
                                   env=environment(TRAWL_SERVER=self.server.address))
        with process:
            process.stdin.write(TEXT + b"x " * 100000)
            process.stdin.flush()
            self.assertEqual(process.stdout.readline(), b"www.example.com\n")
            self.assertEqual(process.stdout.readline(), b"example.org\n")
            self.assertEqual(process.communicate(b" end.example.com", PATIENCE)[0],
                             b"end.example.com\n")
        self.assertEqual(process.returncode, 0)

    def test_input_that_pauses_is_a_stream_by_itself(self):
        with Server() as server:
            process = subprocess.Popen([TRAWL, "extract", "-"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE,
                                       env=environment(TRAWL_SERVER=server.address))
            with process:
                process.stdin.write(TEXT + b"nothing in this line of a log\n" * 40)
                process.stdin.flush()
                self.assertEqual(process.stdout.readline(), b"www.example.com\n")
                self.assertEqual(process.stdout.readline(), b"example.org\n")
                process.stdin.write(b"one.example.net\n" + b"nothing in this one\n" * 60)
                process.stdin.flush()
                self.assertEqual(process.stdout.readline(), b"one.example.net\n")
                self.assertEqual(process.communicate(b" end.example.com", PATIENCE)[0],
                                 b"end.example.com\n")
            self.assertEqual(process.returncode, 0)
            server.signal()
            self.assertEqual(server.wait(), 0)
            calls = server.wait_for_line("drained")["calls"]
        self.assertEqual(calls["ProcessContentStream"], {"OK": 1})

    def test_input_that_ends_at_once_is_a_call_that_can_be_tried_again(self):
        with Server() as server:
            ended = trawl("extract", server=server.address, stdin=TEXT * 20_000)
            self.assertEqual(ended.stdout.count(b"\n"), 40_000)
            server.signal()
            self.assertEqual(server.wait(), 0)
            calls = server.wait_for_line("drained")["calls"]
        self.assertEqual(calls, {"ProcessContent": {"OK": 1}})

    def test_a_stream_that_fails_ends_though_more_is_to_come(self):
        for options, code in ((["--max-findings=4000000000"], 2), (["--quiet"], 0)):
            process = subprocess.Popen([TRAWL, "extract", "--stream", *options],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE,
                                       env=environment(TRAWL_SERVER=self.server.address))
            with process:
                process.stdin.write(TEXT + b"x " * 30000)
                process.stdin.flush()
                self.assertEqual(process.wait(PATIENCE), code)
                self.assertEqual(process.stderr.read().count(b"\n"), code // 2)

    def test_a_stream_takes_constant_memory(self):
        if os.environ["E2E_SANITIZED"] == "1":
            self.skipTest("under sanitizers, memory says nothing about the program")
        part = (TEXT + b"nothing to be found in this line of text\n" * 100) * 256
        for options in (["-n"], ["--color=always"]):
            peaks = []
            for count in (8, 160):
                process = subprocess.Popen([TRAWL, "extract", *options], stdin=subprocess.PIPE,
                                           stdout=subprocess.DEVNULL,
                                           env=environment(TRAWL_SERVER=self.server.address))
                for _ in range(count):
                    process.stdin.write(part)
                process.stdin.close()
                peaks.append(os.wait4(process.pid, 0)[2].ru_maxrss << 10)
                process.returncode = 0
            self.assertLess(peaks[1], peaks[0] + (48 << 20), peaks)

    def test_chunk_count_and_workers_change_no_byte(self):
        text = TEXT * 500
        answers = set()
        for workers in (1, 4):
            with Server(f"--workers={workers}") as server:
                for count in (0, 1, 2, 7, 64, 4096):
                    answers.add(trawl("extract", "--format=json", f"--chunk-count={count}",
                                      "--min-confidence=low", server=server.address,
                                      stdin=text).stdout)
        self.assertEqual(len(answers), 1)
        self.assertGreaterEqual(answers.pop().count(b"\n"), 1000)

    def test_ping_and_capabilities_answer(self):
        self.assertEqual(trawl("ping", server=self.server.address).returncode, 0)
        ended = trawl("capabilities", server=self.server.address)
        self.assertEqual(ended.returncode, 0)
        self.assertIn(b"33554432", ended.stdout.replace(b",", b""))

    def test_load_reports_calls_without_errors(self):
        ended = trawl("load", "--concurrency=4", "--requests=200", "--json",
                      server=self.server.address)
        self.assertEqual(ended.returncode, 0, ended)
        json.loads(ended.stdout)
