"""The soak test; scripts/soak is how to call it."""

import collections
import itertools
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(sys.argv[1]).resolve() / "bin"
MINUTES = float(sys.argv[2]) if len(sys.argv) > 2 else 5
os.environ.update(E2E_TRAWLD=str(BIN / "trawld"), E2E_TRAWL=str(BIN / "trawl"),
                  E2E_SOURCE_DIR=str(ROOT))
sys.path[:0] = [str(ROOT / "tests/e2e"), str(ROOT / "client/python/src")]

import grpc  # noqa: E402
import trawl  # noqa: E402
from trawl.v1 import content_pb2, content_pb2_grpc  # noqa: E402

from processes import TRAWL, Server, environment  # noqa: E402

MEBIBYTE = 1 << 20
LINE = b'203.0.113.7 "GET /a.html" "https://www.example.com/page?q=1" mail@example.org a.b-c.net\n'
GIVEN_UP = ("CANCELLED", "DEADLINE_EXCEEDED")
PATIENCE = 120


class Counts:
    """Calls by method and code."""

    def __init__(self):
        self._lock = threading.Lock()
        self.calls = collections.defaultdict(collections.Counter)

    def add(self, method, code, count=1):
        with self._lock:
            self.calls[method][code] += count


class Soak:
    def __init__(self, server):
        self.server = server
        self.counts = Counts()
        self.wrong = []
        self.end = time.monotonic() + 60 * MINUTES
        self.samples = []  # (seconds, bytes, descriptors, threads)
        channel, stub = self._stub()
        with channel:
            self.findings_of_line = stub.ProcessContent(
                content_pb2.ProcessContentRequest(data=LINE)).total_count
        self.counts.add("ProcessContent", "OK")

    def go_on(self):
        return time.monotonic() < self.end and not self.wrong

    def run(self):
        begin = self.sample()
        threads = [threading.Thread(target=self._guarded, args=one) for one in (
            (self.load, "Ping", "--method=ping", "--concurrency=4", "--rate=200"),
            (self.load, "ProcessContent", "--size=100", "--concurrency=8"),
            (self.load, "ProcessContent", "--size=64KiB", "--concurrency=4"),
            (self.load, "ProcessContent", "--size=1MiB", "--concurrency=4", "--form=spans"),
            (self.load, "ProcessContent", "--size=32MiB", "--concurrency=2", "--form=counts"),
            (self.hostile,), (self.batches,), (self.explanations,), (self.cancels,),
            (self.deadlines,), (self.streams,), (self.clients_streams,), (self.slow_streams,),
            (self.cancelled_streams,), (self.late_streams,))]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(1)
            self.samples.append(self.sample())
        for thread in threads:
            thread.join()
        return begin

    def _guarded(self, what, *arguments):
        try:
            while self.go_on():
                what(*arguments)
        except Exception as error:  # pylint: disable=broad-except
            self.wrong.append(f"{what.__name__}{arguments}: {error!r}")

    def sample(self):
        proc = pathlib.Path(f"/proc/{self.server.pid}")
        return (time.monotonic(), self.server.memory("VmRSS"), len(os.listdir(proc / "fd")),
                len(os.listdir(proc / "task")))

    def _run(self, *command):
        ended = subprocess.run(command, capture_output=True, text=True, env=environment(),
                               timeout=PATIENCE, check=False)
        if not ended.stdout:
            raise RuntimeError(ended.stderr[-500:])
        return json.loads(ended.stdout), ended

    def load(self, method, *arguments):
        left = max(0.5, min(10.0, self.end - time.monotonic()))
        result, _ = self._run(TRAWL, "--server", self.server.address, "load", "--json",
                              f"--duration={left}", *arguments)
        self.counts.add("GetCapabilities", "OK")
        self.counts.add(method, "OK", result["ok"])
        for code, count in result["errors"].items():
            self.counts.add(method, code, count)

    def hostile(self):
        result, ended = self._run(str(BIN / "hostile_client"), self.server.address, "2000",
                                  str(random.getrandbits(32)))
        if ended.returncode != 0:
            raise RuntimeError(ended.stderr[-500:])
        for method, codes in result.items():
            for code, count in codes.items():
                self.counts.add(method, code, count)
        time.sleep(0.2)

    def _stub(self):
        channel = grpc.insecure_channel(self.server.address, options=[
            ("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", -1),
            ("grpc.max_send_message_length", -1), ("grpc.enable_retries", 0)])
        return channel, content_pb2_grpc.ContentServiceStub(channel)

    def _repeat(self, method, one):
        """Calls one(stub) over a connection, then over a new one. It returns a future and whether
        to give it up after so many seconds."""
        channel, stub = self._stub()
        with channel:
            for _ in range(200):
                if not self.go_on():
                    break
                call, give_up_after = one(stub)
                if give_up_after is not None:
                    time.sleep(give_up_after)
                    call.cancel()
                try:
                    call.result()
                except (grpc.RpcError, grpc.FutureCancelledError):
                    pass
                self.counts.add(method, call.code().name)

    def batches(self):
        def one(stub):
            request = content_pb2.ProcessContentBatchRequest()
            for _ in range(random.randrange(200)):
                request.documents.add(data=LINE * random.randrange(20))
            return stub.ProcessContentBatch.future(request, timeout=PATIENCE), None
        self._repeat("ProcessContentBatch", one)

    def explanations(self):
        def one(stub):
            request = content_pb2.ExplainRequest(data=LINE, offset=random.randrange(len(LINE)))
            return stub.Explain.future(request, timeout=PATIENCE), None
        self._repeat("Explain", one)

    def _streams(self, lines, read, timeout=lambda: PATIENCE):
        """Streams of so many LINEs, one of the numbers, whose answers read(call, lines) takes."""
        channel, stub = self._stub()
        with channel:
            for _ in range(50):
                if not self.go_on():
                    break
                count = random.choice(lines)
                call = stub.ProcessContentStream(parts_of(LINE * count), timeout=timeout())
                try:
                    read(call, count)
                except grpc.RpcError:
                    pass
                self.counts.add("ProcessContentStream", call.code().name)

    def streams(self):
        def read(call, lines):
            findings, last = 0, None
            for last in call:
                findings += len(last.findings)
            if last.total_count != findings or findings != self.findings_of_line * lines:
                self.wrong.append(f"a stream of {lines} lines has {findings} findings")
        self._streams((0, 1, 1000, 100_000), read)

    def clients_streams(self):
        """Of our own client, which holds back."""
        with trawl.Client(self.server.address) as client:
            for _ in range(20):
                if not self.go_on():
                    break
                lines = random.choice((0, 1, 1000, 20_000))
                blanks = random.choice((0, 8 * MEBIBYTE))
                try:
                    with client.extract_stream(LINE * lines + bytes(blanks),
                                               timeout=PATIENCE) as stream:
                        findings = sum(1 for _ in stream)
                except trawl.TrawlError as error:
                    self.counts.add("ProcessContentStream", error.code.name)
                    continue
                self.counts.add("ProcessContentStream", "OK")
                if findings != self.findings_of_line * lines:
                    self.wrong.append(f"a client's stream of {lines} lines has {findings} findings")

    def slow_streams(self):
        def read(call, _):
            for _ in call:
                time.sleep(random.random() * 0.05)
        self._streams((10_000, 50_000), read)

    def cancelled_streams(self):
        def read(call, _):
            for _ in itertools.islice(call, random.randrange(4)):
                pass
            time.sleep(random.random() * 0.02)
            call.cancel()
            for _ in call:
                pass
        self._streams((1, 1000, 100_000), read)

    def late_streams(self):
        def read(call, _):
            for _ in call:
                pass
        self._streams((1000, 100_000), read, lambda: 0.001 + random.random() * 0.03)

    @staticmethod
    def _any_content(stub, timeout):
        request = content_pb2.ProcessContentRequest(data=LINE * random.choice((1, 1000, 100_000)))
        return stub.ProcessContent.future(request, timeout=timeout)

    def cancels(self):
        self._repeat("ProcessContent", lambda stub: (
            self._any_content(stub, PATIENCE), random.random() * 0.02))

    def deadlines(self):
        self._repeat("ProcessContent", lambda stub: (
            self._any_content(stub, 0.001 + random.random() * 0.02), None))


