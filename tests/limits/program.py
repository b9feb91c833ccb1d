"""The callers beside this file, as processes."""

import contextlib
import json
import pathlib
import subprocess

PATIENCE = 120


class Program:
    """It is started at once; its `with` block begins when it said that it is ready, and kills it.
    One that ended by itself and not with 0 is an error there."""

    def __init__(self, name, *arguments):
        self._process = subprocess.Popen(
            ["/usr/bin/python3", "-B", str(pathlib.Path(__file__).parent / name),
             *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def begin(self):
        """For those that wait for a line."""
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()

    def ends_within(self, seconds):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode is not None

    def result(self):
        """What it prints, in the end, which is that of its input."""
        return json.loads(self._process.communicate(timeout=PATIENCE)[0])

    def __enter__(self):
        self._process.stdout.readline()
        return self

    def __exit__(self, *_):
        code = self._process.poll()
        self._process.kill()
        self._process.communicate()
        if code:
            raise RuntimeError(f"{self._process.args} ended with {code}")


def quantile(milliseconds, share):
    return sorted(milliseconds)[int(len(milliseconds) * share)]
