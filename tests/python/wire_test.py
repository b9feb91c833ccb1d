"""Requests put together by hand are what protobuf would have written."""

import random
import unittest

from trawl import _wire
from trawl.v1 import content_pb2

SIZES = (0, 1, 127, 128, 16_383, 16_384, 3 << 20)


class WireTest(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(20261127)
        self.options = content_pb2.ProcessOptions(chunk_count=7, unicode_values=True)
        self.wire = self.options.SerializeToString()

    def test_content(self):
        for size in SIZES:
            data = self.random.randbytes(size)
            for pieces in ([data], [data[:size // 3], memoryview(data)[size // 3:]]):
                request = content_pb2.ProcessContentRequest.FromString(
                    _wire.content(pieces, self.wire))
                self.assertEqual(request, content_pb2.ProcessContentRequest(
                    data=data, options=self.options))

    def test_batch(self):
        documents = [self.random.randbytes(size) for size in SIZES]
        request = content_pb2.ProcessContentBatchRequest.FromString(
            _wire.batch(documents, self.wire))
        self.assertEqual([document.data for document in request.documents], documents)
        self.assertEqual([document.WhichOneof("content") for document in request.documents],
                         ["data"] * len(SIZES))
        self.assertEqual(request.options, self.options)

    def test_text(self):
        self.assertEqual(content_pb2.AddContentRequest.FromString(_wire.text("ż".encode())),
                         content_pb2.AddContentRequest(data="ż"))

    def test_explain(self):
        for size in SIZES:
            data = self.random.randbytes(size)
            request = content_pb2.ExplainRequest.FromString(
                _wire.explain(bytearray(data), size // 2, self.wire))
            self.assertEqual(request, content_pb2.ExplainRequest(
                data=data, offset=size // 2, options=self.options))

    def test_stream(self):
        request = content_pb2.ProcessContentStreamRequest
        for size in SIZES:
            data = self.random.randbytes(size)
            self.assertEqual(request.FromString(_wire.first_part(data, self.wire)),
                             request(data=data, options=self.options))
            self.assertEqual(request.FromString(_wire.part(data)), request(data=data))
