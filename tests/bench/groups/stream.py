"""A stream beside floor servers that read its parts and do nothing: the rate, the processor time,
and the memory that ten gibibytes take.
"""

import contextlib

from bench import median
from groups.end_to_end import PARSED, RAW, pinning
from svg import Panel
from tables import number, quantity, ratio, render

CELLS = (("prose", 64 << 10), ("prose", 256 << 10), ("prose", 1 << 20), ("weblog", 256 << 10),
         ("dense", 256 << 10))
GIBIBYTE = 1 << 30
BYTES = 2 * GIBIBYTE
MEMORY = ("prose", 256 << 10, 10 * GIBIBYTE)
SERVERS = ("trawld", "raw", "parsed")


def run(bench):
    cells = []
    with contextlib.ExitStack() as running:
        servers = {"trawld": running.enter_context(bench.trawld()),
                   "raw": running.enter_context(bench.floor(*RAW)),
                   "parsed": running.enter_context(bench.floor(*PARSED))}
        for content, part in CELLS:
            samples = {name: [] for name in SERVERS}
            for _ in range(bench.repetitions):
                for name, server in servers.items():
                    total = BYTES // 8 if bench.quick or content == "dense" else BYTES
                    samples[name].append(_send(bench, server, content, part, total))
            cells.append({"input": content, "part_bytes": part, "servers": {
                name: {key: median(runs, key) for key in runs[0] if key != "error"}
                for name, runs in samples.items()}})
    return {"pinned": bench.pinned, "cells": cells, "memory": _memory(bench)}


def _send(bench, server, content, part, total):
    before = server.cpu_seconds()
    with bench.load("stream_client", "--server", server.address, "--input", content,
                    "--part_bytes", part, "--bytes", total, cpu=bench.client_cpu) as result:
        figures = result()
    mebibytes = figures["bytes"] / (1 << 20)
    figures["server_cpu_us"] = (server.cpu_seconds() - before) * 1e6 / mebibytes
    figures["client_cpu_us"] = figures["client_cpu_seconds"] * 1e6 / mebibytes
    return figures


def _memory(bench):
    """Of fresh servers, since a peak does not go down; idle is after a first small stream."""
    content, part, total = MEMORY
    if bench.quick:
        total //= 20
    figures = {}
    for name, server in (("trawld", bench.trawld()), ("raw", bench.floor(*RAW))):
        with server as running:
            _send(bench, running, content, part, 1)
            idle = running.peak_bytes()
            figures[name] = {**_send(bench, running, content, part, total), "idle_bytes": idle,
                             "peak_bytes": running.peak_bytes()}
    return figures


def _name(cell):
    return f"{cell['input']}, parts of {quantity(cell['part_bytes'])}"


def show(figures):
    rows = []
    for cell in figures["cells"]:
        rates = [cell["servers"][name]["bytes_per_second"] / 1e9 for name in SERVERS]
        times = [cell["servers"][name]["server_cpu_us"] for name in SERVERS]
        rows.append([_name(cell), *map(number, rates), ratio(rates[0], rates[1]),
                     ratio(rates[0], rates[2]), *map(number, times), ratio(times[0], times[1]),
                     number(cell["servers"]["trawld"]["client_cpu_us"])])
    tables = [render("Streams, GB/s of content, and processor time in µs per MiB",
                     ["", *SERVERS, "/raw", "/parsed", "CPU", "CPU raw", "CPU parsed", "CPU/raw",
                      "client CPU"], rows, [pinning(figures["pinned"])])]
    rows = [[name, quantity(row["bytes"]), number(row["bytes_per_second"] / 1e9),
             quantity(row["idle_bytes"]), quantity(row["peak_bytes"]),
             quantity(row["peak_bytes"] - row["idle_bytes"])]
            for name, row in figures["memory"].items()]
    tables.append(render("One long stream, fresh servers",
                         ["", "sent", "GB/s", "idle", "peak", "above idle"], rows))
    return "\n".join(tables)


def panels(figures):
    return [Panel("One stream", "GB/s", ["trawld", "floor: raw, tuned", "floor: parsed"],
                  [(_name(cell), [cell["servers"][name]["bytes_per_second"] / 1e9
                                  for name in SERVERS]) for cell in figures["cells"]], False)]
