"""trawld beside floor servers that take the same calls and do nothing: what the work costs, and
what transport alone would allow."""

import contextlib

from svg import Panel
from tables import number, quantity, ratio, render

# (content, bytes, form, outstanding, whether beside floors that parse and that reply as much too)
CELLS = (
    ("weblog", 100, "FINDINGS", 1, False),
    ("weblog", 100, "FINDINGS", 8, True),
    ("weblog", 100, "FINDINGS", 64, True),
    ("weblog", 4 << 10, "FINDINGS", 1, False),
    ("weblog", 4 << 10, "FINDINGS", 8, False),
    ("weblog", 4 << 10, "FINDINGS", 64, False),
    ("prose", 64 << 10, "FINDINGS", 1, False),
    ("prose", 64 << 10, "FINDINGS", 8, False),
    ("weblog", 64 << 10, "FINDINGS", 8, False),
    ("weblog", 64 << 10, "FINDINGS", 64, False),
    ("prose", 1 << 20, "FINDINGS", 1, False),
    ("prose", 1 << 20, "FINDINGS", 8, True),
    ("weblog", 1 << 20, "FINDINGS", 8, True),
    ("weblog", 1 << 20, "FINDINGS", 64, False),
    ("weblog", 1 << 20, "DISTINCT", 8, False),
    ("weblog", 1 << 20, "SPANS", 8, False),
    ("weblog", 1 << 20, "COUNTS", 8, False),
    ("dense", 1 << 20, "SPANS", 8, True),
    ("dense", 1 << 20, "FINDINGS", 8, True),
    ("prose", 16 << 20, "FINDINGS", 1, False),
    ("prose", 16 << 20, "FINDINGS", 8, False),
    ("weblog", 16 << 20, "FINDINGS", 8, False),
)
SMALL = 4 << 10
RAW = ("--mode", "raw", "--tuned")
PARSED = ("--mode", "parsed")

# Peak memory: content, bytes, outstanding.
MEMORY = ("prose", 16 << 20, 4)

SERVERS = {"trawld": "trawld", "raw": "raw", "same_size": "as large", "parsed": "parsed"}
# As the charts name them.
FLOORS = {"raw": "floor: raw, tuned", "same_size": "floor: replies as large",
          "parsed": "floor: parsed"}
LEGEND = ("Floors: raw, tuned, with empty replies; as large, the same with replies of trawld's size;",
          "parsed, untuned, with empty replies.")


def load_flags(content, size, form, outstanding):
    return ["--input", content, "--bytes", size, "--form", form, "--outstanding", outstanding]


def run(bench):
    cells = []
    with contextlib.ExitStack() as running:
        start = running.enter_context
        trawld = ("trawld", start(bench.trawld()))
        raw = ("raw", start(bench.floor(*RAW)))
        parsed = ("parsed", start(bench.floor(*PARSED)))
        for content, size, form, outstanding, thorough in CELLS:
            if bench.quick and not thorough:
                continue
            flags = load_flags(content, size, form, outstanding)
            servers = [trawld, raw]
            with contextlib.ExitStack() as cell:
                if thorough:
                    reply = bench.compare([(*trawld, flags)])["trawld"]["reply_bytes"]
                    servers += [parsed, ("same_size", cell.enter_context(
                        bench.floor(*RAW, "--reply_bytes", str(int(reply)))))]
                cells.append({"input": content, "bytes": size, "form": form,
                              "outstanding": outstanding,
                              "servers": bench.compare([(*server, flags)
                                                        for server in servers])})
    return {"pinned": bench.pinned, "cells": cells, "memory": _memory(bench)}


def _memory(bench):
    """Of fresh servers, since a peak does not go down."""
    content, size, outstanding = MEMORY
    flags = load_flags(content, size, "FINDINGS", outstanding)
    figures = {}
    for name, server in (("trawld", bench.trawld()), ("raw", bench.floor(*RAW)),
                         ("parsed", bench.floor(*PARSED))):
        with server as running:
            idle = running.peak_bytes()
            load = bench.compare([(name, running, flags)])[name]
            figures[name] = {"idle_bytes": idle, "peak_bytes": running.peak_bytes(),
                             "server_cpu_us": load["server_cpu_us"],
                             "calls_per_second": load["calls_per_second"]}
    return figures


