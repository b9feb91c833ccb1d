"""ProcessUrl: what comes of pages, redirects and limits."""

import dataclasses
import functools
import gzip
import os
import threading
import unittest

import trawl
from trawl import FetchOptions, ProcessOptions, ResultForm

from processes import PATIENCE, Server
from url_fetching import LOOPBACK, failure, fetching
from web_server import WebServer, held, packed, page, redirect, stored

HTML = "Content-Type: Text/HTML; charset=utf-8"
LINE = b"GET http://www.example.com/ from mail.example.org, me@example.net\n"
UTF16 = "see www.example.com and \u017c\u00f3\u0142w.example.pl".encode("utf-16")


def without_stats(result):
    return dataclasses.replace(result, stats=None)


class UrlAnswerTest(unittest.TestCase):
    def test_a_body_gives_what_process_content_gives_for_it(self):
        bodies = {"/empty": b"", "/small": LINE, "/text": b"\xc5\xbc\xc3\xb3\xc5\x82w.pl " + LINE,
                  "/large": LINE * 12_000, "/zeros": bytes(300_000) + LINE, "/utf16": UTF16,
                  "/utf16large": "see www.example.com, \u017c.example.pl\n".encode("utf-16-le")
                                 * 6_000}
        bodies["/utf16large"] = b"\xff\xfe" + bodies["/utf16large"]
        encoders = {"gzip": lambda body: gzip.compress(body, 9),
                    "br": functools.partial(stored, "br"), "zstd": functools.partial(stored, "zstd")}
        pages, sent = {}, {}
        for path, body in bodies.items():
            pages[path], sent[path] = page(body, HTML), body
            for encoding, encode in encoders.items():
                sent[f"/{encoding}{path}"] = encode(body)
                pages[f"/{encoding}{path}"] = page(encode(body), HTML,
                                                   f"Content-Encoding: {encoding}")
        kinds = [trawl.Kind.DOMAIN, trawl.Kind.URL, trawl.Kind.EMAIL]
        every = [ProcessOptions(), ProcessOptions(kinds=kinds), ProcessOptions(max_findings=3),
                 ProcessOptions(offset_unit=trawl.OffsetUnit.CODE_POINTS),
                 *(ProcessOptions(result_form=form) for form in ResultForm)]
        with WebServer(pages) as web, fetching(web) as (_, client):
            for path in pages:
                body = bodies["/" + path.rsplit("/", 1)[1]]
                for options in every[:1] if path.startswith(("/br", "/zstd")) else every:
                    fetched = client.process_url(web.url(path), options)
                    encoding = options.encoding or trawl.Encoding.AUTO
                    whole = client.extract(body, dataclasses.replace(options, encoding=encoding))
                    self.assertEqual(without_stats(fetched.content), without_stats(whole), path)
                    self.assertEqual(fetched.content.stats.bytes, len(body))
                    self.assertEqual((fetched.http_status, fetched.media_type), (200, "text/html"))
                    self.assertEqual((fetched.body_bytes, fetched.body), (len(body), b""))
                    self.assertEqual(fetched.received_bytes, len(sent[path]))
                    self.assertEqual((fetched.final_url, fetched.redirects), (web.url(path), 0))
                    self.assertEqual((fetched.http_version, fetched.body_whole), ("1.1", False))

    def test_an_http_error_is_an_answer(self):
        pages = {f"/{code}": page(LINE, "Content-Type: text/plain", status=f"{code} Indeed")
                 for code in (201, 300, 400, 404, 418, 500, 503)}
        pages["/304"] = page(b"", status="304 Not Modified")
        pages["/nowhere"] = page(LINE, status="302 Found")
        pages["/old"] = page(LINE, status="200 OK", version="HTTP/1.0")
        with WebServer(pages) as web, fetching(web) as (_, client):
            for path in pages:
                result = client.process_url(web.url(path))
                code = {"/nowhere": 302, "/old": 200}.get(path) or int(path[1:])
                self.assertEqual(result.http_status, code)
                self.assertEqual(result.content.total_count, 0 if code == 304 else 3)
                self.assertTrue(result.content.complete)
                self.assertEqual(result.http_version, "1.0" if path == "/old" else "1.1")

    def test_redirects_are_followed_and_told(self):
        pages = {"/a": redirect("/b?x=1"), "/b?x=1": redirect("c/d", "301 Moved"),
                 "/c/d": redirect("../e e", "308 Permanent Redirect"), "/e%20e": page(LINE)}
        with WebServer({}) as web, WebServer({}) as other, fetching(web, other) as (_, client):
            web.pages |= pages | {"/away": redirect(other.url("/f#part", host="localhost"))}
            other.pages["/f"] = page(LINE)
            result = client.process_url(web.url("/a#part"))
            self.assertEqual((result.final_url, result.redirects), (web.url("/e%20e"), 3))
            self.assertEqual(result.content.total_count, 3)
            result = client.process_url(web.url("/away"))
            self.assertEqual((result.final_url, result.redirects),
                             (other.url("/f", host="localhost"), 1))

    def test_the_body_comes_along_where_it_is_asked_for(self):
        body = LINE * 3000
        with WebServer({"/": page(body), "/packed": packed(body), "/empty": page(b"")}) as web, \
                fetching(web, flags=(LOOPBACK, "--url_max_included_body_bytes=100000")
                         ) as (_, client):
            for path in ("/", "/packed"):
                result = client.process_url(web.url(path), fetch=FetchOptions(include_body=True))
                self.assertEqual((result.body, result.body_whole), (body[:100_000], False))
                self.assertEqual(result.body_bytes, len(body))
                result = client.process_url(web.url(path), fetch=FetchOptions(
                    include_body=True, max_included_body_bytes=10))
                self.assertEqual(result.body, body[:10])
            result = client.process_url(web.url("/empty"), fetch=FetchOptions(include_body=True))
            self.assertEqual((result.body, result.body_whole), (b"", True))

    def test_media_types_are_asked_for_and_held_to(self):
        pages = {"/html": page(LINE, HTML), "/none": page(LINE), "/odd": page(LINE, "Content-Type: x"),
                 "/error": page(LINE, "Content-Type: image/png", status="404 Not Found")}
        text = FetchOptions(accept_media_types=["text/*", "Application/JSON"])
        with WebServer(pages) as web, fetching(web) as (_, client):
            result = client.process_url(web.url("/html"), fetch=text)
            self.assertEqual(result.media_type, "text/html")
            self.assertIn("\r\nAccept: text/*, application/json\r\n", web.heads[-1])
            self.assertEqual(client.process_url(web.url("/error"), fetch=text).http_status, 404)
            for path in ("/none", "/odd"):
                self.assertEqual(client.process_url(web.url(path)).media_type, "")
                self.assertEqual(failure(client, web.url(path), fetch=text), (
                    "FAILED_PRECONDITION", "URL_MEDIA_TYPE_NOT_ACCEPTED", "0"))

    def test_requests_say_who_asks_and_nothing_of_those_who_asked_before(self):
        cookie = page(LINE, "Set-Cookie: a=b; Path=/", "Alt-Svc: h2=\":1\"")
        with WebServer({"/": cookie}) as web, fetching(
                web, http_proxy="http://127.0.0.1:1", all_proxy="http://127.0.0.1:1",
                HOME=SOURCE_WITHOUT_NETRC) as (_, client):
            version = client.capabilities().version
            client.process_url(web.url("/"))
            client.process_url(web.url("/"), fetch=FetchOptions(user_agent="a test/1"))
            self.assertEqual(web.heads[0], f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\n"
                             f"User-Agent: trawl/{version}\r\nAccept: */*\r\n"
                             "Accept-Encoding: gzip, br, zstd\r\n\r\n")
            self.assertEqual(web.heads[1], web.heads[0].replace(f"trawl/{version}", "a test/1"))
            self.assertEqual(web.count("connected"), 1)


