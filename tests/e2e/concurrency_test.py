"""Many calls at once, and small ones beside a large one."""

import concurrent.futures
import unittest

import grpc
from trawl.v1 import content_pb2, content_pb2_grpc

from processes import PATIENCE, Server, trawl

MEBIBYTE = 1 << 20
LINE = b'203.0.113.7 "GET /a.html" "https://www.example.com/page?q=1" mail@example.org a.b-c.net\n'
DOMAINS_PER_LINE = 3


def connect(server):
    """A channel of its own: gRPC shares connections between channels with equal arguments."""
    channel = grpc.insecure_channel(server.address, options=[
        ("grpc.use_local_subchannel_pool", 1), ("grpc.max_send_message_length", -1),
        ("grpc.max_receive_message_length", -1)])
    return content_pb2_grpc.ContentServiceStub(channel)


def counts_request(content):
    options = content_pb2.ProcessOptions(result_form=content_pb2.RESULT_FORM_COUNTS,
                                         min_confidence=content_pb2.CONFIDENCE_LOW)
    return content_pb2.ProcessContentRequest(data=content, options=options)


class ConcurrencyTest(unittest.TestCase):
    def test_64_callers_and_pings_are_answered_while_32_mebibytes_are_worked_on(self):
        lines = 32 * MEBIBYTE // len(LINE)
        large = counts_request((LINE * lines).ljust(32 * MEBIBYTE))
        small = counts_request(LINE)
        with Server() as server, concurrent.futures.ThreadPoolExecutor(66) as threads:
            def send_large():
                stub = connect(server)
                return [stub.ProcessContent(large, timeout=PATIENCE).total_count for _ in range(4)]

            large_counts = threads.submit(send_large)

            def call_until_large_is_done(stub):
                calls, most_bytes_in_flight = 0, 0
                while not large_counts.done() or calls == 0:
                    answer = stub.ProcessContent(small, timeout=PATIENCE)
                    self.assertEqual(answer.total_count, DOMAINS_PER_LINE)
                    self.assertTrue(answer.complete)
                    ping = stub.Ping(content_pb2.PingRequest(), timeout=PATIENCE)
                    most_bytes_in_flight = max(most_bytes_in_flight, ping.bytes_in_flight)
                    calls += 1
                return most_bytes_in_flight

            def ping_by_program_until_large_is_done():
                while True:
                    ended = trawl("ping", server=server.address)
                    self.assertEqual(ended.returncode, 0, ended)
                    if large_counts.done():
                        return

            stubs = [connect(server) for _ in range(4)]
            callers = [threads.submit(call_until_large_is_done, stubs[i % 4]) for i in range(64)]
            pings = threads.submit(ping_by_program_until_large_is_done)
            self.assertEqual(large_counts.result(), [lines * DOMAINS_PER_LINE] * 4)
            pings.result()
            # Some Ping was answered while the large document was there.
            self.assertGreaterEqual(max(caller.result() for caller in callers), 32 * MEBIBYTE)

    def test_calls_over_the_limit_are_refused_and_the_others_answered(self):
        with Server("--max_calls_in_flight=1", "--workers=1") as server:
            stub = connect(server)
            content = counts_request(LINE * 20_000)
            calls = [stub.ProcessContent.future(content, timeout=PATIENCE) for _ in range(32)]
            codes = [call.code() for call in calls]
            self.assertIn(grpc.StatusCode.OK, codes)
            self.assertLessEqual(set(codes),
                                 {grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED})
            for call, code in zip(calls, codes):
                if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
                    trailers = dict(call.trailing_metadata())
                    self.assertGreaterEqual(int(trailers["grpc-retry-pushback-ms"]), 0)
                    self.assertIn("grpc-status-details-bin", trailers)

    def test_calls_in_flight_are_answered_when_the_server_drains(self):
        with Server("--workers=1") as server:
            stub = connect(server)
            content = counts_request((LINE * (8 * MEBIBYTE // len(LINE))))
            calls = [stub.ProcessContent.future(content, timeout=PATIENCE) for _ in range(8)]
            # The last is on its way when the first was answered, or was answered itself.
            calls[0].result()
            server.signal()
            codes = {call.code() for call in calls}
            self.assertEqual(server.wait(), 0)
            # A call that the server had not read yet is refused; none is lost.
            self.assertLessEqual(codes, {grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE})
