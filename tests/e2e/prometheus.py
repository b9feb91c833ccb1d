"""Debian's Prometheus as a process of its own, with the configuration of docker/prometheus: on a
free port, in a scratch folder, scraping one server once a second."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from processes import PATIENCE, SOURCE_DIR, environment

CONFIGURATION = pathlib.Path(f"{SOURCE_DIR}/docker/prometheus/prometheus.yaml")
ALERTS = pathlib.Path(f"{SOURCE_DIR}/docker/prometheus/alerts.yaml")
DASHBOARD = pathlib.Path(f"{SOURCE_DIR}/docker/grafana/dashboards/trawl.json")

# What Grafana puts into queries.
VARIABLES = {"$job": "trawl", "$instance": ".*", "$__rate_interval": "10s"}


def program(name):
    """Where it is; skips the test where it is not."""
    path = shutil.which(name)
    if path is None:
        raise unittest.SkipTest(f"there is no {name} (Debian's package prometheus)")
    return path


def filled_in(query):
    for name, value in VARIABLES.items():
        query = query.replace(name, value)
    return query


def panels():
    """Those of the dashboard, without the headings of rows."""
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


class Prometheus:
    def __init__(self, target):
        """`target`: HOST:PORT of metrics."""
        self._folder = tempfile.mkdtemp()
        configuration = CONFIGURATION.read_text(encoding="utf-8")
        for pattern, text in (("_interval: 15s", "_interval: 1s"),
                              (r"trawl:\d+", target), ("alerts.yaml", str(ALERTS))):
            configuration = re.sub(rf"(?<!#.)(?<!/){pattern}", text, configuration)
        file = pathlib.Path(self._folder, "prometheus.yaml")
        file.write_text(configuration, encoding="utf-8")
        self._process = subprocess.Popen(
            [program("prometheus"), f"--config.file={file}",
             f"--storage.tsdb.path={self._folder}/data", "--web.listen-address=127.0.0.1:0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env=environment())
        self.address = None
        lines = []
        for line in self._process.stderr:
            lines.append(line)
            found = re.search(r'msg="Listening on" address=(\S+)', line)
            if found:
                self.address = found[1]
                break
        if self.address is None:
            raise EOFError("".join(lines))
        self._reader = threading.Thread(target=self._process.stderr.read, daemon=True)
        self._reader.start()
        self._wait_until_ready()

    def _wait_until_ready(self):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=PATIENCE):
                    return
            except urllib.error.HTTPError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def get(self, path, **parameters):
        """The data of the answer of its API. An error is a ValueError."""
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise ValueError(f"{parameters}: {error.read().decode()}") from error

    def values(self, query):
        """Of a query, those that are numbers."""
        numbers = [float(sample["value"][1])
                   for sample in self.get("query", query=query)["result"]]
        return [number for number in numbers if number == number]

    def wait_for_values(self, query):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            values = self.values(query)
            if values:
                return values
            time.sleep(0.2)
        raise TimeoutError(f"no data for {query}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self._process.stderr.close()
        shutil.rmtree(self._folder)