def _name(cell):
    return "{} {} ×{} {}".format(quantity(cell["bytes"]), cell["input"], cell["outstanding"],
                                 cell["form"])


def _figure(cell, server, key, unit=1):
    figures = cell["servers"].get(server)
    return figures[key] / unit if figures else None


def _busy(cell, server, side):
    figures = cell["servers"][server]
    return _percent(figures[side + "_cpu_us"] * figures["calls_per_second"] / 1e6)


def _percent(fraction):
    return "–" if fraction is None else f"{100 * fraction:.0f} %"


def _rates(cells, key, unit, title, notes=()):
    rows = []
    for cell in cells:
        rates = {name: _figure(cell, name, key, unit) for name in SERVERS}
        rows.append([_name(cell), *map(number, rates.values()),
                     *(ratio(rates["trawld"], rates[base])
                       for base in ("raw", "same_size", "parsed")),
                     _percent(cell["servers"]["trawld"].get("spread"))])
    return render(title, ["", *SERVERS.values(), "/raw", "/as large", "/parsed", "spread"], rows,
                  notes)


def pinning(pinned):
    return ("Server on one CPU, client on another." if pinned else
            "Not pinned: figures differ by where the system happens to put server and client.")


def show(figures):
    small = [cell for cell in figures["cells"] if cell["bytes"] <= SMALL]
    large = [cell for cell in figures["cells"] if cell["bytes"] > SMALL]
    spread = "spread: from the slowest to the fastest repetition of trawld, by its median."
    tables = [_rates(large, "bytes_per_second", 1e9, "End to end, GB/s of content",
                     [pinning(figures["pinned"]), *LEGEND, spread]),
              _rates(small, "calls_per_second", 1, "End to end, calls/s")]
    rows = []
    for cell in figures["cells"]:
        rows.append([_name(cell),
                     *(number(_figure(cell, name, key)) for key in ("p50_us", "p99_us")
                       for name in ("trawld", "raw")),
                     *(number(_figure(cell, name, "server_cpu_us"))
                       for name in ("trawld", "raw", "same_size")),
                     ratio(*(_figure(cell, name, "server_cpu_us")
                             for name in ("trawld", "raw"))),
                     *(_busy(cell, name, side) for name in ("trawld", "raw")
                       for side in ("server", "client"))])
    tables.append(render(
        "End to end, latency and processor time, µs",
        ["", "p50", "p50 raw", "p99", "p99 raw", "CPU/call", "CPU raw", "CPU as large", "CPU/raw",
         "server busy", "client", "raw busy", "client"], rows,
        ["busy: of one CPU, the server and its client. A client near 100 % limits the",
         "rate; what the server can do is then told by its processor time alone."]))
    content, size, outstanding = MEMORY
    rows = [[SERVERS[name], quantity(row["idle_bytes"]), quantity(row["peak_bytes"]),
             number(row["server_cpu_us"] / 1000), number(row["calls_per_second"])]
            for name, row in figures["memory"].items()]
    tables.append(render(
        f"End to end, memory: {quantity(size)} {content} ×{outstanding} FINDINGS, fresh servers",
        ["", "idle", "peak", "CPU ms/call", "calls/s"], rows))
    return "\n".join(tables)


def panels(figures):
    def panel(title, unit, key, divisor, cells, logarithmic):
        names = [name for name in SERVERS if any(name in cell["servers"] for cell in cells)]
        return Panel(title, unit, [FLOORS.get(name, SERVERS[name]) for name in names],
                     [(_name(cell), [_figure(cell, name, key, divisor) for name in names])
                      for cell in cells], logarithmic)

    small = [cell for cell in figures["cells"] if cell["bytes"] <= SMALL]
    large = [cell for cell in figures["cells"] if cell["bytes"] > SMALL]
    return [panel("Large content", "GB/s", "bytes_per_second", 1e9, large, False),
            panel("Small content", "thousand calls/s", "calls_per_second", 1e3, small, False),
            panel("Small content, p99", "µs", "p99_us", 1, small, True)]
