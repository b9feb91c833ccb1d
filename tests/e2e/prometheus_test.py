"""Dashboard and alerts, asked of a real Prometheus that scrapes a real server."""

import json
import pathlib
import re
import subprocess
import tempfile
import threading
import unittest

import grpc
from trawl.v1 import content_pb2, content_pb2_grpc

from processes import PATIENCE, SOURCE_DIR, Server, trawl
from prometheus import (ALERTS, CONFIGURATION, DASHBOARD, Prometheus, filled_in, panels, program)
from scrape import get, scrape

METRICS = "--metrics_address=127.0.0.1:0"
COMPARISON = re.compile(r"(?P<what>.+) (?:<|>) (?P<number>[0-9.]+)")


def promtool(*arguments, stdin=None):
    ended = subprocess.run([program("promtool"), *arguments], input=stdin, capture_output=True,
                           text=True, timeout=PATIENCE)
    return ended.returncode, ended.stdout + ended.stderr


def expressions():
    """Of the alerts, by name."""
    names = re.findall(r"- alert: (\w+)", ALERTS.read_text(encoding="utf-8"))
    queries = re.findall(r"\n +expr: (.+)", ALERTS.read_text(encoding="utf-8"))
    if len(names) != len(queries):
        raise AssertionError("an alert without an expression of one line")
    return dict(zip(names, queries))


class Load:
    """A little of everything, again and again, until its block ends."""

    def __init__(self, server):
        self._server = server
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        with grpc.insecure_channel(self._server.address) as channel:
            stub = content_pb2_grpc.ContentServiceStub(channel)
            request = content_pb2.ProcessContentRequest(text="see www.example.com " * 2000)
            part = content_pb2.ProcessContentStreamRequest(data=b"see www.example.com ")
            while not self._ended.wait(0.05):
                stub.ProcessContent(request, timeout=PATIENCE)
                list(stub.ProcessContentStream(iter([part]), timeout=PATIENCE))
                wrong = stub.ProcessContent.future(content_pb2.ProcessContentRequest(
                    options=content_pb2.ProcessOptions(chunk_count=1_000_000)), timeout=PATIENCE)
                wrong.code()

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()


class PrometheusTest(unittest.TestCase):
    def test_each_panel_and_each_alert_has_data_of_a_server_with_a_little_load(self):
        program("prometheus")
        with Server(METRICS) as server, Load(server), \
                Prometheus(server.metrics_address) as prometheus:
            for panel in panels():
                for target in panel["targets"]:
                    self.assertTrue(prometheus.wait_for_values(filled_in(target["expr"])),
                                    panel["title"])
            for name, query in expressions().items():
                found = COMPARISON.fullmatch(query)
                self.assertTrue(found, f"{name}: not WHAT COMPARISON NUMBER: {query}")
                self.assertTrue(prometheus.wait_for_values(found["what"]), name)
                prometheus.values(query)  # or raises
            rules = [rule for group in prometheus.get("rules")["groups"] for rule in group["rules"]]
        self.assertEqual({rule["name"] for rule in rules}, set(expressions()))
        self.assertEqual({rule["health"] for rule in rules}, {"ok"})

    def test_the_dashboard_shows_every_metric_of_ours_and_no_other(self):
        with Server(METRICS) as server:
            trawl("extract", "-", stdin=b"www.example.com", server=server.address)
            exposed = {name: kind for name, kind in scrape(server).types.items()
                       if not name.startswith("exposer_")}
        queries = " ".join(target["expr"] for panel in panels() for target in panel["targets"])
        queries += " ".join(expressions().values())
        used = set(re.findall(r"\b(?:trawl|grpc_server|process)_[a-z_]+", queries))
        families = {name if name in exposed else re.sub("_(bucket|sum|count)$", "", name)
                    for name in used}
        self.assertLessEqual(families, set(exposed))
        unused = {name for name in exposed if name.startswith("trawl_")} - families
        self.assertEqual(unused, set())

    def test_the_dashboard_is_one_that_grafana_can_load(self):
        dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
        self.assertEqual(dashboard["uid"], "trawl")
        ids = [panel["id"] for panel in dashboard["panels"]]
        self.assertEqual(len(set(ids)), len(ids))
        taken = set()
        for panel in dashboard["panels"]:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(taken & cells, panel["title"])
            taken |= cells
            self.assertLessEqual(place["x"] + place["w"], 24)
            if panel["type"] != "row":
                self.assertTrue(panel["description"].endswith("."), panel["title"])
                self.assertIn("unit", panel["fieldConfig"]["defaults"] or {"unit": "none"})
        variables = {variable["name"] for variable in dashboard["templating"]["list"]}
        used = set(re.findall(r"\$\{?(\w+)", json.dumps(dashboard)))
        self.assertEqual(used - {"__rate_interval", "__all"}, variables)
        self.assertEqual([panel["title"] for panel in dashboard["panels"]
                          if panel["type"] == "row"],
                         ["Overview: rate, errors, duration", "Queue and saturation", "Scanning",
                          "Process"])

    def test_promtool_finds_nothing_wrong_with_configuration_and_metrics(self):
        for arguments in (("check", "config", str(CONFIGURATION)), ("check", "rules", str(ALERTS))):
            code, said = promtool(*arguments)
            self.assertEqual(code, 0, said)
        with Server(METRICS) as server:
            trawl("extract", "-", stdin=b"www.example.com", server=server.address)
            page = get(server.metrics_address)
        ours = "\n".join(line for line in page.splitlines() if "exposer_" not in line) + "\n"
        self.assertEqual(promtool("check", "metrics", stdin=ours), (0, ""))

    def test_each_alert_fires_where_it_should_and_not_where_all_is_well(self):
        text = pathlib.Path(f"{SOURCE_DIR}/tests/e2e/data/alerts_test.yaml").read_text(
            encoding="utf-8")
        for name in expressions():
            self.assertRegex(text, rf"alertname: {name}\n", f"{name} is seen to fire nowhere")
            self.assertRegex(text, rf"alertname: {name}, exp_alerts: \[\]", name)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text.replace("ALERTS", str(ALERTS)))
            file.flush()
            code, said = promtool("test", "rules", file.name)
        self.assertEqual(code, 0, said)
