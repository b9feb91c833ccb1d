"""What /metrics says, held against what callers counted, and against docs/metrics.md."""

import collections
import concurrent.futures
import contextlib
import json
import pathlib
import re
import socket
import unittest
import urllib.error

import grpc
from trawl.v1 import content_pb2, content_pb2_grpc

import http2
from processes import PATIENCE, SOURCE_DIR, Server, trawl
from scrape import get, scrape, scrape_at_rest, scrape_until

METRICS = "--metrics_address=127.0.0.1:0"
TEXT = "see www.example.com, setup.py/x and https://example.org/path\n"
OPTIONS = content_pb2.ProcessOptions(min_confidence=content_pb2.CONFIDENCE_LOW)
CODES = {"OK": "OK", "CANCELLED": "Canceled", "DEADLINE_EXCEEDED": "DeadlineExceeded",
         "INVALID_ARGUMENT": "InvalidArgument", "RESOURCE_EXHAUSTED": "ResourceExhausted",
         "UNAVAILABLE": "Unavailable"}
KINDS = ("DOMAIN", "URL", "EMAIL", "IPV4", "IPV6", "MD5", "SHA1", "SHA256", "SHA512")


class Counts:
    """calls: by method and code. sent, received: messages, by method. findings: by kind and
    confidence. bytes: of content that was searched."""

    def __init__(self):
        self.calls = collections.Counter()
        self.sent = collections.Counter()
        self.received = collections.Counter()
        self.findings = collections.Counter()
        self.bytes = 0

    def count(self, method, code):
        self.calls[method, CODES[code.name]] += 1

    def add_findings(self, findings):
        for finding in findings:
            self.findings[content_pb2.Kind.Name(finding.kind)[5:].lower(),
                          content_pb2.Confidence.Name(finding.confidence)[11:].lower()] += 1

    def add(self, other):
        for name in ("calls", "sent", "received", "findings"):
            getattr(self, name).update(getattr(other, name))
        self.bytes += other.bytes


class Caller(Counts):
    """Calls a server and counts what its calls end with."""

    def __init__(self, channel):
        super().__init__()
        self.channel = channel
        self.stub = content_pb2_grpc.ContentServiceStub(channel)

    def unary(self, method, request):
        """The answer, or None. `request`: a message or bytes."""
        sent = request if isinstance(request, bytes) else request.SerializeToString()
        call = self.channel.unary_unary(f"/trawl.v1.ContentService/{method}").future(
            sent, timeout=PATIENCE)
        self.count(method, call.code())
        self.sent[method] += 1
        if call.code() != grpc.StatusCode.OK:
            return None
        self.received[method] += 1
        return call.result()

    def contents(self, count):
        kinds = [content_pb2.Kind.Value(f"KIND_{kind}") for kind in KINDS]
        options = content_pb2.ProcessOptions(min_confidence=content_pb2.CONFIDENCE_LOW,
                                             kinds=kinds)
        for i in range(count):
            text = TEXT * (i % 7) + "mail me@example.net 192.0.2.1 " + "0" * 32
            answer = content_pb2.ProcessContentResponse.FromString(self.unary(
                "ProcessContent", content_pb2.ProcessContentRequest(text=text, options=options)))
            self.add_findings(answer.findings)
            self.bytes += len(text)

    def large_content(self):
        text = TEXT * 50_000
        answer = content_pb2.ProcessContentResponse.FromString(self.unary(
            "ProcessContent", content_pb2.ProcessContentRequest(text=text, options=OPTIONS)))
        self.add_findings(answer.findings)
        self.bytes += len(text)

    def batches(self, count):
        documents = [content_pb2.BatchDocument(text=TEXT)] * 5
        for _ in range(count):
            answer = content_pb2.ProcessContentBatchResponse.FromString(self.unary(
                "ProcessContentBatch", content_pb2.ProcessContentBatchRequest(
                    documents=documents + [content_pb2.BatchDocument(data=b"\xff.example.com")],
                    options=OPTIONS)))
            for result in answer.results:
                self.add_findings(result.response.findings)
                self.bytes += result.response.stats.bytes

    def others(self, count):
        for _ in range(count):
            self.unary("Ping", content_pb2.PingRequest(payload=b"x"))
            self.unary("GetCapabilities", content_pb2.GetCapabilitiesRequest())
            self.unary("Explain", content_pb2.ExplainRequest(text=TEXT, offset=6))
            self.unary("AddContent", content_pb2.AddContentRequest(data=" nothing here "))
            self.bytes += len(" nothing here ")

    def mistakes(self, count):
        wrong = content_pb2.ProcessOptions(chunk_count=1_000_000)
        for _ in range(count):
            self.unary("ProcessContent", b"\xff")
            self.unary("ProcessContentBatch", b"\x0a\xff")
            self.unary("ProcessContent", content_pb2.ProcessContentRequest(data=bytes(4_000_000)))
            self.unary("Explain", content_pb2.ExplainRequest(text=TEXT, offset=10_000))
            self.unary("ProcessContent",
                       content_pb2.ProcessContentRequest(text=TEXT, options=wrong))

    def streams(self, count):
        def parts():
            yield content_pb2.ProcessContentStreamRequest(options=OPTIONS)
            for _ in range(10):
                yield content_pb2.ProcessContentStreamRequest(data=TEXT.encode() * 100)

        for _ in range(count):
            call = self.stub.ProcessContentStream(parts(), timeout=PATIENCE)
            for answer in call:
                self.received["ProcessContentStream"] += 1
                self.add_findings(answer.findings)
            self.count("ProcessContentStream", call.code())
            self.sent["ProcessContentStream"] += 11
            self.bytes += 1000 * len(TEXT)

    @contextlib.contextmanager
    def open_streams(self, server, count, timeout=PATIENCE):
        """Streams that have sent one part, of no bytes, and wait; closed in order at the end, unless they ended
        before. Yields the calls."""
        name = {"grpc_method": "ProcessContentStream"}
        before = scrape(server).value("grpc_server_msg_received_total", **name)
        closed = [concurrent.futures.Future() for _ in range(count)]

        def parts(close):
            yield content_pb2.ProcessContentStreamRequest()
            close.result(PATIENCE)

        calls = [self.stub.ProcessContentStream(parts(close), timeout=timeout)
                 for close in closed]
        scrape_until(server, lambda page: page.value("grpc_server_msg_received_total", **name)
                     == before + count)
        self.sent["ProcessContentStream"] += count
        yield calls
        for call, close in zip(calls, closed):
            close.set_result(None)
            try:
                for _ in call:
                    self.received["ProcessContentStream"] += 1
            except grpc.RpcError:
                pass
            self.count("ProcessContentStream", call.code())


