"""What Ping waits for: calls that the poller works on itself, or hands to a worker.

Both sides of --inline_bytes on one CPU, where it matters most: the rate of the calls, and what a
ping takes meanwhile.
"""

from bench import median
from groups.end_to_end import load_flags
from svg import Panel
from tables import number, quantity, ratio, render

CELLS = (("weblog", 4 << 10), ("weblog", 64 << 10), ("prose", 1 << 20), ("weblog", 1 << 20))
OUTSTANDING = 8
PING_MS = 2
# Flags of trawld. With one CPU, more than 4 MiB is a worker's by default.
SIDES = {"poller": ("--inline_bytes", str(4 << 20)), "worker": ("--inline_bytes", "0")}


def run(bench):
    cells = []
    with bench.trawld(*SIDES["poller"]) as poller, bench.trawld(*SIDES["worker"]) as worker:
        for content, size in CELLS:
            samples = {"poller": [], "worker": []}
            for _ in range(bench.repetitions):
                for name, server in (("poller", poller), ("worker", worker)):
                    samples[name].append(_measure(bench, server, content, size))
            cells.append({"input": content, "bytes": size, "sides": {
                name: {key: median(runs, key) for key in runs[0]}
                for name, runs in samples.items()}})
    return {"pinned": bench.pinned, "cells": cells}


def _measure(bench, server, content, size):
    times = ["--server", server.address, "--seconds", 0.3 if bench.quick else 1,
             "--warm_up", 0.1 if bench.quick else 0.3]
    with bench.load("load_client", *times, "--ping", "--interval_ms", PING_MS,
                    cpu=bench.client_cpu) as pings, \
         bench.load("load_client", *times, *load_flags(content, size, "FINDINGS", OUTSTANDING),
                    cpu=bench.client_cpu) as load:
        loaded, pinged = load(), pings()
    return {"calls_per_second": loaded["calls_per_second"], "p99_us": loaded["p99_us"],
            "ping_p50_us": pinged["p50_us"], "ping_p99_us": pinged["p99_us"]}


def _name(cell):
    return f"{quantity(cell['bytes'])} {cell['input']}"


def show(figures):
    rows = []
    for cell in figures["cells"]:
        sides = [cell["sides"][name] for name in SIDES]
        rows.append([_name(cell), *(number(side["calls_per_second"]) for side in sides),
                     ratio(*(side["calls_per_second"] for side in sides)),
                     *(number(side[key]) for key in ("ping_p50_us", "ping_p99_us")
                       for side in sides)])
    return render(
        f"Ping beside calls ×{OUTSTANDING}, worked on by the poller or by a worker; ping in µs",
        ["", "poller calls/s", "worker calls/s", "ratio", "p50 poller", "p50 worker",
         "p99 poller", "p99 worker"], rows,
        ["Server on one CPU, both clients on another." if figures["pinned"] else "Not pinned.",
         f"A ping every {PING_MS} ms."])


def panels(figures):
    names = [f"worked on by the {name}" for name in SIDES]

    def panel(title, unit, key):
        return Panel(title, unit, names,
                     [(_name(cell), [cell["sides"][name][key] for name in SIDES])
                      for cell in figures["cells"]], True)

    return [panel("Rate", "calls/s", "calls_per_second"),
            panel("p99 of a ping meanwhile", "µs", "ping_p99_us")]
