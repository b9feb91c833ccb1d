"""How far a stream is, as `trawl extract` shows it on a terminal."""

import contextlib
import os
import pty
import re
import subprocess
import tempfile
import unittest

from processes import PATIENCE, TRAWL, Server, environment, trawl

LINE = b"see www.example.com and nothing else in all this line of text here\n"
CLEARED = b"\r\x1b[K"


class Terminal:
    """The terminal that a program writes its standard error to."""

    def __init__(self, stack):
        self._ours, self.theirs = pty.openpty()
        stack.callback(os.close, self._ours)
        self.text = b""

    def close_theirs(self):
        os.close(self.theirs)

    def read_until(self, pattern):
        while not re.search(pattern, self.text):
            self.text += os.read(self._ours, 4096)

    def read_all(self):
        with contextlib.suppress(OSError):  # nobody has it open any more
            while True:
                self.text += os.read(self._ours, 4096)


class ProgressTest(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def start(self, server, *arguments):
        terminal = Terminal(self.stack)
        process = self.stack.enter_context(subprocess.Popen(
            [TRAWL, "extract", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=terminal.theirs, env=environment(TRAWL_SERVER=server.address)))
        terminal.close_theirs()
        return process, terminal

    def test_a_stream_shows_bytes_and_rate_on_a_terminal_and_takes_the_line_away(self):
        with Server() as server:
            process, terminal = self.start(server, "--stream", "-")
            process.stdin.write(LINE + bytes(100_000))
            process.stdin.flush()
            terminal.read_until(rb"\r-: [\d.]+ KiB, [\d.e+]+ MB/s\x1b\[K")
            output, _ = process.communicate(LINE, PATIENCE)
            terminal.read_all()
        self.assertEqual(output, b"www.example.com\n" * 2)
        self.assertTrue(terminal.text.endswith(CLEARED), terminal.text)

    def test_a_file_over_the_limit_shows_how_much_of_it_is_done(self):
        content = LINE * (6 << 20 >> 6)
        with Server("--max_content_bytes=1000000") as server, \
                tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            process, terminal = self.start(server, file.name)
            output, _ = process.communicate(timeout=PATIENCE)
            terminal.read_all()
        self.assertEqual(output.count(b"\n"), content.count(b"\n"))
        self.assertRegex(terminal.text, rb"\r" + re.escape(file.name.encode())
                         + rb": [\d.]+ [KM]iB of [\d.]+ MiB, \d+ %, [\d.e+]+ MB/s\x1b\[K")
        self.assertTrue(terminal.text.endswith(CLEARED), terminal.text)

    def test_without_a_terminal_nothing_is_shown(self):
        with Server() as server:
            ended = trawl("extract", "--stream", server=server.address, stdin=LINE * 50_000)
        self.assertEqual((ended.returncode, ended.stderr), (0, b""))