def parts_of(content):
    size = random.choice((1, 100, 4 << 10, 64 << 10, MEBIBYTE, 8 * MEBIBYTE))
    at = 0
    for _ in range(2000):  # then, what is left
        if at >= len(content):
            return
        part = content[at:at + random.randint(0, 2 * size)]
        at += len(part)
        yield content_pb2.ProcessContentStreamRequest(data=part)
    for begin in range(at, len(content), MEBIBYTE):
        yield content_pb2.ProcessContentStreamRequest(data=content[begin:begin + MEBIBYTE])


def differences(client, server):
    """What is not accounted for: a call that its caller gave up may be anything at the server, or
    never have reached it; all others must be the same on both sides."""
    wrong = []
    for method in sorted(set(client) | set(server)):
        at_client = collections.Counter(client.get(method, {}))
        at_server = collections.Counter(server.get(method, {}))
        given_up = sum(at_client[code] for code in GIVEN_UP)
        answered = set(at_client) | set(at_server)
        more = 0
        for code in answered - set(GIVEN_UP):
            more += at_server[code] - at_client[code]
            if at_server[code] < at_client[code]:
                wrong.append(f"{method} {code}: {at_client[code]} at clients, {at_server[code]} at "
                             "the server")
        seen_given_up = sum(at_server[code] for code in GIVEN_UP)
        if more + seen_given_up > given_up:
            wrong.append(f"{method}: {given_up} were given up, but {more} more were answered than "
                         f"clients saw and {seen_given_up} ended without an answer")
    return wrong


