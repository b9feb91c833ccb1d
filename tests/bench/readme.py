"""Writes what a run measured into README.md, between two marks."""

from groups import detector
from tables import number, quantity

BEGIN, END = "<!-- benchmarks: begin -->\n", "<!-- benchmarks: end -->\n"
CELLS = (("weblog", 100, "FINDINGS", 64), ("weblog", 4 << 10, "FINDINGS", 64),
         ("prose", 64 << 10, "FINDINGS", 8), ("weblog", 64 << 10, "FINDINGS", 8),
         ("prose", 1 << 20, "FINDINGS", 8), ("weblog", 1 << 20, "FINDINGS", 8),
         ("dense", 1 << 20, "SPANS", 8), ("prose", 16 << 20, "FINDINGS", 8))
ENGINES = {"memcpy": "memcpy", "": "Trawl", "re2": "RE2", "pcre2": "PCRE2",
           "vectorscan": "Vectorscan"}


def write(path, groups, caption):
    """Of the groups detector, end_to_end and python of one run."""
    text = path.read_text()
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{path} has no marks for the benchmarks")
    path.write_text(before + BEGIN + section(groups, caption) + END + after)


def section(groups, caption):
    return "\n".join([
        "", "A server on one CPU and its client on another, beside a gRPC server that receives the",
        "same and does nothing (raw bytes, an empty answer, the same allocator settings):", "",
        *_end_to_end(groups["end_to_end"]), "",
        "The detector alone, one thread, GB/s; the engines look for a plain regex of a domain:", "",
        *_detector(groups["detector"]), "", *_python(groups["python"]),
        "![end to end](docs/benchmarks/end_to_end.svg)", "",
        "![detector](docs/benchmarks/detector.svg)", "", f"Measured on {caption}.", ""])


def _table(headers, rows):
    return ["| " + " | ".join(row) + " |"
            for row in [headers, ["---", *["---:"] * (len(headers) - 1)], *rows]]


def _end_to_end(figures):
    cells = {(cell["input"], cell["bytes"], cell["form"], cell["outstanding"]): cell["servers"]
             for cell in figures["cells"]}
    rows = []
    for content, size, form, outstanding in CELLS:
        servers = cells.get((content, size, form, outstanding))
        if servers is None:
            continue
        ours, floor = servers["trawld"], servers["raw"]
        rows.append([f"{quantity(size)} {content}, {form}, {outstanding} at once",
                     number(ours["calls_per_second"]), number(ours["bytes_per_second"] / 1e9),
                     f"{ours['calls_per_second'] / floor['calls_per_second']:.2f}",
                     number(ours["p99_us"] / 1000), number(floor["p99_us"] / 1000)])
    return _table(["document", "calls/s", "GB/s", "of the empty server", "p99, ms",
                   "of the empty server"], rows)


def _detector(figures):
    hot = detector.speeds(figures, detector.HOT)
    engines = {name or figures["best_kernel"]: title for name, title in ENGINES.items()}
    rows = []
    for content in detector.ORDINARY:
        speeds = [hot[content].get(engine) for engine in engines]
        rows.append([content, *(number(row["bytes_per_second"] / 1e9)
                                if row and row["bytes_per_second"] else "–" for row in speeds)])
    return _table(["1 MiB of", *engines.values()], rows)


def _python(figures):
    shares = [cell["servers"]["trawld"]["documents_per_second"] /
              cell["servers"]["python"]["documents_per_second"] for cell in figures["cells"]]
    if not shares:
        return []
    return [f"Beside the web service in Python whose place it takes: {number(min(shares))} to "
            f"{number(max(shares))} times its", "rate ([docs/benchmarks](docs/benchmarks/README.md)).",
            ""]
