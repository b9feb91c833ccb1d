"""The programs under test as real processes.

A Server is a trawld on a free port of the loopback interface. Leaving its `with` block drains it
and demands exit code 0, so every test ends with a clean stop. What a process needs comes by its
arguments: the environment of the tests themselves is not passed on where it begins with TRAWL_.
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import threading

TRAWLD = os.environ["E2E_TRAWLD"]
TRAWL = os.environ["E2E_TRAWL"]
SOURCE_DIR = os.environ["E2E_SOURCE_DIR"]

# Far beyond what anything here takes: it ends a test that hangs, and decides nothing else.
PATIENCE = 120


def environment(**twins):
    """The environment for a process: ours without TRAWL_*, and `twins` added."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TRAWL_")}
    return {**kept, **twins}


def trawl(*arguments, server=None, stdin=b"", **twins):
    """Runs the client to its end. Returns its CompletedProcess, with bytes."""
    if server is not None:
        twins["TRAWL_SERVER"] = server
    return subprocess.run([TRAWL, *arguments], input=stdin, capture_output=True,
                          env=environment(**twins), timeout=PATIENCE)


def trawld(*arguments, **twins):
    """Runs a server that is expected to end by itself. Returns its CompletedProcess, with text."""
    return subprocess.run([TRAWLD, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, env=environment(**twins), timeout=PATIENCE)


class Server:
    """A running trawld.

    address, metrics_address: "127.0.0.1:PORT" as it printed them; the second may be empty.
    options: its effective options as it printed them.
    """

    def __init__(self, *flags, before_start=None, **twins):
        """`before_start` is called in the process that becomes the server."""
        arguments = [TRAWLD, *flags]
        if "TRAWL_LISTEN" not in twins and not any(f.startswith("--listen") for f in flags):
            arguments += ["--listen", "127.0.0.1:0"]
        self._process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                         env=environment(**twins), preexec_fn=before_start)
        self._killed = False
        self._lines = []
        self._ended = False
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        listening = self.wait_for_line("listening")
        self.address = listening["address"]
        self.metrics_address = listening["metrics_address"]
        self.options = self.wait_for_line("configuration")
        for key in ("time", "level", "message"):
            del self.options[key]

    def _read(self):
        for line in self._process.stdout:
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def log(self):
        """All lines so far, as text."""
        with self._changed:
            return list(self._lines)

    def wait_for_line(self, message, count=1):
        """The `count`-th log line with this message, parsed; waits for it."""
        seen = 0
        matches = []

        def look():
            nonlocal seen
            for line in self._lines[seen:]:
                parsed = json.loads(line)
                if parsed["message"] == message:
                    matches.append(parsed)
            seen = len(self._lines)
            return len(matches) >= count or self._ended

        with self._changed:
            if not self._changed.wait_for(look, PATIENCE):
                raise TimeoutError(f"no such line in {PATIENCE} s: {self._lines[-5:]}")
        if len(matches) < count:
            raise EOFError(f"trawld ended: {self._lines[-5:]} {self._process.stderr.read()}")
        return matches[count - 1]

    @property
    def pid(self):
        return self._process.pid

    def memory(self, key):
        """Bytes, as /proc has them: VmRSS for now, VmHWM for the most it ever had."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) << 10 for line in status if line.startswith(key))

    def cpu_seconds(self):
        """Of all its threads so far, in user and kernel mode."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def threads(self):
        """The names of its threads."""
        names = []
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(OSError):  # it has ended
                names.append((task / "comm").read_text(encoding="ascii").strip())
        return names

    def signal(self, number=signal.SIGTERM):
        self._process.send_signal(number)

    def wait(self):
        """Waits for the end. Returns the exit code."""
        code = self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def kill(self):
        """Ends it as a machine does that loses its power."""
        self._killed = True
        self._process.kill()
        self.wait()
        self._process.stdout.close()
        self._process.stderr.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self._killed:
            return
        try:
            if self._process.poll() is None:
                self.signal()
            code = self.wait()
        finally:
            self._process.kill()
        errors = self._process.stderr.read()
        self._process.stderr.close()
        self._process.stdout.close()
        if kind is None and (code != 0 or errors):
            raise AssertionError(f"trawld ended with {code} and on standard error: {errors!r}")
