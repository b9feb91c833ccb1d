"""What streams cost of the server's memory, as /proc tells it from outside: long ones, many at once,
of callers that do not read, and left open."""

import contextlib
import itertools
import os
import unittest

import grpc
from trawl.v1 import content_pb2, content_pb2_grpc

import http2
from processes import PATIENCE, Server

KIBIBYTE = 1 << 10
MEBIBYTE = 1 << 20
STREAM = "ProcessContentStream"
PING = content_pb2.PingRequest(payload=b"hello").SerializeToString()
PROSE = (b"It was the best of times, it was the worst of times, see www.example.com, it was\n"
         + b"the age of wisdom, it was the age of foolishness, it was the epoch of belief,\n" * 50)
DENSE = b"a.com b.org c.net "


def part(data):
    return http2.message(content_pb2.ProcessContentStreamRequest(data=data).SerializeToString())


def ping(connection, stream):
    return content_pb2.PingResponse.FromString(connection.call(stream, "Ping", PING))


class StreamMemoryTest(unittest.TestCase):
    def setUp(self):
        if os.environ["E2E_SANITIZED"] == "1":
            self.skipTest("under sanitizers, memory says nothing about the server")
        self.connections = contextlib.ExitStack()
        self.addCleanup(self.connections.close)

    def connect(self, server, window=None):
        return self.connections.enter_context(http2.Connection(server.address, window=window))

    def stub(self, server):
        channel = self.connections.enter_context(grpc.insecure_channel(server.address))
        return content_pb2_grpc.ContentServiceStub(channel)

    @contextlib.contextmanager
    def growing_at_most(self, server, most):
        with http2.Connection(server.address) as connection:
            ping(connection, 1)
        before = server.memory("VmHWM")
        yield
        self.assertLessEqual((server.memory("VmHWM") - before) >> 10, most >> 10, "KiB")

    def test_a_gibibyte_in_a_stream_costs_at_most_64_mebibytes(self):
        lines = MEBIBYTE // len(PROSE)
        request = content_pb2.ProcessContentStreamRequest(data=PROSE * lines)
        with Server() as server, self.growing_at_most(server, 64 * MEBIBYTE):
            last = None
            for last in self.stub(server).ProcessContentStream(itertools.repeat(request, 1024),
                                                               timeout=PATIENCE):
                pass
            self.assertTrue(last.complete)
            self.assertEqual(last.total_count, 1024 * lines)
            self.connections.close()

    def test_streams_of_callers_that_do_not_read_are_bounded_and_ended(self):
        limit = 80 * MEBIBYTE
        # What streams have beyond the limit, and what the transport holds of the last part of each.
        most = limit + 64 * MEBIBYTE + 64 * MEBIBYTE
        content = part(DENSE * (256 * KIBIBYTE // len(DENSE)))
        with Server("--stream_idle_seconds=3", f"--max_bytes_in_flight={limit}") as server:
            other = self.connect(server)
            with self.growing_at_most(server, most):
                for _ in range(4):
                    reader = self.connect(server, window=0)
                    for stream in range(1, 40, 2):
                        reader.start(stream, STREAM)
                        for _ in range(4):
                            reader.send_data(stream, content)
                streams = itertools.count(1, 2)
                self.assertGreater(max(ping(other, next(streams)).bytes_in_flight
                                       for _ in range(100)), 60 * MEBIBYTE)
                while ping(other, next(streams)).calls_in_flight > 0:
                    pass
            answer = self.stub(server).ProcessContent(
                content_pb2.ProcessContentRequest(data=DENSE), timeout=PATIENCE)
            self.assertEqual(answer.total_count, 3)
            self.connections.close()

    def test_what_the_contract_has_room_for_is_taken_in_though_no_answer_is_read(self):
        room = MEBIBYTE
        parts = [300 * KIBIBYTE] * 3
        parts.append(room - sum(parts) - 1)
        parts.append(16 * MEBIBYTE)  # begins within the room
        with Server() as server:
            reader = self.connect(server, window=0)
            reader.start(1, STREAM)
            for size in parts:
                reader.send_data(1, part((DENSE * (size // len(DENSE) + 1))[:size]))
            other = self.connect(server)
            streams = itertools.count(1, 2)
            # All but what has been searched, one window after the other, until two answers wait.
            while ping(other, next(streams)).bytes_in_flight < sum(parts) - room:
                pass
            self.connections.close()

    def test_thousands_of_idle_streams_cost_little_and_go_on(self):
        connections, each = 20, 100
        count = connections * each
        with Server("--max_calls_in_flight=5000",
                    f"--max_bytes_in_flight={5000 * MEBIBYTE}") as server:
            opened = [self.connect(server) for _ in range(connections)]
            with self.growing_at_most(server, count * 64 * KIBIBYTE):
                for connection in opened:
                    for stream in range(1, 2 * each, 2):
                        connection.start(stream, STREAM)
                        connection.send_data(stream, part(DENSE))
                with http2.Connection(server.address) as other:
                    streams = itertools.count(1, 2)
                    while ping(other, next(streams)).calls_in_flight < count:
                        pass
                for connection in opened:
                    for stream in range(1, 2 * each, 2):
                        connection.send_data(stream, part(DENSE), end=True)
                    connection.read_until(lambda: len(connection.ended) == each)  # pylint: disable=W0640
                    for stream in range(1, 2 * each, 2):
                        answer = content_pb2.ProcessContentStreamResponse.FromString(
                            connection.data[stream][5:])
                        self.assertEqual(answer.total_count, 6)
            self.connections.close()

    def test_more_streams_than_there_is_room_for_are_refused(self):
        with Server("--stream_idle_seconds=3", f"--max_bytes_in_flight={70 * MEBIBYTE}") as server:
            opened = self.connect(server)
            for stream in range(1, 2 * 70, 2):
                opened.start(stream, STREAM)
                opened.send_data(stream, part(b"x"))
            other = self.connect(server)
            streams = itertools.count(1, 2)
            while ping(other, next(streams)).calls_in_flight < 70:
                pass
            stub = self.stub(server)
            with self.assertRaises(grpc.RpcError) as refused:
                next(stub.ProcessContentStream(iter(()), timeout=PATIENCE))
            self.assertEqual(refused.exception.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
            self.assertIn("grpc-retry-pushback-ms", dict(refused.exception.trailing_metadata()))
            while ping(other, next(streams)).calls_in_flight > 0:
                pass  # those left open are ended
            self.assertTrue(next(stub.ProcessContentStream(iter(()), timeout=PATIENCE)).complete)
            self.connections.close()