SOURCE_WITHOUT_NETRC = os.devnull


class UrlLimitTest(unittest.TestCase):
    def test_capabilities_tell_the_limits_that_hold(self):
        flags = ("--enable_url_fetch=true", "--url_timeout_ms=4000", "--url_max_body_bytes=5000",
                 "--url_max_redirects=3", "--url_max_included_body_bytes=600",
                 "--url_max_fetches=7", "--url_max_fetches_per_host=2", "--url_port=8080,80")
        with Server(*flags) as server, trawl.Client(server.address) as client:
            known = client.capabilities()
            self.assertEqual(known.url_fetching, trawl.UrlFetching(
                4000, 5000, 3, 600, 8192, 65536, 7, 2, f"trawl/{known.version}", (80, 8080)))
            for fetch, field, limit in (
                    (FetchOptions(timeout_ms=4001), "fetch.timeout_ms", 4000),
                    (FetchOptions(max_body_bytes=5001), "fetch.max_body_bytes", 5000),
                    (FetchOptions(max_redirects=4), "fetch.max_redirects", 3),
                    (FetchOptions(max_included_body_bytes=601), "fetch.max_included_body_bytes",
                     600),
                    (FetchOptions(user_agent="x" * 257), "fetch.user_agent", 256),
                    (FetchOptions(user_agent="a\r\nb"), "fetch.user_agent", None),
                    (FetchOptions(accept_media_types=["text"]), "fetch.accept_media_types[0]", None),
                    (FetchOptions(accept_media_types=["a/b\r\nX: y"]),
                     "fetch.accept_media_types[0]", None),
                    (FetchOptions(accept_media_types=["a/b"] * 17), "fetch.accept_media_types",
                     16)):
                with self.assertRaises(trawl.InvalidRequestError) as caught:
                    client.process_url("http://a.example/", fetch=fetch)
                self.assertEqual((caught.exception.field, caught.exception.limit), (field, limit))
            with self.assertRaises(trawl.InvalidRequestError) as caught:
                client.process_url("http://a.example/" + "x" * 8192)
            self.assertEqual((caught.exception.reason, caught.exception.limit),
                             ("URL_TOO_LONG", 8192))
            with self.assertRaises(trawl.InvalidRequestError) as caught:
                client.process_url("http://a.example/", ProcessOptions(chunk_count=5000))
            self.assertEqual(caught.exception.field, "options.chunk_count")

    def test_without_its_flag_a_server_fetches_nothing(self):
        with WebServer({"/": page(LINE)}) as web, Server() as server, \
                trawl.Client(server.address) as client:
            self.assertIsNone(client.capabilities().url_fetching)
            self.assertEqual(failure(client, web.url("/")),
                             ("FAILED_PRECONDITION", "URL_FETCH_DISABLED", None))
            self.assertEqual(web.count("connected"), 0)

    def test_fetches_over_a_limit_are_refused_with_the_time_to_wait(self):
        with WebServer({"/": held()}) as web, WebServer({"/": held()}) as other:
            flags = (LOOPBACK, "--url_max_fetches=3", "--url_max_fetches_per_host=2")
            with fetching(web, other, flags=flags) as (_, client):
                waiting = []

                def wait(url):
                    with self.assertRaises(trawl.TrawlError) as caught:
                        client.process_url(url, timeout=PATIENCE)
                    waiting.append(caught.exception.reason)

                def begin(url):
                    thread = threading.Thread(target=wait, args=(url,))
                    thread.start()
                    return thread

                threads = [begin(web.url("/")) for _ in range(2)]
                web.wait_for("asked", 2)
                with self.assertRaises(trawl.OverloadedError) as caught:
                    client.process_url(web.url("/"))
                self.assertEqual((caught.exception.reason, caught.exception.limit),
                                 ("TOO_MANY_FETCHES_OF_HOST", 2))
                self.assertGreater(caught.exception.retry_delay, 0)
                threads.append(begin(other.url("/", host="localhost")))
                other.wait_for("asked")
                with self.assertRaises(trawl.OverloadedError) as caught:
                    client.process_url(other.url("/", host="localhost"))
                self.assertEqual((caught.exception.reason, caught.exception.limit),
                                 ("TOO_MANY_FETCHES", 3))
                web.released.set()
                other.released.set()
                for thread in threads:
                    thread.join(PATIENCE)
                self.assertEqual(len(waiting), 3)


