"""Draws docs/dashboard.svg: what each panel of Trawl's dashboard asks Prometheus, and what it
answers, while a server of this tree has a few minutes of mixed load. Started by scripts/dashboard.

Usage: run.py BUILD_DIR SECONDS FILE
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

BUILD, SECONDS, FILE = pathlib.Path(sys.argv[1]).resolve(), float(sys.argv[2]), sys.argv[3]
ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.update(E2E_TRAWLD=str(BUILD / "bin/trawld"), E2E_TRAWL=str(BUILD / "bin/trawl"),
                  E2E_SOURCE_DIR=str(ROOT))
sys.path[:0] = [str(ROOT / "tests/e2e"), str(ROOT / "client/python/src")]

# pylint: disable=wrong-import-position
import grpc
from trawl.v1 import content_pb2, content_pb2_grpc

import plot
from processes import PATIENCE, TRAWL, Server, environment
from prometheus import DASHBOARD, Prometheus, filled_in, program

LINE = (b'203.0.113.7 "GET /setup.py/x" "https://www.example.com/page?q=1" mail@example.org '
        b"d41d8cd98f00b204e9800998ecf8427e a.b-c.net\n")
LEGEND_LIMIT = 34


class Traffic:
    """Small documents all the time; then large ones; then more than the server takes; beside them
    streams, mistakes, and callers who give up."""

    def __init__(self, server):
        self._server = server
        self._end = time.monotonic() + SECONDS
        self._threads = [threading.Thread(target=self._repeat, args=(work, pause))
                         for work, pause in ((self._stream, 0.5), (self._mistake, 0.2),
                                             (self._give_up, 1), (self._all_kinds, 0.1))]
        self._loads = []

    def start(self):
        for thread in self._threads:
            thread.start()
        for after, rest in ((0, ("--size=100", "--rate=400")),
                            (SECONDS / 4, ("--size=4MiB", "--rate=12")),
                            (SECONDS / 2, ("--size=8MiB", "--concurrency=64"))):
            threading.Timer(after, self._load, (*rest,)).start()

    def _load(self, *flags):
        end = self._end if "--rate=400" in flags else time.monotonic() + SECONDS / 5
        self._loads.append(subprocess.Popen(
            [TRAWL, "load", *flags, "--duration", str(max(end - time.monotonic(), 1))],
            env=environment(TRAWL_SERVER=self._server.address), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL))

    def _repeat(self, work, pause):
        with grpc.insecure_channel(self._server.address) as channel:
            stub = content_pb2_grpc.ContentServiceStub(channel)
            while time.monotonic() < self._end:
                try:
                    work(stub)
                except grpc.RpcError:
                    pass
                time.sleep(pause)

    @staticmethod
    def _stream(stub):
        def parts():
            for _ in range(10):
                yield content_pb2.ProcessContentStreamRequest(data=LINE * 500)
                time.sleep(0.1)
        collections.deque(stub.ProcessContentStream(parts(), timeout=PATIENCE), maxlen=0)

    @staticmethod
    def _mistake(stub):
        options = content_pb2.ProcessOptions(chunk_count=1_000_000)
        stub.ProcessContent(content_pb2.ProcessContentRequest(options=options), timeout=PATIENCE)

    @staticmethod
    def _give_up(stub):
        stub.ProcessContent(content_pb2.ProcessContentRequest(data=LINE * 30_000), timeout=0.004)

    @staticmethod
    def _all_kinds(stub):
        kinds = [kind for kind in content_pb2.Kind.values() if kind]
        options = content_pb2.ProcessOptions(kinds=kinds,
                                             min_confidence=content_pb2.CONFIDENCE_LOW)
        stub.ProcessContent(content_pb2.ProcessContentRequest(data=LINE * 100, options=options),
                            timeout=PATIENCE)

    def wait(self):
        for thread in self._threads:
            thread.join()
        for load in self._loads:
            load.wait(PATIENCE)


def name_of(legend, labels):
    for label, value in labels.items():
        legend = legend.replace(f"{{{{{label}}}}}", value)
    return legend[:LEGEND_LIMIT]


def series_of(prometheus, panel, begin, end):
    series = []
    columns = 60 if panel["type"] == "heatmap" else 120
    for target in panel["targets"]:
        answer = prometheus.get("query_range", query=filled_in(target["expr"]), start=begin,
                                end=end, step=max((end - begin) / columns, 1))
        for one in answer["result"]:
            points = [(moment, float(value)) for moment, value in one["values"]]
            series.append((name_of(target["legendFormat"], one["metric"]),
                           [point for point in points if point[1] == point[1]]))
    return series


def drawn(prometheus, panel, begin, end):
    if panel["type"] == "row":
        return None
    box = plot.Box(panel["gridPos"])
    unit = panel["fieldConfig"]["defaults"].get("unit", "none")
    if panel["type"] == "table":
        answer = prometheus.get("query", query=filled_in(panel["targets"][0]["expr"]), time=end)
        return plot.table_of(box, [{name: value for name, value in one["metric"].items()
                                    if name not in ("__name__", "job")}
                                   for one in answer["result"]])
    series = series_of(prometheus, panel, begin, end)
    if not any(points for _, points in series):
        raise ValueError(f"no data for {panel['title']}")
    if panel["type"] == "stat":
        return plot.number_of(box, series, unit)
    if panel["type"] == "heatmap":
        return plot.heat_of(box, series, begin, end)
    return plot.lines_of(box, series, unit, begin, end)


def main():
    program("prometheus")
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    with Server("--metrics_address=127.0.0.1:0", "--max_wait_ms=500",
                "--max_bytes_in_flight=134217728") as server, \
            Prometheus(server.metrics_address) as prometheus:
        prometheus.wait_for_values("rate(process_cpu_seconds_total[10s])")
        begin = time.time()
        traffic = Traffic(server)
        traffic.start()
        # The numbers are those of a moment with load.
        time.sleep(max(SECONDS - 5, 1))
        end = time.time()
        panels = [(panel, drawn(prometheus, panel, begin, end)) for panel in dashboard["panels"]]
        traffic.wait()
    caption = (f"The panels of docker/grafana/dashboards/trawl.json, drawn by scripts/dashboard "
               f"from a real Prometheus after {SECONDS:.0f} s of mixed load. Not a picture of "
               "Grafana, which Debian does not have.")
    pathlib.Path(FILE).write_text(plot.picture("Trawl", caption, panels), encoding="utf-8")
    print(f"dashboard: {FILE}")


if __name__ == "__main__":
    main()
