"""Cost per byte of the content that is made against a detector, small and large."""

from groups import detector
from svg import Panel
from tables import number, quantity, ratio, render

SIZES = (16 << 10, 256 << 10, 1 << 20, 16 << 20)


def run(bench):
    context, rows = bench.benchmark("detector_benchmark", "--suite=linearity",
                                    *detector.repetitions(bench, 0.03))
    return {"best_kernel": context["best_kernel"], "rows": detector.by_row(rows)}


def _costs(figures, kernel):
    """{input: [ns per byte at each size]}."""
    costs = {}
    for size in SIZES:
        for content, engines in detector.speeds(figures, size).items():
            costs.setdefault(content, []).append(1e9 / engines[kernel]["bytes_per_second"])
    return costs


def show(figures):
    tables = []
    for kernel in dict.fromkeys((figures["best_kernel"], "scalar")):
        costs = _costs(figures, kernel)
        prose = costs["prose"][2]
        rows = [[content, *map(number, cost), ratio(cost[1], cost[0]), ratio(cost[3], cost[2]),
                 ratio(cost[2], prose)] for content, cost in costs.items()]
        tables.append(render(
            f"Linearity, kernel {kernel}: ns per byte",
            ["ns/byte", *map(quantity, SIZES), "256 KiB/16 KiB", "16 MiB/1 MiB", "/prose"], rows))
    notes = ("Linear is 1×. A chunk has 256 KiB, so 256 KiB/16 KiB shows what grows within a\n"
             "chunk and 16 MiB/1 MiB what grows with the document; prose says how much of that is\n"
             "the memory's. Below 1×: the ends of a run cost more than passing over it.\n")
    return "\n".join([*tables, notes])


def panels(figures):
    kernel = figures["best_kernel"]
    return [Panel(f"Cost of content made against a detector, kernel {kernel}", "ns per byte",
                  [quantity(size) for size in SIZES], list(_costs(figures, kernel).items()), True)]