def connect(server):
    """Closed before the server drains, which says goodbye to idle connections."""
    return grpc.insecure_channel(server.address, options=[
        ("grpc.use_local_subchannel_pool", 1), ("grpc.max_send_message_length", -1),
        ("grpc.max_receive_message_length", -1)])


class MetricsTest(unittest.TestCase):
    def test_sums_are_exactly_what_callers_counted_of_calls_good_bad_refused_and_cancelled(self):
        with Server(METRICS, "--max_calls_in_flight=16", "--max_content_bytes=3500000",
                    "--pollers=2") as server:
            with contextlib.ExitStack() as channels, \
                    concurrent.futures.ThreadPoolExecutor(6) as threads:
                callers = [Caller(channels.enter_context(connect(server))) for _ in range(6)]
                kinds = (callers[0].contents, callers[1].batches, callers[2].others,
                         callers[3].mistakes, callers[4].streams)
                work = [threads.submit(kind, 40) for kind in kinds]
                work.append(threads.submit(callers[5].large_content))
                for each in work:
                    each.result(PATIENCE)
                self.give_up(server, callers[0])
                self.be_refused(server, callers[1])
            page = scrape_at_rest(server)
            server.signal()
            self.assertEqual(server.wait(), 0)
            drained = server.wait_for_line("drained")
        self.compare(page, callers, drained)

    def give_up(self, server, caller):
        with caller.open_streams(server, 3) as calls:
            for call in calls:
                call.cancel()
            scrape_until(server, lambda page: page.value("trawl_streams") == 0)
        with caller.open_streams(server, 2, timeout=5) as calls:
            for call in calls:
                self.assertEqual(call.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
            scrape_until(server, lambda page: page.value("trawl_streams") == 0)

    def be_refused(self, server, caller):
        scrape_until(server, lambda page: page.value("trawl_calls_in_flight") == 0)
        with caller.open_streams(server, 16):
            page = scrape(server)
            self.assertEqual(page.value("trawl_calls_in_flight"), 16)
            self.assertEqual(page.value("trawl_streams"), 16)
            for _ in range(20):
                caller.unary("ProcessContent", content_pb2.ProcessContentRequest(text=TEXT))
            caller.unary("Ping", content_pb2.PingRequest())

    def compare(self, page, callers, drained):
        totals = Counts()
        for caller in callers:
            totals.add(caller)
        handled = collections.Counter()
        for name, labels, value in page.samples:
            if name == "grpc_server_handled_total" and value:
                handled[labels["grpc_method"], labels["grpc_code"]] += value
        self.assertEqual(handled, totals.calls)
        self.assertEqual(page.values("grpc_server_started_total", "grpc_method"),
                         page.values("grpc_server_handling_seconds_count", "grpc_method"))
        self.assertEqual(page.values("grpc_server_msg_received_total", "grpc_method"),
                         totals.sent)
        self.assertEqual(page.values("grpc_server_msg_sent_total", "grpc_method"),
                         totals.received)
        in_log = {(method, CODES[code]): count for method, codes in drained["calls"].items()
                  for code, count in codes.items()}
        self.assertEqual(in_log, totals.calls)
        self.assertEqual(drained["cancelled"], {"client": 3, "deadline": 2})

        findings = collections.Counter()
        for name, labels, value in page.samples:
            if name == "trawl_findings_total" and value:
                findings[labels["kind"], labels["confidence"]] += value
        self.assertEqual(findings, totals.findings)
        self.assertGreaterEqual(len({kind for kind, _ in findings}), 5)
        self.assertEqual({confidence for _, confidence in findings}, {"low", "medium", "high"})
        self.assertEqual(page.value("trawl_scanned_bytes_total"), totals.bytes)

        self.assertEqual(page.values("trawl_refusals_total", "reason"), {
            "MALFORMED_REQUEST": 80, "CONTENT_TOO_LARGE": 40, "OFFSET_OUT_OF_RANGE": 40,
            "CHUNK_COUNT_TOO_LARGE": 40, "TOO_MANY_CALLS": 20})
        self.assertEqual(page.values("trawl_cancellations_total", "reason"),
                         {"client": 3, "deadline": 2})
        not_ok = sum(count for (_, code), count in totals.calls.items() if code != "OK")
        self.assertEqual(page.value("trawl_refusals_total")
                         + page.value("trawl_cancellations_total"), not_ok)
        for name in ("trawl_calls_in_flight", "trawl_bytes_in_flight", "trawl_queue_chunks",
                     "trawl_queue_bytes", "trawl_streams", "trawl_chunks_failed_total"):
            self.assertEqual(page.value(name), 0, name)

    def test_sums_are_those_of_the_load_generator(self):
        with Server(METRICS) as server:
            reports = [json.loads(trawl("load", "--json", *flags, server=server.address).stdout)
                       for flags in (("--requests=3000", "--concurrency=32", "--size=100"),
                                     ("--requests=20", "--concurrency=4", "--size=3MiB"),
                                     ("--requests=500", "--method=ping"))]
            page = scrape_at_rest(server)
        methods = ("ProcessContent", "ProcessContent", "Ping")
        calls = collections.Counter()
        for method, report in zip(methods, reports):
            self.assertEqual(report["ok"], report["calls"], report)
            calls[method] += report["ok"]
        self.assertEqual(page.values("grpc_server_handled_total", "grpc_method", grpc_code="OK"),
                         {**calls, "GetCapabilities": len(reports)})
        self.assertEqual(page.values("grpc_server_handled_total", "grpc_code"),
                         {"OK": 3520 + len(reports)})
        self.assertEqual(page.value("trawl_scanned_bytes_total"),
                         reports[0]["bytes"] + reports[1]["bytes"])
        self.assertEqual(page.value("trawl_queue_wait_seconds_count"), 3020)

    def test_idle_streams_answers_not_taken_and_drains_are_named_as_what_cancelled(self):
        with Server(METRICS, "--stream_idle_seconds=1") as server:
            with connect(server) as channel, Caller(channel).open_streams(server, 1) as calls:
                self.assertEqual(calls[0].code(), grpc.StatusCode.DEADLINE_EXCEEDED)
                page = scrape_at_rest(server)
        self.assertEqual(page.values("trawl_cancellations_total", "reason"), {"idle": 1})
        with Server(METRICS, "--delivery_seconds=1") as server, \
                http2.Connection(server.address, window=0) as connection:
            connection.start(1, "ProcessContent")
            connection.send_data(1, http2.message(content_pb2.ProcessContentRequest(
                text=TEXT).SerializeToString()), end=True)
            scrape_until(server, lambda page: page.values("trawl_cancellations_total", "reason")
                         == {"delivery": 1})
        with Server(METRICS, "--drain_grace_seconds=0") as server:
            with connect(server) as channel, Caller(channel).open_streams(server, 1) as calls:
                server.signal()
                self.assertEqual(server.wait(), 0)
                self.assertIn(calls[0].code(),
                              (grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE))
            self.assertEqual(server.wait_for_line("drained")["cancelled"], {"drain": 1})

    def test_families_their_types_and_labels_are_those_of_the_documentation(self):
        with Server(METRICS) as server:
            trawl("extract", "-", stdin=TEXT.encode(), server=server.address)
            scrape(server)  # what serves scrapes counts them too, from the second on
            page = scrape(server)
            server_text = page.text
        documented = {}
        text = pathlib.Path(f"{SOURCE_DIR}/docs/metrics.md").read_text(encoding="utf-8")
        for line in text.splitlines():
            if line.startswith("| `"):
                name, kind, labels = [cell.strip() for cell in line.split("|")[1:4]]
                documented[name.strip("`")] = (kind, set(re.findall(r"`([a-z_]+)`", labels)))
        exposed = {}
        for name, kind in page.types.items():
            labels = set()
            for line_name, line_labels, _ in page.samples:
                if re.fullmatch(f"{name}(_bucket|_sum|_count)?", line_name):
                    labels |= set(line_labels) - {"le", "quantile"}
            exposed[name] = (kind, labels)
        self.assertEqual(documented, exposed)
        for name in documented:
            self.assertIn(f"\n# HELP {name} ", "\n" + server_text)

    def test_every_code_kind_and_reason_is_there_at_zero_before_anything_happened(self):
        with Server(METRICS) as server:
            page = scrape(server)
        methods = content_pb2.DESCRIPTOR.services_by_name["ContentService"].methods_by_name
        for method in methods:
            for code in ("OK", "Canceled", "Unauthenticated", "ResourceExhausted"):
                self.assertEqual(page.value("grpc_server_handled_total", grpc_method=method,
                                            grpc_service="trawl.v1.ContentService",
                                            grpc_code=code), 0)
        for kind in KINDS:
            for confidence in ("low", "medium", "high"):
                page.value("trawl_findings_total", kind=kind.lower(), confidence=confidence)
        for reason in ("TOO_MANY_CALLS", "TOO_MANY_BYTES", "WAIT_TOO_LONG"):
            page.value("trawl_refusals_total", grpc_code="ResourceExhausted", reason=reason)
        self.assertEqual(page.value("trawl_serving"), 1)
        self.assertEqual(page.value("trawl_workers"), server.options["workers"])

    def test_process_figures_are_those_of_the_system(self):
        with Server(METRICS) as server:
            page = scrape(server)
            resident = server.memory("VmRSS")
            with open(f"/proc/{server.pid}/limits", encoding="ascii") as limits:
                most = next(int(line.split()[3]) for line in limits
                            if line.startswith("Max open files"))
        self.assertLess(abs(page.value("process_resident_memory_bytes") - resident), 16 << 20)
        self.assertEqual(page.value("process_max_fds"), most)
        self.assertGreater(page.value("process_open_fds"), 5)
        self.assertGreater(page.value("process_threads"), 3)
        self.assertGreater(page.value("process_cpu_seconds_total"), 0)

    def test_bytes_that_are_no_scrape_and_scrapers_that_do_not_read_hold_nothing_up(self):
        with Server(METRICS) as server:
            host, _, port = server.metrics_address.rpartition(":")
            mute = [socket.create_connection((host, int(port)), PATIENCE) for _ in range(40)]
            for sent in (b"\x00\xff\r\n\r\n", b"GET /metrics HTTP/9.9\r\n\r\n",
                         b"GET /metrics HTTP/1.1\r\n" + b"x: " + b"y" * 100_000 + b"\r\n\r\n",
                         b"POST /metrics HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n"):
                with socket.create_connection((host, int(port)), PATIENCE) as connection:
                    connection.sendall(sent)
            self.assertEqual(trawl("ping", "--count", "5", server=server.address).returncode, 0)
            for connection in mute:
                connection.close()
            page = scrape_until(server, lambda page: True)
            self.assertEqual(page.value("trawl_serving"), 1)
            with self.assertRaises(urllib.error.HTTPError) as caught:
                get(server.metrics_address, "/etc/passwd")
            self.assertEqual(caught.exception.code, 404)

    def test_are_nowhere_where_no_address_is_given(self):
        with Server() as server:
            self.assertEqual(server.metrics_address, "")


