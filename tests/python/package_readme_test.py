"""What the README of the package shows works as it is shown."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

from processes import PATIENCE, SOURCE_DIR, Server, environment
from readme import examples

EXAMPLES = examples(f"{SOURCE_DIR}/client/python/README.md")


class ReadmeTest(unittest.TestCase):
    def run_example(self, name):
        """Runs a program or commands against a server, beside a file access.log. Returns what they
        print."""
        with Server() as server, tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "access.log").write_text("GET https://www.example.com/ 200\n" * 9)
            text = EXAMPLES[name].replace("localhost:50151", server.address)
            command = ["bash", "-euo", "pipefail"] if name.endswith("-shell") else [sys.executable]
            ended = subprocess.run(
                [*command, "-c", text], cwd=folder, capture_output=True, text=True,
                timeout=PATIENCE, stdin=subprocess.DEVNULL,
                env=environment(TRAWL_SERVER=server.address))
        self.assertEqual((ended.returncode, ended.stderr), (0, ""), ended)
        return ended.stdout

    def check(self, name):
        self.assertEqual(self.run_example(name), EXAMPLES[name + "-output"])

    def test_first_call_prints_what_is_shown(self):
        self.check("first")

    def test_contents_print_what_is_shown(self):
        self.check("contents")

    def test_batch_prints_what_is_shown(self):
        self.check("batch")

    def test_stream_prints_what_is_shown(self):
        self.check("stream")

    def test_asynchronous_client_prints_what_is_shown(self):
        self.check("aio")

    def test_errors_print_what_is_shown(self):
        self.check("errors")

    def test_client_options_are_as_shown(self):
        self.check("options")

    def test_commands_print_what_is_shown(self):
        self.check("program-shell")

    def test_all_examples_are_run(self):
        names = {name.removesuffix("-output") for name in EXAMPLES}
        self.assertEqual(names, {"first", "contents", "batch", "stream", "aio", "errors", "options",
                                 "program-shell"})
