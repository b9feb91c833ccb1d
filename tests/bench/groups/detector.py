"""The detector's kernels with the full rules, beside memory and regular expressions."""

from bench import median
from svg import Panel
from tables import number, quantity, ratio, render

PEERS = {"re2": "RE2", "pcre2": "PCRE2", "vectorscan": "Vectorscan",
         "vectorscan-starts": "…starts"}
ORDINARY = ("prose", "code", "weblog", "html", "json", "dense")
HOT, COLD = 1 << 20, 64 << 20
FEW = 16  # findings; with fewer, the cost of one says nothing


def run(bench):
    arguments = ["--suite=detector"]
    if bench.corpus:
        arguments.append(f"--corpus={bench.corpus}")
    arguments += repetitions(bench, 0.05)
    context, rows = bench.benchmark("detector_benchmark", *arguments)
    return {"regex": context["regex"], "best_kernel": context["best_kernel"],
            "rows": by_row(rows)}


def repetitions(bench, seconds):
    """Flags of google-benchmark: all rows once, then all again, in any order."""
    if bench.quick:
        return [f"--benchmark_min_time={seconds / 5}"]
    return [f"--benchmark_min_time={seconds}", f"--benchmark_repetitions={bench.repetitions}",
            "--benchmark_enable_random_interleaving=true"]


def by_row(rows):
    """The medians of each row SUITE/ENGINE/INPUT/BYTES."""
    samples = {}
    for row in rows:
        samples.setdefault(row["run_name"], []).append(row)
    merged = []
    for name, runs in samples.items():
        _, engine, content, size = name.split("/")
        errors = [run["error_message"] for run in runs if run.get("error_occurred")]
        merged.append({
            "engine": engine, "input": content, "bytes": int(size),
            "scanned_bytes": median(runs, "bytes"), "findings": median(runs, "findings"),
            "bytes_per_second": None if errors else median(runs, "bytes_per_second"),
            "error": errors[0] if errors else None})
    return merged


def speeds(figures, size):
    """{input: {engine: row}} of one size; 0 is the corpus."""
    inputs = {}
    for row in figures["rows"]:
        if row["bytes"] == size:
            inputs.setdefault(row["input"], {})[row["engine"]] = row
    return inputs


def _gigabytes(row):
    if row is None or row["bytes_per_second"] is None:
        return None
    return row["bytes_per_second"] / 1e9


def _cell(row):
    """GB/s; with a star where only a part of the input was bearable."""
    if row is not None and row["error"]:
        return "gave up"
    part = row is not None and row["scanned_bytes"] < row["bytes"]
    return number(_gigabytes(row)) + ("*" if part else "")


def _table(title, inputs, best, notes=()):
    kernels = [engine for engine in next(iter(inputs.values()))
               if engine not in PEERS and engine != "memcpy"]
    built = [peer for peer in PEERS if any(peer in engines for engines in inputs.values())]
    headers = ["GB/s", "size", "memcpy", *kernels, *(PEERS[peer] for peer in built),
               "ns/finding", "/memcpy", *(f"/{PEERS[peer]}" for peer in built)]
    rows = []
    for content, engines in inputs.items():
        ours, speed = engines[best], _gigabytes(engines[best])
        rows.append([
            content, quantity(ours["scanned_bytes"]),
            *(_cell(engines.get(engine)) for engine in ["memcpy", *kernels, *built]),
            number(ours["scanned_bytes"] / speed / ours["findings"]
                   if ours["findings"] >= FEW else None),
            *(ratio(speed, _gigabytes(engines.get(engine))) for engine in ["memcpy", *built])])
    return render(title, headers, rows, notes)


def show(figures):
    best = figures["best_kernel"]
    hot = speeds(figures, HOT)
    notes = [f"ns/finding and ratios are those of {best}, the best kernel here.",
             f"The engines look for {figures['regex']} without case: no TLDs, no contexts, ASCII.",
             "Vectorscan tells every end of a match; …starts: also where it began.",
             "*: a pass takes over 0.1 s; measured on a part of the input."]
    missing = [peer for peer in PEERS if not any(peer in engines for engines in hot.values())]
    if missing:
        notes.append("Not built, their libraries being absent: " + ", ".join(missing) + ".")
    tables = [_table("Detector, ordinary content, 1 MiB in the cache",
                     {name: hot[name] for name in ORDINARY}, best, notes),
              _table("Detector, content made against it, 1 MiB",
                     {name: row for name, row in hot.items() if name not in ORDINARY}, best)]
    corpus = speeds(figures, 0)
    if corpus:
        tables.append(_table("Detector, real files", corpus, best))
    tables.append(_table("Detector, 64 MiB from memory", speeds(figures, COLD), best))
    return "\n".join(tables)


def panels(figures):
    best = figures["best_kernel"]
    hot, corpus = speeds(figures, HOT), speeds(figures, 0)
    engines = ["memcpy", best, "scalar", *PEERS]
    names = ["memcpy", f"Trawl, {best}", "Trawl, scalar",
             *(name.replace("…starts", "Vectorscan with starts") for name in PEERS.values())]

    def rows(inputs):
        return [(name, [_gigabytes(found.get(engine)) for engine in engines])
                for name, found in inputs.items()]

    made = [Panel("Ordinary content", "GB/s", names, rows({n: hot[n] for n in ORDINARY}), True)]
    if corpus:
        made.append(Panel("Real files", "GB/s", names, rows(corpus), True))
    against = {name: found for name, found in hot.items() if name not in ORDINARY}
    made.append(Panel("Content made against it", "GB/s", names, rows(against), True))
    return made
