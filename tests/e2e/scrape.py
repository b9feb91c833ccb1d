"""What a server's metrics say.

    page = scrape(server)
    page.value("grpc_server_handled_total", grpc_method="Ping", grpc_code="OK")
"""

import re
import time
import urllib.request

from processes import PATIENCE

LINE = re.compile(r'(?P<name>[a-z_]+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


class Page:
    """types: of each family. samples: of each line (name, labels, value)."""

    def __init__(self, text):
        self.text = text
        self.types = {}
        self.samples = []
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.types[name] = kind
            elif not line.startswith("#") and line:
                found = LINE.fullmatch(line)
                labels = dict(LABEL.findall(found["labels"] or ""))
                self.samples.append((found["name"], labels, float(found["value"])))

    def values(self, name, by, **labels):
        """Sums over all lines of the name with these labels, for each value of label `by`; those
        that are 0 are left out."""
        sums = {}
        for line_name, line_labels, value in self.samples:
            if line_name == name and labels.items() <= line_labels.items() and value:
                sums[line_labels[by]] = sums.get(line_labels[by], 0) + value
        return sums

    def value(self, name, **labels):
        """The sum over all lines of the name with these labels, of which there must be one."""
        found = [value for line_name, line_labels, value in self.samples
                 if line_name == name and labels.items() <= line_labels.items()]
        if not found:
            raise KeyError(f"no line {name} {labels}")
        return sum(found)


def get(address, path="/metrics"):
    """The body of the answer."""
    with urllib.request.urlopen(f"http://{address}{path}", timeout=PATIENCE) as answer:
        return answer.read().decode()


def scrape(server):
    return Page(get(server.metrics_address))


def scrape_until(server, holds):
    """The first page for which `holds`; waits for it."""
    end = time.monotonic() + PATIENCE
    while True:
        page = scrape(server)
        if holds(page):
            return page
        if time.monotonic() > end:
            raise TimeoutError(page.text)


def scrape_at_rest(server):
    """A page with no call under way: a caller has its answer a moment before it is counted."""
    return scrape_until(server, lambda page: page.value("grpc_server_started_total")
                        == page.value("grpc_server_handled_total"))
