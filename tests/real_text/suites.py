"""What a suite of another project is, and how trawld is held beside it.

The suites lie in TRAWL_SHARED/suites, or in ../shared/suites beside the tree, as lines of JSON.
They are other people's work and are read there, never copied here. A module for each of them
(peers, hosts, reports) makes Cases of its lines: what to send, what the suite answers, and what of
our findings answers the same question. A case that asks no question about domains in text is not
applicable, and says why.

Where the two answers differ, deviations/SUITE.jsonl has a line with both and with a reason, one of
those that docs/real-text.md explains. A difference that is not listed and a line that is no longer
true are failures alike.
"""

import collections
import dataclasses
import json
import os
import pathlib
from typing import Callable

import grpc

from processes import SOURCE_DIR, Server
from trawl.v1 import content_pb2, content_pb2_grpc

SHARED = pathlib.Path(os.environ.get("TRAWL_SHARED", f"{SOURCE_DIR}/../shared"))
SUITES = SHARED / "suites"
DEVIATIONS = pathlib.Path(__file__).parent / "deviations"


def rows(name):
    """The lines of one file of SUITES."""
    with open(SUITES / f"{name}.jsonl", encoding="utf8") as file:
        return [json.loads(line) for line in file]


def values(findings):
    """Each value once, in order of first occurrence."""
    return list(dict.fromkeys(finding.value for finding in findings))


@dataclasses.dataclass
class Case:
    """One case. `theirs` and what `ours` makes of our findings are lists of strings to compare.

    excluded: why the case is not applicable; the rest then means nothing.
    """
    name: str
    text: bytes = b""
    theirs: list = dataclasses.field(default_factory=list)
    ours: Callable = values
    excluded: str = ""


@dataclasses.dataclass
class Suite:
    """Cases that are sent with the same options."""
    name: str
    cases: list
    options: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Result:
    """What came of a suite. differences: lists of theirs and ours by the name of the case."""
    suite: Suite
    differences: dict

    @property
    def applicable(self):
        return sum(not case.excluded for case in self.suite.cases)

    @property
    def agree(self):
        return self.applicable - len(self.differences)

    @property
    def share(self):
        return self.agree / self.applicable

    def table_row(self):
        """The row of the table in docs/real-text.md."""
        numbers = (len(self.suite.cases), self.applicable, self.agree, len(self.differences))
        # Never rounded up: 100 % is said of nothing but all.
        percent = f"{self.agree * 10000 // self.applicable / 100:.2f} %"
        return f"| {self.suite.name} | {' | '.join(f'{n:,}' for n in numbers)} | {percent} |"

    def report(self, listed):
        """The row, and below it the numbers by reason."""
        excluded = collections.Counter(c.excluded for c in self.suite.cases if c.excluded)
        whys = collections.Counter(
            listed[name]["why"] if name in listed else "not listed" for name in self.differences)
        lines = [self.table_row()]
        for title, counts in (("not applicable", excluded), ("deviations", whys)):
            lines += [f"  {title}: {why}: {count:,}" for why, count in counts.most_common()]
        return "\n".join(lines)


def ask(documents, options):
    """Starts a trawld, sends the documents in one call, stops it. Returns lists of findings."""
    request = content_pb2.ProcessContentBatchRequest(
        documents=[content_pb2.BatchDocument(data=document) for document in documents],
        options=content_pb2.ProcessOptions(**options))
    no_limit = [("grpc.max_receive_message_length", -1)]
    with Server() as server, grpc.insecure_channel(server.address, options=no_limit) as channel:
        stub = content_pb2_grpc.ContentServiceStub(channel)
        response = stub.ProcessContentBatch(request, timeout=120)
    for result in response.results:
        if not result.response.complete:
            raise AssertionError(f"not complete: {result}")
    return [list(result.response.findings) for result in response.results]


def run(suite):
    """Holds trawld beside the suite."""
    cases = [case for case in suite.cases if not case.excluded]
    answers = ask([case.text for case in cases], suite.options)
    differences = {}
    for case, findings in zip(cases, answers, strict=True):
        ours = case.ours(findings)
        if ours != case.theirs:
            differences[case.name] = {"theirs": case.theirs, "ours": ours}
    return Result(suite, differences)


def deviations(suite_name):
    """The checked-in lines by the name of the case; none where there is no file."""
    path = DEVIATIONS / f"{suite_name}.jsonl"
    if not path.exists():
        return {}
    with open(path, encoding="utf8") as file:
        entries = [json.loads(line) for line in file]
    by_name = {entry["case"]: entry for entry in entries}
    if len(by_name) != len(entries):
        raise AssertionError(f"{path.name} names a case twice")
    return by_name


def discrepancies(result, listed):
    """What is wrong with the list, as lines to read: to be added, or no longer true."""
    lines = []
    for name, answers in result.differences.items():
        entry = {"case": name, **answers}
        old = listed.get(name)
        if old is None or {**entry, "why": old["why"]} != old:
            line = json.dumps({**entry, "why": old["why"] if old else ""}, ensure_ascii=False)
            lines.append(f"to be listed: {line}")
    lines += [f"listed and no longer true: {name}" for name in listed
              if name not in result.differences]
    return lines
