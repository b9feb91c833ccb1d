"""Builds and runs the benchmarks; scripts/bench is how to call it."""

import argparse
import dataclasses
import importlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import goals
import machine
import readme
import svg
from bench import Bench, BenchmarkError

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GROUPS = ("detector", "linearity", "reply", "end_to_end", "stream", "ping", "scaling",
          "python")


def arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measures Trawl, beside what bounds it and what competes.",
        epilog="Figures are ratios within one run; run it on a machine that does nothing else.")
    parser.add_argument("--only", action="append", choices=GROUPS, metavar="GROUP",
                        help="run one group (again: another) of " + ", ".join(GROUPS))
    parser.add_argument("--quick", action="store_true",
                        help="shorter and once, to see that it works; no plots")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--plots", type=pathlib.Path, metavar="FOLDER",
                        help="write SVGs there (default docs/benchmarks; with --quick: nowhere)")
    parser.add_argument("--readme", action="store_true",
                        help="write the main figures into README.md; needs all groups")
    parser.add_argument("--corpus", type=pathlib.Path, metavar="FOLDER",
                        default=ROOT.parent / "shared" / "corpus",
                        help="folders of real files (default ../shared/corpus, where it is there)")
    parser.add_argument("--unpinned", action="store_true",
                        help="do not give server and client a CPU each")
    parser.add_argument("--build", type=pathlib.Path, metavar="FOLDER",
                        help="a finished build with TRAWL_BUILD_BENCHMARKS; default: make one")
    options = parser.parse_args()
    if options.readme and options.only:
        parser.error("--readme needs all groups")
    return options


def build():
    folder = ROOT / "build" / "bench"
    subprocess.run(["cmake", "--preset", "release", "-B", folder, "-DTRAWL_BUILD_BENCHMARKS=ON"],
                   cwd=ROOT, check=True, stdout=sys.stderr)
    subprocess.run(["cmake", "--build", folder, "--target", "benchmarks", "--parallel",
                    str(os.cpu_count())], cwd=ROOT, check=True, stdout=sys.stderr)
    return folder


def run(options):
    bench = Bench(build=options.build or build(),
                  corpus=options.corpus if options.corpus.is_dir() else None, quick=options.quick,
                  pinned=not options.unpinned and len(os.sched_getaffinity(0)) > 1)
    plots = options.plots or (None if options.quick else ROOT / "docs" / "benchmarks")
    os.chdir(ROOT)
    described = machine.describe(bench.build)
    print(machine.caption(described))
    print(f"load before: {described['load_before']:.2f}\n", flush=True)
    figures = {}
    for name in options.only or GROUPS:
        group = importlib.import_module("groups." + name)
        begin = time.monotonic()
        bench.note(f"group {name}")
        figures[name] = group.run(bench)
        bench.note(f"group {name} took {time.monotonic() - begin:.0f} s")
        print(group.show(figures[name]), flush=True)
        panels = group.panels(figures[name])
        if plots and panels:
            plots.mkdir(parents=True, exist_ok=True)
            title = name.replace("_", " ").capitalize()
            (plots / f"{name}.svg").write_text(svg.chart(title, panels, machine.caption(described)))
    reached = goals.collect(figures)
    print(goals.show(reached), flush=True)
    if options.readme:
        readme.write(ROOT / "README.md", figures, machine.caption(described))
    if options.json:
        options.json.write_text(json.dumps(
            {"machine": described, "quick": options.quick, "pinned": bench.pinned,
             "groups": figures, "goals": [{**dataclasses.asdict(goal), "reached": goal.reached}
                                          for goal in reached]}, indent=1, ensure_ascii=False) + "\n")


def main():
    # The `with` blocks of servers end them.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    options = arguments()
    for name in ("json", "plots", "build"):
        if getattr(options, name):
            setattr(options, name, getattr(options, name).absolute())
    try:
        run(options)
    except (BenchmarkError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"bench: {error}")


if __name__ == "__main__":
    main()
