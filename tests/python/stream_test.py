"""Content of any size in parts, and findings while it is sent."""

import asyncio
import io
import pathlib
import random
import tempfile
import threading
import unittest

import trawl
from clients import both
from processes import PATIENCE, Server

WORDS = ("www.example.com", "mail@example.org", "żółw", "a.b-c.net", "words", "docs.rs/x", "\n")
SMALL_PARTS = trawl.ClientOptions(timeout=PATIENCE, stream_timeout=PATIENCE, unary_bytes=1000,
                                  part_bytes=777)


def document(bytes_wanted):
    randomness = random.Random(8)
    text = ""
    while len(text) < bytes_wanted:
        text += randomness.choice(WORDS) + " "
    return text


def fifth_waits(waits, ended):
    """Parts of a quarter of what the server has room for, that nobody takes findings of."""
    try:
        for i in range(6):
            if i == 4:
                waits.set()
            assert i < 5, "nothing was read that makes room"
            yield b" " * (256 << 10)
    finally:
        ended.set()


class StreamTest(unittest.TestCase):
    def test_a_document_over_the_limit_of_a_message_gives_what_one_message_gives(self):
        text = document(20_000)
        data = text.encode()
        with tempfile.TemporaryDirectory() as folder, Server() as large, \
                Server("--max_content_bytes=5000") as small, \
                trawl.Client(large.address) as whole, \
                both(small.address, SMALL_PARTS) as clients:
            path = pathlib.Path(folder) / "content"
            path.write_bytes(data)
            for name, client in clients.items():
                for form in trawl.ResultForm:
                    options = trawl.ProcessOptions(result_form=form)
                    for content, source in ((text, text), (data, data), (path, data),
                                            (io.BytesIO(data), data)):
                        with self.subTest(client=name, form=form, content=type(content)):
                            expected = whole.extract(source, options)
                            result = client.extract(content, options)
                            for field in ("findings", "distinct", "spans", "counts", "total_count",
                                          "complete", "scanned_until", "chunk_errors"):
                                self.assertEqual(getattr(result, field), getattr(expected, field))

    def test_findings_come_while_content_is_sent(self):
        with Server() as server, both(server.address) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    arrived = []

                    def parts():
                        # What follows is sent only once the first finding is here.
                        yield b"www.example.com ".ljust(1 << 20)
                        while not arrived:
                            yield b" " * (64 << 10)
                        yield b"example.org"

                    with client.extract_stream(parts()) as stream:
                        with self.assertRaises(ValueError):
                            stream.result
                        for finding in stream:
                            arrived.append(finding.value)
                        self.assertTrue(stream.result.complete)
                        self.assertEqual(stream.scanned_until, stream.result.stats.bytes)
                    self.assertEqual(arrived, ["www.example.com", "example.org"])

    def test_content_is_taken_as_the_server_has_room_for_it(self):
        size = 256 << 10
        room = 1 << 20
        behind = []
        streams = []

        def parts():
            for i in range(256):
                if streams:
                    behind.append(i * size - streams[-1].scanned_until)
                yield b" " * size

        with Server() as server, both(server.address) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    streams.clear()
                    behind.clear()
                    with client.extract_stream(parts()) as stream:
                        streams.append(stream)
                        self.assertEqual(list(stream), [])
                        self.assertEqual(stream.result.stats.bytes, 256 * size)
                    self.assertGreater(len(behind), 200)
                    # A part more than there was room for, one that waits, and the server's reach.
                    self.assertLess(max(behind), room + 2 * size + (4 << 10))

    def test_a_stream_that_waits_for_room_ends_with_its_call(self):
        with Server() as server, trawl.Client(server.address) as client:
            for timeout in (None, 1):
                with self.subTest(timeout=timeout):
                    waits, ended = threading.Event(), threading.Event()
                    stream = client.extract_stream(fifth_waits(waits, ended), timeout=timeout)
                    if timeout is None:
                        self.assertTrue(waits.wait(PATIENCE))
                        stream.close()
                    del stream
                    self.assertTrue(ended.wait(PATIENCE))

    def test_an_empty_document_is_answered(self):
        with Server() as server, both(server.address) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    for content in (b"", "", io.BytesIO(), [], [b"", b""]):
                        with client.extract_stream(content) as stream:
                            self.assertEqual(list(stream), [])
                            self.assertEqual((stream.result.total_count, stream.result.complete),
                                             (0, True))

    def test_errors_of_the_options_and_of_the_source_are_raised(self):
        def broken():
            yield b"www.example.com "
            raise OSError("the disk is gone")

        with Server() as server, both(server.address) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    wrong = trawl.ProcessOptions(chunk_count=5000)
                    with self.assertRaises(trawl.InvalidRequestError) as caught:
                        list(client.extract_stream(b"x", wrong))
                    self.assertEqual(caught.exception.field, "options.chunk_count")
                    with self.assertRaisesRegex(OSError, "the disk is gone"):
                        list(client.extract_stream(broken()))
                    with self.assertRaisesRegex(TypeError, "binary mode"):
                        list(client.extract_stream(["text"]))

    def test_a_stream_that_is_left_ends_its_call(self):
        def endless():
            while True:
                yield b"www.example.com ".ljust(64 << 10)

        with Server() as server, both(server.address) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    with client.extract_stream(endless()) as stream:
                        self.assertEqual(next(stream).value, "www.example.com")
                    while client.ping().calls_in_flight:
                        pass


class AsyncStreamTest(unittest.IsolatedAsyncioTestCase):
    async def test_asynchronous_sources_are_awaited(self):
        class Upload:
            def __init__(self, data):
                self._file = io.BytesIO(data)

            async def read(self, size):
                return self._file.read(size)

        async def parts():
            for word in (b"see www.exam", b"ple.com"):
                yield word

        with Server() as server:
            async with trawl.AsyncClient(server.address, SMALL_PARTS) as client:
                async with client.extract_stream(parts()) as stream:
                    self.assertEqual([f.value async for f in stream], ["www.example.com"])
                for size in (10, 5000):
                    data = b"www.example.com".rjust(size)
                    result = await client.extract(Upload(data))
                    self.assertEqual([f.end for f in result.findings], [len(data)])

    async def test_a_stream_that_waits_for_room_ends_with_its_call(self):
        async def parts(waits):
            for part in fifth_waits(waits, asyncio.Event()):
                yield part

        with Server() as server:
            async with trawl.AsyncClient(server.address) as client:
                for timeout in (None, 1):
                    with self.subTest(timeout=timeout):
                        waits = asyncio.Event()
                        stream = client.extract_stream(parts(waits), timeout=timeout)
                        if timeout is None:
                            await waits.wait()
                            stream.close()
                        while len(asyncio.all_tasks()) > 1:  # those of the call
                            await asyncio.sleep(0)