def growth(samples):
    """Of memory, descriptors and threads: the most of the last third beyond that of the middle."""
    third = len(samples) // 3
    middle, last = samples[third:2 * third], samples[2 * third:]
    return [max(row[i] for row in last) - max(row[i] for row in middle) for i in (1, 2, 3)]


def slope(samples):
    """Bytes a minute, over the last two thirds, by least squares."""
    rows = samples[len(samples) // 3:]
    return statistics.linear_regression([row[0] / 60 for row in rows],
                                        [row[1] for row in rows]).slope


def main():
    with Server("--drain_grace_seconds=60") as server:
        soak = Soak(server)
        begin = soak.run()
        idle = soak.sample()
        for _ in range(50):  # connections that clients closed
            if idle[2] <= begin[2]:
                break
            time.sleep(0.2)
            idle = soak.sample()
        server.signal()
        if server.wait() != 0:
            soak.wrong.append("the server did not end well")
        at_server = server.wait_for_line("drained")["calls"]
    at_client = {method: dict(codes) for method, codes in soak.counts.calls.items()}
    wrong = soak.wrong + differences(at_client, at_server)
    memory, descriptors, threads = growth(soak.samples)
    if memory > 32 * MEBIBYTE:
        wrong.append(f"memory grew by {memory} bytes from the middle third to the last")
    if idle[2] > begin[2] + 2 or idle[3] > begin[3] + 8:
        wrong.append(f"descriptors and threads: {begin[2:]} before, {idle[2:]} after")
    for method in sorted(at_server):
        print(f"{method:20} clients {json.dumps(at_client.get(method, {}), sort_keys=True)}")
        print(f"{'':20} server  {json.dumps(at_server[method], sort_keys=True)}")
    peak = max(row[1] for row in soak.samples)
    print(f"minutes {MINUTES:g}, calls {sum(sum(codes.values()) for codes in at_server.values())}")
    print(f"memory: peak {peak / MEBIBYTE:.0f} MiB, slope {slope(soak.samples) / MEBIBYTE:+.2f} "
          f"MiB/min, last third over middle {memory / MEBIBYTE:+.1f} MiB")
    print(f"descriptors, threads: {begin[2:]} before, {idle[2:]} after; last third over middle "
          f"{descriptors:+d}, {threads:+d}")
    for line in wrong:
        print("WRONG:", line)
    print("soak:", "failed" if wrong else "all calls accounted for, nothing grew")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
