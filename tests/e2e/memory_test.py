"""What hostile or careless clients cost of the server's memory, as /proc tells it from outside."""

import contextlib
import itertools
import os
import struct
import unittest
import zlib

import grpc
from trawl.v1 import content_pb2, content_pb2_grpc

import http2
from processes import PATIENCE, Server

KIBIBYTE = 1 << 10
MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30
PING = content_pb2.PingRequest(payload=b"hello").SerializeToString()


def ping(connection, stream=1):
    return content_pb2.PingResponse.FromString(connection.call(stream, "Ping", PING))


class MemoryTest(unittest.TestCase):
    def setUp(self):
        if os.environ["E2E_SANITIZED"] == "1":
            self.skipTest("under sanitizers, memory says nothing about the server")

    def assert_answers(self, server):
        with http2.Connection(server.address) as connection:
            self.assertEqual(ping(connection).payload, b"hello")

    @contextlib.contextmanager
    def growing_at_most(self, server, most):
        self.assert_answers(server)
        before = server.memory("VmHWM")
        yield
        self.assertLessEqual(server.memory("VmHWM") - before, most)

    def test_a_gibibyte_to_a_limit_of_32_mebibytes_costs_no_more_than_the_quota(self):
        with Server() as server:
            quota = server.options["memory_quota_bytes"]
            with self.growing_at_most(server, quota + 32 * MEBIBYTE), \
                    http2.Connection(server.address) as connection:
                connection.start(1, "ProcessContent")
                with contextlib.suppress(http2.Closed):
                    connection.send_data(1, struct.pack(">BI", 0, GIBIBYTE))
                    while connection.send_data(1, bytes(MEBIBYTE)):
                        pass
                    self.assertIn(1, connection.ended)
            self.assert_answers(server)

    def test_a_gibibyte_of_zeros_compressed_is_refused(self):
        for encoding, window_bits in (("gzip", 31), ("deflate", 15)):
            packer = zlib.compressobj(9, zlib.DEFLATED, window_bits)
            first, again = (packer.compress(bytes(MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
                            for _ in range(2))
            bomb = http2.message(first + again * 1023, compressed=True)
            with Server() as server, self.growing_at_most(server, 32 * MEBIBYTE), \
                    http2.Connection(server.address) as connection:
                connection.start(1, "ProcessContent", [("grpc-encoding", encoding)])
                connection.send_data(1, bomb, end=True)
                connection.read_until(lambda: 1 in connection.ended)  # pylint: disable=W0640
                self.assertNotIn(1, connection.data, "no answer")

    def test_idle_connections_cost_little_and_are_served(self):
        count = int(os.environ.get("E2E_IDLE_CONNECTIONS", "1000"))
        with Server() as server, contextlib.ExitStack() as stack:
            with self.growing_at_most(server, count * 32 * KIBIBYTE):
                connections = [stack.enter_context(http2.Connection(server.address))
                               for _ in range(count)]
                for connection in connections:
                    self.assertEqual(ping(connection).payload, b"hello")

    def test_idle_connections_are_closed_in_the_end(self):
        with Server("--connection_idle_seconds=1") as server, \
                http2.Connection(server.address, timeout=PATIENCE) as connection:
            ping(connection)
            with self.assertRaises(http2.Closed):
                connection.read_until(lambda: False)

    def test_200_dense_answers_that_nobody_reads_are_bounded_and_cancelled_in_the_end(self):
        limit = 80 * MEBIBYTE
        content = b"a.com b.org c.net " * 50_000
        for unit in (content_pb2.OFFSET_UNIT_BYTES, content_pb2.OFFSET_UNIT_CODE_POINTS):
            with self.subTest(unit=unit), self._unread(content, 200, unit, limit) as server:
                with grpc.insecure_channel(server.address) as channel, \
                        http2.Connection(server.address) as other:
                    stub = content_pb2_grpc.ContentServiceStub(channel)
                    streams = itertools.count(1, 2)
                    most = 0
                    while (flying := ping(other, next(streams))).calls_in_flight > 0:
                        most = max(most, flying.bytes_in_flight)
                    self.assertGreater(most, limit / 2)
                    stub.ProcessContent(content_pb2.ProcessContentRequest(data=b"x"),
                                        timeout=PATIENCE)

    @contextlib.contextmanager
    def _unread(self, content, count, unit, limit):
        """A server with so many calls whose answers nobody reads. In the end its memory must have
        been no more than the bytes in flight, one more answer, what workers build answers with, and
        requests that were on their way."""
        options = content_pb2.ProcessOptions(offset_unit=unit)
        request = http2.message(content_pb2.ProcessContentRequest(
            data=content, options=options).SerializeToString())
        with Server("--delivery_seconds=5", f"--max_bytes_in_flight={limit}") as server, \
                contextlib.ExitStack() as readers:
            with self.growing_at_most(server, limit + 128 * MEBIBYTE):
                for _ in range(count // 50):
                    reader = readers.enter_context(http2.Connection(server.address, window=0))
                    for stream in range(1, 100, 2):
                        reader.start(stream, "ProcessContent")
                        reader.send_data(stream, request, end=True)
                yield server

    def test_messages_that_never_end_cost_what_was_sent_and_hold_up_nobody(self):
        part = struct.pack(">BI", 0, MEBIBYTE) + bytes(32 * KIBIBYTE)
        connections, streams = 20, 50
        sent = connections * streams * len(part)
        with Server() as server, contextlib.ExitStack() as stack:
            with self.growing_at_most(server, 2 * sent + 16 * MEBIBYTE):
                for _ in range(connections):
                    writer = stack.enter_context(http2.Connection(server.address))
                    for stream in range(1, 2 * streams, 2):
                        writer.start(stream, "ProcessContent")
                        self.assertTrue(writer.send_data(stream, part))
                with http2.Connection(server.address) as other:
                    self.assertEqual(ping(other).calls_in_flight, 0)
