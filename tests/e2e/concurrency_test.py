"""Many calls at once, and small ones beside a large one."""

import concurrent.futures
import contextlib
import unittest

import grpc
from trawl.v1 import content_pb2, content_pb2_grpc

from processes import PATIENCE, Server, trawl

MEBIBYTE = 1 << 20
LINE = b'203.0.113.7 "GET /a.html" "https://www.example.com/page?q=1" mail@example.org a.b-c.net\n'
DOMAINS_PER_LINE = 3
LARGE_LINES = 32 * MEBIBYTE // len(LINE)
LARGE = (LINE * LARGE_LINES).ljust(32 * MEBIBYTE)


@contextlib.contextmanager
def connect(server):
    """A stub with a connection of its own. Closed at the end, since a server that drains says
    goodbye to idle connections, and a Python client listens to it only every five seconds."""
    with grpc.insecure_channel(server.address, options=[
            ("grpc.use_local_subchannel_pool", 1), ("grpc.max_send_message_length", -1),
            ("grpc.max_receive_message_length", -1)]) as channel:
        yield content_pb2_grpc.ContentServiceStub(channel)


def counts_request(content):
    options = content_pb2.ProcessOptions(result_form=content_pb2.RESULT_FORM_COUNTS,
                                         min_confidence=content_pb2.CONFIDENCE_LOW)
    return content_pb2.ProcessContentRequest(data=content, options=options)


class ConcurrencyTest(unittest.TestCase):
    def test_64_callers_and_pings_are_answered_while_32_mebibytes_are_worked_on(self):
        small = counts_request(LINE)
        with Server() as server, contextlib.ExitStack() as connections, \
                concurrent.futures.ThreadPoolExecutor(66) as threads:
            stubs = [connections.enter_context(connect(server)) for _ in range(5)]

            def send_large():
                request = counts_request(LARGE)
                return [stubs[4].ProcessContent(request, timeout=PATIENCE).total_count
                        for _ in range(2)]

            large = threads.submit(send_large)

            def call_until_large_is_done(stub):
                most_bytes_in_flight = 0
                while True:
                    answer = stub.ProcessContent(small, timeout=PATIENCE)
                    self.assertEqual(answer.total_count, DOMAINS_PER_LINE)
                    self.assertTrue(answer.complete)
                    ping = stub.Ping(content_pb2.PingRequest(), timeout=PATIENCE)
                    most_bytes_in_flight = max(most_bytes_in_flight, ping.bytes_in_flight)
                    if large.done():
                        return most_bytes_in_flight

            def ping_by_program_until_large_is_done():
                while True:
                    ended = trawl("ping", "--count=1", server=server.address)
                    self.assertEqual(ended.returncode, 0, ended)
                    if large.done():
                        return

            callers = [threads.submit(call_until_large_is_done, stubs[i % 4]) for i in range(64)]
            pings = threads.submit(ping_by_program_until_large_is_done)
            self.assertEqual(large.result(), [LARGE_LINES * DOMAINS_PER_LINE] * 2)
            pings.result()
            # Some Ping was answered while the large document was there.
            self.assertGreaterEqual(max(caller.result() for caller in callers), 32 * MEBIBYTE)

    def test_calls_over_the_limit_are_refused_and_the_others_answered(self):
        request = counts_request(LINE * 20_000)
        with Server("--max_calls_in_flight=1", "--workers=1") as server, connect(server) as stub:
            calls = [stub.ProcessContent.future(request, timeout=PATIENCE) for _ in range(32)]
            codes = [call.code() for call in calls]
            self.assertIn(grpc.StatusCode.OK, codes)
            self.assertLessEqual(set(codes),
                                 {grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED})
            for call, code in zip(calls, codes):
                if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
                    trailers = dict(call.trailing_metadata())
                    self.assertGreaterEqual(int(trailers["grpc-retry-pushback-ms"]), 0)
                    self.assertIn("grpc-status-details-bin", trailers)

    def test_a_call_in_flight_is_answered_when_the_server_drains(self):
        lines = 50_000
        request = counts_request(LINE * lines)
        with Server("--workers=1", f"--drain_grace_seconds={PATIENCE}") as server, \
                connect(server) as stub, connect(server) as other:
            in_flight = 0
            while in_flight == 0:
                call = stub.ProcessContent.future(request, timeout=PATIENCE)
                while in_flight == 0 and not call.done():
                    ping = other.Ping(content_pb2.PingRequest(), timeout=PATIENCE)
                    in_flight = ping.calls_in_flight
            server.signal()
            self.assertEqual(call.result().total_count, lines * DOMAINS_PER_LINE)
