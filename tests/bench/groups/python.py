"""trawld beside the web service in Python whose place it takes, and a ping at both meanwhile."""

import contextlib
import importlib.util
import pathlib
import sys

from bench import median
from svg import Panel
from tables import number, quantity, ratio, render

# Input, bytes, and how many documents a call to trawld has: 0, one by ProcessContent, else a batch.
CELLS = (("weblog", 1 << 10, 0), ("weblog", 1 << 10, 100), ("prose", 64 << 10, 0),
         ("weblog", 64 << 10, 0), ("prose", 1 << 20, 0), ("weblog", 1 << 20, 0))
OUTSTANDING = 8
PING_MS = 5
SERVICE = (pathlib.Path(__file__).resolve().parents[3] / "examples" / "fastapi" / "before.py")
NAMES = {"python": "FastAPI, process pool", "trawld": "trawld"}


def run(bench):
    missing = [name for name in ("fastapi", "uvicorn") if importlib.util.find_spec(name) is None]
    if missing:
        return {"missing": missing, "cells": []}
    cells = []
    with contextlib.ExitStack() as running:
        start = running.enter_context
        servers = {
            "python": start(bench.speaking(sys.executable, str(SERVICE), "--workers",
                                           str(bench.cpus), pinned=False)),
            "trawld": start(bench.trawld(pinned=False))}
        for content, size, batch in CELLS:
            samples = {name: [] for name in servers}
            for _ in range(min(bench.repetitions, 2)):
                for name, server in servers.items():
                    samples[name].append(_measure(bench, name, server, content, size, batch))
            cells.append({"input": content, "bytes": size, "batch": batch, "servers": {
                name: {key: median(runs, key) for key in runs[0]}
                for name, runs in samples.items()}})
    return {"missing": [], "cpus": bench.cpus, "cells": cells}


def _measure(bench, name, server, content, size, batch):
    web = name == "python"
    client = "http_load_client" if web else "load_client"
    times = ["--server", server.address, "--seconds", 0.5 if bench.quick else 2.5,
             "--warm_up", 0.2 if bench.quick else 0.5]
    ping = ["--get", "/ping"] if web else ["--ping"]
    batched = [] if web else ["--batch", batch]
    with bench.load(client, *times, *ping, "--interval_ms", PING_MS) as pings, \
         bench.load(client, *times, "--input", content, "--bytes", size,
                    "--outstanding", OUTSTANDING, *batched) as load:
        loaded, pinged = load(), pings()
    documents = 1 if web else max(batch, 1)
    return {"documents_per_second": documents * loaded["calls_per_second"], "p50_us": loaded["p50_us"],
            "p99_us": loaded["p99_us"], "ping_p50_us": pinged["p50_us"],
            "ping_p99_us": pinged["p99_us"]}


def name_of(cell):
    batches = f", batches of {cell['batch']}" if cell["batch"] else ""
    return f"{quantity(cell['bytes'])} {cell['input']}{batches}"


def show(figures):
    if figures["missing"]:
        missing = ", ".join(figures["missing"])
        return f"Python: left out, these packages being absent: {missing}\n"
    rows = []
    for cell in figures["cells"]:
        python, trawld = (cell["servers"][name] for name in ("python", "trawld"))
        rows.append([
            name_of(cell), number(python["documents_per_second"]),
            number(trawld["documents_per_second"]),
            ratio(trawld["documents_per_second"], python["documents_per_second"]),
            *(number(server[key] / 1000) for key in ("p99_us", "ping_p99_us")
              for server in (python, trawld))])
    return render(
        f"Python: FastAPI with a process pool and trawld, ×{OUTSTANDING}, p99 in ms",
        ["", "Python documents/s", "trawld documents/s", "ratio", "Python p99", "trawld p99",
         "Python ping p99", "trawld ping p99"], rows,
        [f"Not pinned: servers, their workers and the client share {figures['cpus']} CPUs. A ping "
         f"every {PING_MS} ms meanwhile."])


def panels(figures):
    def panel(title, unit, key, divisor):
        return Panel(title, unit, list(NAMES.values()),
                     [(name_of(cell), [cell["servers"][name][key] / divisor for name in NAMES])
                      for cell in figures["cells"]], True)

    if figures["missing"]:
        return []
    return [panel("Rate, 8 outstanding", "documents/s", "documents_per_second", 1),
            panel("p99", "ms", "p99_us", 1000),
            panel("p99 of a ping meanwhile", "ms", "ping_p99_us", 1000)]
