"""The engine in process: more workers, and documents from 1 KiB to 1 GiB."""

from bench import median
from svg import Panel
from tables import number, quantity, ratio, render

INPUTS = ("prose", "weblog")
WORKERS_BYTES = 64 << 20
QUICK_BYTES = 256 << 20


def run(bench):
    listed = bench.list_benchmarks("scaling_benchmark")
    rows = [dict(zip(("input", "bytes", "workers"), name.split("/"))) for name in listed]
    for row in rows:
        row["bytes"], row["workers"] = int(row["bytes"]), int(row["workers"])
    if bench.quick:
        rows = [row for row in rows if row["bytes"] <= QUICK_BYTES]
    samples = [[] for _ in rows]
    for _ in range(bench.repetitions):
        for row, runs in zip(rows, samples):
            # Large documents take seconds to make and do not vary much.
            if runs and row["bytes"] > QUICK_BYTES:
                continue
            _, measured = bench.benchmark(
                "scaling_benchmark", "--benchmark_min_time=0.1",
                "--benchmark_filter=^{input}/{bytes}/{workers}/".format(**row))
            runs += measured
    for row, runs in zip(rows, samples):
        row["error"] = next((run["error_message"] for run in runs if run.get("error_occurred")),
                            None)
        for key in ("bytes_per_second", "findings", "peak_bytes"):
            row[key] = median(runs, key)
    return {"rows": rows}


def _sizes(figures, content):
    """The rows of the document sizes: those with the most workers."""
    rows = [row for row in figures["rows"] if row["input"] == content]
    workers = max(row["workers"] for row in rows)
    return [row for row in rows if row["workers"] == workers]


def _workers(figures, content):
    return [row for row in figures["rows"]
            if row["input"] == content and row["bytes"] == WORKERS_BYTES]


def _crew(row):
    return "1 worker" if row["workers"] == 1 else f"{row['workers']} workers"


def _cost(row):
    return 1e9 / row["bytes_per_second"] if row["bytes_per_second"] else None


def show(figures):
    rows = []
    for content in INPUTS:
        found = _workers(figures, content)
        rows += [[f"{content}, {_crew(row)}", number(row["bytes_per_second"] / 1e9),
                  ratio(row["bytes_per_second"], found[0]["bytes_per_second"])] for row in found]
    tables = [render("Scaling, workers on a document of 64 MiB", ["", "GB/s", "/1 worker"], rows)]
    for content in INPUTS:
        found = _sizes(figures, content)
        base = found[0]["peak_bytes"]
        rows = []
        for row in found:
            if row["error"]:
                rows.append([quantity(row["bytes"]), row["error"], *["–"] * 4])
                continue
            above = max(row["peak_bytes"] - row["bytes"] - base, 0)
            rows.append([quantity(row["bytes"]), number(_cost(row)),
                         number(row["bytes_per_second"] / 1e9), quantity(row["peak_bytes"]),
                         ratio(above, row["bytes"]), f"{row['findings']:,.0f}"])
        tables.append(render(
            f"Scaling, {content}, {_crew(found[0])}",
            ["document", "ns/byte", "GB/s", "peak memory", "above document", "findings"], rows))
    tables.append("Above document: peak memory less the document and what the process needs for\n"
                  "1 KiB, by the document. The engine's report of all findings is most of it.\n")
    return "\n".join(tables)


def panels(figures):
    sizes = {}
    for i, content in enumerate(INPUTS):
        for row in _sizes(figures, content):
            sizes.setdefault(quantity(row["bytes"]), [None] * len(INPUTS))[i] = _cost(row)
    workers = {}
    for i, content in enumerate(INPUTS):
        for row in _workers(figures, content):
            workers.setdefault(_crew(row), [None] * len(INPUTS))[i] = row["bytes_per_second"] / 1e9
    return [Panel("Cost by size of the document", "ns per byte", INPUTS, list(sizes.items()), True),
            Panel("Workers on 64 MiB", "GB/s", INPUTS, list(workers.items()))]
