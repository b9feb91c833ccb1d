"""trawld behind the proxy whose configuration is shipped: calls pass, floods do not."""

import asyncio
import contextlib
import os
import tempfile
import threading
import unittest

import grpc
from trawl import AsyncClient, Client, ClientOptions
from trawl.v1 import content_pb2, content_pb2_grpc

import http2
from processes import PATIENCE, Server, trawl
from proxy import ABSENT, HAPROXY, proxy

MEBIBYTE = 1 << 20
LINE = b"see www.example.com and mail.example.org\n"
PING = content_pb2.PingRequest(payload=b"hello").SerializeToString()


@contextlib.contextmanager
def channel(address):
    with grpc.insecure_channel(address, options=[("grpc.max_send_message_length", -1),
                                                 ("grpc.use_local_subchannel_pool", 1)]) as opened:
        yield content_pb2_grpc.ContentServiceStub(opened)


@unittest.skipIf(HAPROXY is None, ABSENT)
class ProxyTest(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.server = stack.enter_context(Server("--drain_grace_seconds=0"))
        self.address = stack.enter_context(proxy(self.server.address))

    def connect(self, source="127.0.0.1"):
        connection = http2.Connection(self.address, timeout=PATIENCE, source=source)
        self.addCleanup(connection.close)
        return connection

    def assert_answers(self, source="127.0.0.3"):
        answer = self.connect(source).call(1, "Ping", PING)
        self.assertEqual(content_pb2.PingResponse.FromString(answer).payload, b"hello")

    def assert_grew_less(self, before, limit):
        if os.environ["E2E_SANITIZED"] == "0":
            self.assertLess(self.server.memory("VmHWM") - before, limit)

    def calls_that_arrived(self):
        self.server.signal()
        self.assertEqual(self.server.wait(), 0)
        totals = self.server.wait_for_line("drained")["calls"]
        return sum(sum(by_code.values()) for by_code in totals.values())

    def test_calls_of_all_sizes_batches_and_errors_pass(self):
        with channel(self.address) as stub:
            for lines in (1, 1000, 500_000):
                options = content_pb2.ProcessOptions(result_form=content_pb2.RESULT_FORM_COUNTS)
                answer = stub.ProcessContent(content_pb2.ProcessContentRequest(
                    data=LINE * lines, options=options), timeout=PATIENCE)
                self.assertEqual(answer.total_count, 2 * lines)
            batch = content_pb2.ProcessContentBatchRequest()
            for _ in range(100):
                batch.documents.add(data=LINE)
            answer = stub.ProcessContentBatch(batch, timeout=PATIENCE)
            self.assertEqual([one.response.total_count for one in answer.results], [2] * 100)
            with self.assertRaises(grpc.RpcError) as refused:
                stub.ProcessContent(content_pb2.ProcessContentRequest(
                    options=content_pb2.ProcessOptions(chunk_count=5000)), timeout=PATIENCE)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
            self.assertIn("grpc-status-details-bin", dict(refused.exception.trailing_metadata()))
        self.assertEqual(trawl("ping", "--count=3", server=self.address).returncode, 0)

    def test_a_stream_passes_and_what_is_found_comes_while_more_is_sent(self):
        part = LINE * 2500
        answered = threading.Condition()
        done = 0

        def parts():
            first = LINE + bytes(64 << 10)
            yield content_pb2.ProcessContentStreamRequest(data=first)
            sent = len(first)
            for _ in range(200):
                with answered:
                    self.assertTrue(answered.wait_for(lambda: done and sent - done < room,
                                                      PATIENCE))
                yield content_pb2.ProcessContentStreamRequest(data=part)
                sent += len(part)

        with channel(self.address) as stub:
            room = stub.GetCapabilities(content_pb2.GetCapabilitiesRequest(),
                                        timeout=PATIENCE).max_stream_buffer_bytes
            answers = stub.ProcessContentStream(parts(), timeout=PATIENCE)
            first = next(answers)
            self.assertEqual([finding.value for finding in first.findings],
                             ["www.example.com", "mail.example.org"])
            findings, last = 2, first
            while last is not None:
                with answered:
                    done = last.searched_bytes
                    answered.notify()
                end, last = last, next(answers, None)
                findings += 0 if last is None else len(last.findings)
            self.assertEqual((findings, end.total_count), (1_000_002, 1_000_002))
            self.assertTrue(end.complete)

    # Callers that send on while answers wait come to a stop in HAProxy with so many findings.
    def test_the_program_sends_streams_with_much_or_nothing_to_find_through_it(self):
        for lines, blanks in ((500_000, 0), (1, 64 * MEBIBYTE)):
            with tempfile.NamedTemporaryFile() as file:
                file.write(LINE * lines + bytes(blanks))
                file.flush()
                for _ in range(3):
                    ended = trawl("extract", "--stream", file.name, server=self.address)
                    self.assertEqual((ended.returncode, ended.stderr), (0, b""))
                    self.assertEqual(ended.stdout.count(b"\n"), 2 * lines)

    def test_clients_in_python_send_streams_with_much_or_nothing_to_find_through_it(self):
        async def count(content, options):
            async with AsyncClient(self.address, options) as client, \
                    client.extract_stream(content) as stream:
                return len([None async for _ in stream])

        for lines, blanks in ((200_000, 0), (1, 64 * MEBIBYTE)):
            content = LINE * lines + bytes(blanks)
            for part_bytes in (256 << 10, 4 * MEBIBYTE):
                options = ClientOptions(part_bytes=part_bytes, stream_timeout=PATIENCE)
                with Client(self.address, options) as client, \
                        client.extract_stream(content) as stream:
                    self.assertEqual(sum(1 for _ in stream), 2 * lines)
                self.assertEqual(asyncio.run(count(content, options)), 2 * lines)

    def test_streams_of_callers_that_do_not_read_hold_up_nobody(self):
        part = http2.message(content_pb2.ProcessContentStreamRequest(
            data=LINE * 1500).SerializeToString())
        reader = http2.Connection(self.address, window=0, source="127.0.0.2")
        self.addCleanup(reader.close)
        for stream in range(1, 40, 2):
            reader.start(stream, "ProcessContentStream")
            self.assertTrue(reader.send_data(stream, part))
        for _ in range(20):
            self.assert_answers()

    def test_streams_that_are_reset_at_once_cost_the_server_little(self):
        self.assert_answers()
        before = self.server.memory("VmHWM")
        sent = 0
        for _ in range(30):
            flood = self.connect("127.0.0.2")
            with contextlib.suppress(http2.Closed):
                for first in range(1, 20_000, 200):
                    flood.send(b"".join(
                        http2.frame(http2.HEADERS, http2.END_HEADERS, stream,
                                    http2.request_headers("ProcessContent"))
                        + http2.frame(http2.RST_STREAM, 0, stream, b"\0\0\0\x08")
                        for stream in range(first, first + 200, 2)))
                    sent += 100
        self.assert_answers()
        self.assert_grew_less(before, 128 * MEBIBYTE)  # as a third of them make it alone
        self.assertGreater(sent, 100_000)

    def test_a_flood_of_headers_ends_its_connection_and_does_not_reach_the_server(self):
        self.assert_answers()
        before = self.server.memory("VmHWM")
        flood = self.connect("127.0.0.2")
        field = http2.literal("x-filling", "y" * 100)
        block = field * (16_000 // len(field))
        with self.assertRaises(http2.Closed):
            flood.send(http2.frame(http2.HEADERS, 0, 1, http2.request_headers("Ping")))
            for _ in range(20 * MEBIBYTE // len(block)):
                flood.send(http2.frame(http2.CONTINUATION, 0, 1, block))
            flood.read_until(lambda: False)
        self.assert_answers()
        self.assert_grew_less(before, 8 * MEBIBYTE)
        self.assertEqual(self.calls_that_arrived(), 2, "the two Pings")

    def test_a_flood_of_connections_is_refused_and_does_not_reach_the_server(self):
        self.assert_answers()
        refused = 0
        for _ in range(1000):
            try:
                self.connect("127.0.0.2")
            except (http2.Closed, ConnectionError):
                refused += 1
        self.assertGreaterEqual(refused, 700)
        self.assertLess(len(os.listdir(f"/proc/{self.server.pid}/fd")), 100)
        self.assert_answers()
