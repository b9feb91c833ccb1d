"""What the figures were measured on."""

import datetime
import os
import pathlib
import re
import subprocess


def _first_match(pattern, path):
    found = re.search(pattern, pathlib.Path(path).read_text(), re.MULTILINE)
    return found.group(1).strip() if found else "unknown"


def _output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True,
                              timeout=30).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def describe(build):
    """Of this machine, and of the build in the folder `build`; never its name or a path."""
    compiler = _first_match(r"^CMAKE_CXX_COMPILER:\w+=(.*)", build / "CMakeCache.txt")
    version = _output(compiler, "--version").split("\n")[0]
    revision = _output("git", "rev-parse", "--short", "HEAD")
    if revision and _output("git", "status", "--porcelain"):
        revision += " and changes"
    return {
        "cpu": _first_match(r"^model name\s*:(.*)", "/proc/cpuinfo"),
        "cpus": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": "%s %s" % (os.uname().sysname, os.uname().release),
        "compiler": version,
        "build_type": _first_match(r"^CMAKE_BUILD_TYPE:\w+=(.*)", build / "CMakeCache.txt"),
        "revision": revision or "unknown",
        "date": datetime.date.today().isoformat(),
        # Others' work on the machine makes all figures worse, and not all alike.
        "load_before": os.getloadavg()[0],
    }


def caption(machine):
    return "{cpu}, {cpus} CPUs, {kernel}, {compiler}; revision {revision}; {date}".format(**machine)
