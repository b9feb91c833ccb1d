"""Limits for each address that connects."""

import queue
import unittest

import grpc
from trawl.google.rpc import error_details_pb2, status_pb2
from trawl.v1 import content_pb2, content_pb2_grpc

import http2
from processes import PATIENCE, Server, trawld

DOCUMENT = content_pb2.ProcessContentRequest(text="see www.example.com")


class OpenStreams:
    """Streams that have begun and go on until closed."""

    def __init__(self, stub, count):
        self._ends = [queue.Queue() for _ in range(count)]
        self._answers = [stub.ProcessContentStream(iter(end.get, None), timeout=PATIENCE)
                         for end in self._ends]
        for end, answers in zip(self._ends, self._answers):
            end.put(content_pb2.ProcessContentStreamRequest(data=b"www.example.com " * 1024))
            next(answers)

    def close(self):
        for end, answers in zip(self._ends, self._answers):
            end.put(None)
            for _ in answers:
                pass
            assert answers.code() == grpc.StatusCode.OK


class PeerLimitsTest(unittest.TestCase):
    def refusal(self, stub):
        with self.assertRaises(grpc.RpcError) as refused:
            stub.ProcessContent(DOCUMENT, timeout=PATIENCE)
        error = refused.exception
        self.assertEqual(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED, error)
        trailers = dict(error.trailing_metadata())
        self.assertGreater(int(trailers["grpc-retry-pushback-ms"]), 0)
        info = error_details_pb2.ErrorInfo()
        retry = error_details_pb2.RetryInfo()
        status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
        self.assertTrue(any([detail.Unpack(info) for detail in status.details]))
        self.assertTrue(any([detail.Unpack(retry) for detail in status.details]))
        self.assertEqual(info.reason, "PEER_LIMIT")
        self.assertGreater(retry.retry_delay.ToMilliseconds(), 0)
        return dict(info.metadata), error.details()

    def test_a_peer_over_its_calls_is_refused_and_others_are_served(self):
        with Server("--max_calls_per_peer=3") as server:
            with grpc.insecure_channel(server.address, [("grpc.enable_retries", 0)]) as channel:
                stub = content_pb2_grpc.ContentServiceStub(channel)
                streams = OpenStreams(stub, 3)
                metadata, message = self.refusal(stub)
                self.assertEqual(metadata, {"value": "4", "limit": "3", "unit": "calls"})
                self.assertIn("127.0.0.1 ", message)
                stub.Ping(content_pb2.PingRequest(), timeout=PATIENCE)
                other = http2.Connection(server.address, source="127.0.0.2")
                answer = other.call(1, "ProcessContent", DOCUMENT.SerializeToString())
                self.assertEqual(
                    content_pb2.ProcessContentResponse.FromString(answer).total_count, 1)
                other.close()
                streams.close()
                self.assertEqual(stub.ProcessContent(DOCUMENT, timeout=PATIENCE).total_count, 1)

    def test_a_peer_over_its_bytes_is_refused(self):
        # A stream counts as a mebibyte.
        with Server("--max_content_bytes=1000000", "--max_bytes_per_peer=2100000") as server:
            with grpc.insecure_channel(server.address, [("grpc.enable_retries", 0)]) as channel:
                stub = content_pb2_grpc.ContentServiceStub(channel)
                streams = OpenStreams(stub, 2)
                request = content_pb2.ProcessContentRequest(data=b"x" * 10_000)
                with self.assertRaises(grpc.RpcError) as refused:
                    stub.ProcessContent(request, timeout=PATIENCE)
                self.assertIn("bytes in flight", refused.exception.details())
                streams.close()
                self.assertEqual(stub.ProcessContent(request, timeout=PATIENCE).total_count, 0)

    def test_without_the_option_there_is_no_limit(self):
        with Server() as server, grpc.insecure_channel(server.address) as channel:
            stub = content_pb2_grpc.ContentServiceStub(channel)
            streams = OpenStreams(stub, 100)
            self.assertEqual(stub.ProcessContent(DOCUMENT, timeout=PATIENCE).total_count, 1)
            streams.close()

    def test_a_limit_that_no_message_fits_is_refused_at_the_start(self):
        ended = trawld("--max_bytes_per_peer=1000")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("--max_bytes_per_peer is 1000", ended.stderr)
