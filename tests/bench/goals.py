"""What Trawl is to reach, and what a run of the benchmarks measured of it: ratios within one run."""

import dataclasses

from groups import detector, end_to_end, python
from tables import number, quantity, render

MEMORY_FACTOR = 1.5  # of the content in flight, above the floor


@dataclasses.dataclass
class Goal:
    what: str
    measure: str
    goal: float
    measured: float
    at_most: bool = False

    @property
    def reached(self):
        if self.measured is None:
            return None
        return self.measured <= self.goal if self.at_most else self.measured >= self.goal


def collect(groups):
    """The goals that the groups of this run, {name: its figures}, tell something about."""
    found = []
    for name, of_group in (("detector", _detector), ("end_to_end", _end_to_end),
                           ("stream", _stream), ("scaling", _scaling), ("python", _python)):
        if name in groups:
            found += of_group(groups[name])
    return found


def show(goals):
    if not goals:
        return ""
    rows = [[goal.what, goal.measure, ("≤ " if goal.at_most else "≥ ") + f"{goal.goal:g}",
             number(goal.measured),
             {True: "yes", False: "NO", None: "–"}[goal.reached]] for goal in goals]
    reached = sum(goal.reached is True for goal in goals)
    return render(f"Goals: {reached} of {len(goals)} reached",
                  ["", "measured", "goal", "value", "reached"], rows)


def _share(value, base):
    return value / base if value and base else None


def _detector(figures):
    best = figures["best_kernel"]
    hot = detector.speeds(figures, detector.HOT)

    def of(content, engine):
        row = hot[content].get(engine)
        return row["bytes_per_second"] if row else None

    goals = []
    for content, share in (("prose", 0.45), ("weblog", 0.3), ("dense", 0.2)):
        what = f"detector, {content}"
        speed = of(content, best)
        goals += [Goal(what, "of memcpy", share, _share(speed, of(content, "memcpy"))),
                  Goal(what, "of RE2", 20, _share(speed, of(content, "re2"))),
                  Goal(what, "of Vectorscan", 4, _share(speed, of(content, "vectorscan")))]
    worst = min((content for content in hot if content not in detector.ORDINARY),
                key=lambda content: of(content, best))
    what = f"detector, the worst: {worst}"
    goals += [Goal(what, "of prose", 0.1, _share(of(worst, best), of("prose", best))),
              Goal(what, "of RE2", 10, _share(of(worst, best), of(worst, "re2")))]
    return goals


def _end_to_end(figures):
    cells = {(cell["input"], cell["bytes"], cell["form"], cell["outstanding"]): cell["servers"]
             for cell in figures["cells"]}
    goals = []

    def add(key, floor, goal, figure="calls_per_second", at_most=False):
        content, size, form, outstanding = key
        servers = cells.get(key, {})
        if "trawld" not in servers or floor not in servers:
            return
        goals.append(Goal(f"{quantity(size)} {content} ×{outstanding} {form}",
                          ("p99" if figure == "p99_us" else "rate") + " of " +
                          end_to_end.FLOORS[floor], goal,
                          _share(servers["trawld"][figure], servers[floor][figure]), at_most))

    mebibyte = 1 << 20
    add(("prose", mebibyte, "FINDINGS", 8), "raw", 0.75)
    add(("prose", mebibyte, "FINDINGS", 8), "parsed", 1.1)
    add(("weblog", mebibyte, "FINDINGS", 8), "raw", 0.5)
    for form in ("SPANS", "FINDINGS"):
        add(("dense", mebibyte, form, 8), "raw", 0.35)
        add(("dense", mebibyte, form, 8), "same_size", 0.5)
    for outstanding in (8, 64):
        add(("weblog", 100, "FINDINGS", outstanding), "raw", 0.9)
        add(("weblog", 100, "FINDINGS", outstanding), "raw", 1.3, "p99_us", at_most=True)
    memory = figures["memory"]
    content, size, outstanding = end_to_end.MEMORY
    goals.append(Goal(
        f"peak memory, {quantity(size)} {content} ×{outstanding}",
        "above floor: raw, tuned, of the content in flight", MEMORY_FACTOR,
        (memory["trawld"]["peak_bytes"] - memory["raw"]["peak_bytes"]) / (size * outstanding),
        at_most=True))
    return goals


def _stream(figures):
    goals = []
    for cell in figures["cells"]:
        if cell["input"] == "prose" and cell["part_bytes"] >= 256 << 10:
            rates = [cell["servers"][name]["bytes_per_second"] for name in ("trawld", "raw")]
            goals.append(Goal(f"stream, prose, parts of {quantity(cell['part_bytes'])}",
                              "rate of floor: raw, tuned", 0.8, _share(*rates)))
    row = figures["memory"]["trawld"]
    goals.append(Goal(f"stream of {quantity(row['bytes'])}", "MiB of peak memory over idle", 64,
                      (row["peak_bytes"] - row["idle_bytes"]) / (1 << 20), at_most=True))
    return goals


def _scaling(figures):
    goals = []
    for content in dict.fromkeys(row["input"] for row in figures["rows"]):
        speeds = {row["workers"]: row["bytes_per_second"] for row in figures["rows"]
                  if row["input"] == content and row["bytes"] == 64 << 20}
        if 2 in speeds:
            goals.append(Goal(f"engine, 64 MiB {content}, 2 workers", "of 1 worker", 1.85,
                              _share(speeds[2], speeds.get(1))))
    return goals


def _python(figures):
    goals = []
    for cell in figures["cells"]:
        what = f"{python.name_of(cell)} ×8"
        ours, theirs = cell["servers"]["trawld"], cell["servers"]["python"]
        goals += [Goal(what, "rate of the Python service", 70 if cell["bytes"] >= 1 << 20 else 80,
                       _share(ours["documents_per_second"], theirs["documents_per_second"])),
                  Goal(what, "p99 of the Python service", 1, _share(ours["p99_us"],
                                                                    theirs["p99_us"]),
                       at_most=True)]
    return goals
