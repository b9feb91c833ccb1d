"""Connections that have become old: calls and streams on them, and how a stream goes on that was cut."""

import contextlib
import itertools
import threading
import unittest

import grpc
from trawl.v1 import content_pb2, content_pb2_grpc

import http2
from processes import PATIENCE, Server

STREAM = "ProcessContentStream"
PING = content_pb2.PingRequest(payload=b"hello").SerializeToString()
LINE = b"see www.example.com and mail.example.org, or not\n"


def part(data):
    return http2.message(content_pb2.ProcessContentStreamRequest(data=data).SerializeToString())


class AgeTest(unittest.TestCase):
    def test_a_stream_on_an_old_connection_goes_on_within_the_grace(self):
        with Server("--connection_age_seconds=1") as server, \
                http2.Connection(server.address, timeout=PATIENCE) as connection:
            connection.start(1, STREAM)
            connection.send_data(1, part(LINE))
            with self.assertRaises(http2.Closed):  # the server says that it takes no new streams
                connection.read_until(lambda: False)
            connection.send_data(1, part(LINE), end=True)
            for _ in range(3):  # it may say so again
                with contextlib.suppress(http2.Closed):
                    connection.read_until(lambda: 1 in connection.ended)
            answer = content_pb2.ProcessContentStreamResponse.FromString(connection.data[1][5:])
            self.assertEqual((answer.total_count, answer.complete), (4, True))

    def test_after_the_grace_a_stream_is_cut_and_nothing_is_left_of_it(self):
        with Server("--connection_age_seconds=1", "--connection_grace_seconds=1") as server:
            with http2.Connection(server.address, timeout=PATIENCE) as connection:
                connection.start(1, STREAM)
                connection.send_data(1, part(LINE))
                for _ in range(2):  # GOAWAY, then the end
                    with contextlib.suppress(http2.Closed):
                        connection.read_until(lambda: False)
            with http2.Connection(server.address) as other:
                streams = itertools.count(1, 2)
                while content_pb2.PingResponse.FromString(
                        other.call(next(streams), "Ping", PING)).calls_in_flight > 0:
                    pass

    def test_a_stream_that_was_cut_goes_on_where_it_had_come_to(self):
        """As the contract says: from scanned_until, a little before it."""
        content = LINE * 20_000
        with Server("--connection_age_seconds=1", "--connection_grace_seconds=1") as server, \
                grpc.insecure_channel(server.address) as channel:
            stub = content_pb2_grpc.ContentServiceStub(channel)
            context = stub.GetCapabilities(content_pb2.GetCapabilitiesRequest(),
                                           timeout=PATIENCE).context_bytes
            found, known, cuts = [], 0, 0  # all that begin before `known` are found
            cut = threading.Event()

            def parts(begin):
                for at in range(begin, len(content), 20_000):
                    yield content_pb2.ProcessContentStreamRequest(data=content[at:at + 20_000])
                    if at > len(content) // 2:
                        cut.wait(PATIENCE)

            last = None
            while last is None or not last.complete:
                begin, known_before = max(0, known - context), known
                found = [at for at in found if at < known]
                stream = stub.ProcessContentStream(parts(begin), timeout=PATIENCE)
                try:
                    for last in stream:
                        found += [begin + finding.begin for finding in last.findings
                                  if begin + finding.begin >= known_before]
                        known = begin + last.scanned_until
                except grpc.RpcError as error:
                    self.assertIn(error.code(), (grpc.StatusCode.UNAVAILABLE,
                                                 grpc.StatusCode.CANCELLED))
                    cuts += 1
                    cut.set()
            whole = stub.ProcessContent(content_pb2.ProcessContentRequest(data=content),
                                        timeout=PATIENCE)
        self.assertEqual(cuts, 1)
        self.assertTrue(found == [finding.begin for finding in whole.findings])
