"""ProcessUrl from web servers that mean no good, or do not know better."""

import contextlib
import gzip
import os
import socket
import unittest
import zlib

import grpc
import trawl
from trawl import FetchOptions
from trawl.v1 import content_pb2, content_pb2_grpc

from processes import PATIENCE
from url_fetching import LOOPBACK, failure, fetching
from web_server import WebServer, endless, held, packed, page, raw

LINE = b"see www.example.com\n"
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
MEBIBYTE = 1 << 20
PRECONDITION = "FAILED_PRECONDITION"
SHORT = FetchOptions(timeout_ms=300)
SANITIZED = os.environ["E2E_SANITIZED"] == "1"


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def bomb(size):
    """gzip of so many zeros, made without holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(MEBIBYTE)
    return b"".join([packer.compress(zeros) for _ in range(size // MEBIBYTE)] + [packer.flush()])


class UrlHostileTest(unittest.TestCase):
    def test_what_is_no_answer_has_its_own_reason(self):
        half = gzip.compress(LINE * 1000)[:-20]
        gzipped = HEAD + b"Content-Encoding: gzip\r\n"
        cases = {
            "/silent": (raw(), "URL_PROTOCOL_ERROR"),
            "/nonsense": (raw(b"\x00\x01\x02\x03" * 100), "URL_PROTOCOL_ERROR"),
            "/old": (raw(b"<html>www.example.com</html>"), "URL_PROTOCOL_ERROR"),
            "/half_head": (raw(b"HTTP/1.1 200 OK\r\nContent-Le"), "URL_PROTOCOL_ERROR"),
            "/short": (raw(HEAD + b"Content-Length: 100\r\n\r\n" + LINE), "URL_BODY_CUT_OFF"),
            "/short_chunk": (raw(CHUNKED + b"ff\r\n" + LINE), "URL_BODY_CUT_OFF"),
            "/no_last_chunk": (raw(CHUNKED + chunk(LINE)), "URL_BODY_CUT_OFF"),
            "/bad_chunk": (raw(CHUNKED + b"zz\r\n" + LINE), "URL_BODY_CUT_OFF"),
            "/half_gzip": (raw(gzipped + b"\r\n" + half), "URL_BODY_CUT_OFF"),
            "/no_gzip": (raw(gzipped + b"\r\n" + LINE), "URL_ENCODING_INVALID"),
            "/damaged_gzip": (page(gzip.compress(LINE)[:-8] + bytes(8), "Content-Encoding: gzip"),
                              "URL_ENCODING_INVALID"),
            "/damaged_br": (page(b"\xff" * 100, "Content-Encoding: br"), "URL_ENCODING_INVALID"),
            "/damaged_zstd": (page(LINE, "Content-Encoding: zstd"), "URL_ENCODING_INVALID"),
            "/twice": (page(LINE, "Content-Encoding: gzip, gzip"), "URL_ENCODING_INVALID"),
            "/two_headers": (page(LINE, "Content-Encoding: gzip", "Content-Encoding: br"),
                             "URL_ENCODING_INVALID"),
            "/unknown": (page(LINE, "Content-Encoding: exi"), "URL_ENCODING_INVALID"),
            "/transfer_gzip": (raw(HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n"
                                   + chunk(gzip.compress(LINE)) + b"0\r\n\r\n"),
                               "URL_ENCODING_INVALID"),
            "/headers": (page(LINE, *[f"X-{i}: {'y' * 100}" for i in range(700)]),
                         "URL_HEADERS_TOO_LARGE"),
            "/header": (raw(HEAD + b"X: " + b"y" * 300_000), "URL_HEADERS_TOO_LARGE"),
            "/trailers": (raw(CHUNKED + chunk(LINE) + b"0\r\n"
                              + b"".join(b"X-%d: %s\r\n" % (i, b"y" * 100) for i in range(700))),
                          "URL_HEADERS_TOO_LARGE"),
            "/announced": (raw(HEAD + b"Content-Length: 99999999999\r\n\r\n" + LINE),
                           "URL_BODY_TOO_LARGE"),
            "/large": (page(bytes(70_000)), "URL_BODY_TOO_LARGE"),
            "/large_packed": (packed(bytes(70_000)), "URL_BODY_TOO_LARGE"),
        }
        with WebServer({path: send for path, (send, _) in cases.items()}) as web, fetching(
                web, flags=(LOOPBACK, "--url_max_body_bytes=65536")) as (server, client):
            for path, (_, reason) in cases.items():
                self.assertEqual(failure(client, web.url(path)), (PRECONDITION, reason, "0"), path)
            self.assertEqual(client.ping().calls_in_flight, 0)

    def test_what_is_odd_and_no_harm_is_an_answer(self):
        pages = {
            "/chunked": raw(CHUNKED + chunk(LINE) * 3 + b"0\r\nX: y\r\n\r\n"),
            "/bytes": raw(CHUNKED, *[chunk(LINE[i:i + 1]) for i in range(len(LINE))],
                          b"0\r\n\r\n"),
            "/until_closed": raw(HEAD + b"\r\n" + LINE),
            "/more_than_said": raw(HEAD + b"Content-Length: 20\r\n\r\n" + LINE * 9),
            "/continue": raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + HEAD
                             + b"Content-Length: 20\r\n\r\n" + LINE),
            "/members": page(gzip.compress(LINE) * 3, "Content-Encoding: gzip"),
            "/packed_nothing": page(b"", "Content-Encoding: gzip"),
            "/identity": page(LINE, "Content-Encoding: identity"),
            "/type": page(LINE, "Content-Type: \xff\xfe/\x80"),
        }
        found = {"/chunked": 3, "/members": 3, "/packed_nothing": 0}
        with WebServer(pages) as web, fetching(web) as (_, client):
            for path in pages:
                result = client.process_url(web.url(path))
                self.assertEqual(result.content.total_count, found.get(path, 1), path)
                self.assertEqual(result.media_type, "")

    def test_what_does_not_come_in_time_is_over_in_time(self):
        pages = {"/nothing": held(), "/head": held(HEAD), "/body": held(
            HEAD + b"Content-Length: 1000\r\n\r\n" + LINE), "/dribble": dribble}
        with WebServer(pages) as web, fetching(web) as (_, client):
            for count, path in enumerate(pages, 1):
                self.assertEqual(failure(client, web.url(path), fetch=SHORT),
                                 ("DEADLINE_EXCEEDED", "URL_TIMEOUT", "0"), path)
                web.wait_for("closed", count)
            # The deadline of the call counts where it comes first.
            for count, path in enumerate(pages, 5):
                with self.assertRaises(trawl.DeadlineExceededError) as caught:
                    client.process_url(web.url(path), timeout=0.3)
                self.assertEqual(caught.exception.reason, "")
                web.wait_for("closed", count)

    def test_a_call_that_is_cancelled_closes_its_connection_at_once(self):
        pages = {"/nothing": held(), "/body": held(HEAD + b"Content-Length: 99\r\n\r\n" + LINE),
                 "/endless": endless(HEAD + b"\r\n", LINE * 1000)}
        with WebServer(pages) as web, fetching(web) as (server, _), \
                grpc.insecure_channel(server.address) as channel:
            stub = content_pb2_grpc.ContentServiceStub(channel)
            for count, path in enumerate(pages, 1):
                call = stub.ProcessUrl.future(content_pb2.ProcessUrlRequest(url=web.url(path)),
                                              timeout=PATIENCE)
                web.wait_for("asked", count)
                call.cancel()
                web.wait_for("closed", count)

    def test_a_host_that_takes_no_connections_is_unreachable(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            port = bound.getsockname()[1]
            with fetching(flags=(LOOPBACK, f"--url_port={port}")) as (_, client):
                self.assertEqual(failure(client, f"http://127.0.0.1:{port}/"),
                                 (PRECONDITION, "URL_UNREACHABLE", "0"))

    def test_a_body_without_end_ends_at_the_limit(self):
        pages = {"/plain": endless(HEAD + b"\r\n", LINE * 1000),
                 "/chunked": endless(CHUNKED, chunk(LINE * 1000)),
                 "/members": endless(HEAD + b"Content-Encoding: gzip\r\n\r\n",
                                     gzip.compress(b"") * 1000),
                 "/moved": endless(b"HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n", LINE),
                 "/end": page(LINE)}
        with WebServer(pages) as web, fetching(
                web, flags=(LOOPBACK, "--url_max_body_bytes=3000000")) as (_, client):
            for path in ("/plain", "/chunked", "/members"):
                self.assertEqual(failure(client, web.url(path)),
                                 (PRECONDITION, "URL_BODY_TOO_LARGE", "0"), path)
            self.assertEqual(client.process_url(web.url("/moved")).redirects, 1)

    def test_a_bomb_costs_no_memory(self):
        size = 256 * MEBIBYTE
        web = WebServer({"/bomb": page(bomb(size), "Content-Encoding: gzip"),
                         "/warm": packed(bytes(4 * MEBIBYTE)),
                         "/plain": endless(HEAD + b"\r\n", bytes(MEBIBYTE))})
        with web, fetching(web, flags=(LOOPBACK, f"--url_max_body_bytes={size}")) as (server,
                                                                                      client):
            for _ in range(3):
                client.process_url(web.url("/warm"))
            before = server.memory("VmRSS")
            self.assertEqual(client.process_url(web.url("/bomb")).body_bytes, size)
            self.assertEqual(failure(client, web.url("/bomb"),
                                     fetch=FetchOptions(max_body_bytes=size // 2)),
                             (PRECONDITION, "URL_BODY_TOO_LARGE", "0"))
            self.assertEqual(failure(client, web.url("/plain")),
                             (PRECONDITION, "URL_BODY_TOO_LARGE", "0"))
            if not SANITIZED:
                self.assertLess(server.memory("VmHWM") - before, 24 * MEBIBYTE)

    def test_a_thousand_fetches_that_wait_take_no_threads_and_others_are_answered(self):
        count, of_channel = 1000, 100
        flags = (LOOPBACK, "--url_max_fetches=1000", "--url_max_fetches_per_host=1000")
        with WebServer({"/": held()}) as web, fetching(web, flags=flags) as (server, client), \
                contextlib.ExitStack() as stack:
            threads = len(server.threads())
            stubs = [content_pb2_grpc.ContentServiceStub(stack.enter_context(grpc.insecure_channel(
                server.address, [("grpc.use_local_subchannel_pool", 1)])))
                     for _ in range(count // of_channel)]
            request = content_pb2.ProcessUrlRequest(url=web.url("/"))
            calls = [stub.ProcessUrl.future(request, timeout=PATIENCE)
                     for stub in stubs for _ in range(of_channel)]
            web.wait_for("asked", count)
            self.assertLessEqual(len(server.threads()), threads + 4)
            self.assertEqual(client.ping().calls_in_flight, count)
            self.assertEqual(client.extract(LINE).total_count, 1)
            for call in calls:
                call.cancel()
            web.wait_for("closed", count)


def dribble(connection):
    """A byte now and then: each alone would keep a timeout of reads from ending."""
    connection.send(HEAD + b"Content-Length: 100000\r\n\r\n")
    while not connection.server.released.wait(0.02):
        connection.send(b"a")