class UrlLifeTest(unittest.TestCase):
    def test_a_drain_lets_fetches_end(self):
        def late(connection):
            connection.server.note("asked late")
            drained.wait(PATIENCE)
            page(LINE)(connection)

        drained = threading.Event()
        with WebServer({"/": late}) as web, fetching(web) as (server, client):
            results = []
            thread = threading.Thread(
                target=lambda: results.append(client.process_url(web.url("/"))))
            thread.start()
            web.wait_for("asked late")
            server.signal()
            server.wait_for_line("draining")
            drained.set()
            thread.join(PATIENCE)
            self.assertEqual(results[0].content.total_count, 3)
            self.assertEqual(server.wait(), 0)
            self.assertEqual(server.wait_for_line("drained")["calls"]["ProcessUrl"], {"OK": 1})

    def test_a_hurried_drain_cancels_fetches_and_closes_their_connections(self):
        with WebServer({"/": held()}) as web, fetching(web) as (server, client):
            errors = []

            def fetch():
                with self.assertRaises(trawl.TrawlError) as caught:
                    client.process_url(web.url("/"))
                errors.append(caught.exception.code.name)

            thread = threading.Thread(target=fetch)
            thread.start()
            web.wait_for("asked")
            server.signal()
            server.wait_for_line("draining")
            server.signal()
            thread.join(PATIENCE)
            web.wait_for("closed")
            self.assertEqual(server.wait(), 0)
            self.assertEqual(len(errors), 1)

    def test_the_log_holds_nothing_of_urls(self):
        marker = "verysecret"
        pages = {f"/{marker}": page(f"see {marker}.example.com", f"X: {marker}"),
                 f"/{marker}2": redirect(f"ftp://{marker}/")}
        with WebServer(pages) as web, fetching(
                web, flags=(LOOPBACK, "--log_level=debug")) as (server, client):
            client.process_url(web.url(f"/{marker}"))
            failure(client, web.url(f"/{marker}2"))
            failure(client, f"http://{marker}@127.0.0.1:{web.port}/")
            failure(client, f"nonsense:{marker}")
            server.wait_for_line("call", 4)
            self.assertNotIn(marker, "".join(server.log()))
