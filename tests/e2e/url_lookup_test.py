"""ProcessUrl while the name of a host is looked up, for ever."""

import os
import pathlib
import tempfile
import unittest
from concurrent import futures

import grpc
import trawl
from trawl import FetchOptions
from trawl.v1 import content_pb2, content_pb2_grpc

from processes import PATIENCE
from url_fetching import LOOPBACK, failure, fetching
from web_server import WebServer, page

LINE = b"see www.example.com\n"
RESOLVER = os.environ["E2E_HANGING_RESOLVER"]
SANITIZED = os.environ["E2E_SANITIZED"] == "1"


@unittest.skipIf(SANITIZED, "a sanitizer has to be the first library of a process")
class UrlLookupTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.begun, self.end = (pathlib.Path(folder.name, name) for name in ("begun", "end"))
        os.mkfifo(self.begun)
        os.mkfifo(self.end)
        self.web = self.enterContext(WebServer({"/": page(LINE)}))
        self.url = f"http://a.hangs.test:{self.web.port}/"
        self.notes = os.open(self.begun, os.O_RDWR)
        self.addCleanup(os.close, self.notes)

    def fetching(self, *flags):
        return fetching(self.web, flags=(LOOPBACK, *flags), LD_PRELOAD=RESOLVER,
                        HANGING_BEGUN=str(self.begun), HANGING_END=str(self.end))

    def wait_for_lookups(self, count):
        for _ in range(count):
            os.read(self.notes, 1)

    def test_a_fetch_is_over_in_time_and_others_go_on(self):
        with self.fetching() as (_, client):
            self.assertEqual(failure(client, self.url, fetch=FetchOptions(timeout_ms=300)),
                             ("DEADLINE_EXCEEDED", "URL_TIMEOUT", "0"))
            with self.assertRaises(trawl.DeadlineExceededError):
                client.process_url(self.url, timeout=0.3)
            self.wait_for_lookups(2)
            self.assertEqual(client.process_url(self.web.url("/")).content.total_count, 1)
            self.assertEqual(client.ping().calls_in_flight, 0)
        # And the server has ended beside two lookups that hang.

    def test_a_call_that_is_cancelled_is_over_at_once(self):
        with self.fetching() as (server, client), grpc.insecure_channel(server.address) as channel:
            call = content_pb2_grpc.ContentServiceStub(channel).ProcessUrl.future(
                content_pb2.ProcessUrlRequest(url=self.url), timeout=PATIENCE)
            self.wait_for_lookups(1)
            self.assertEqual(client.ping().calls_in_flight, 1)
            call.cancel()
            while client.ping().calls_in_flight > 0:
                pass
            self.assertEqual(client.process_url(self.web.url("/")).content.total_count, 1)

    def test_a_lookup_counts_as_a_fetch_until_it_ends(self):
        with self.fetching("--url_max_fetches=2") as (server, client):
            short = FetchOptions(timeout_ms=300)
            for _ in range(2):
                self.assertEqual(failure(client, self.url, fetch=short)[1], "URL_TIMEOUT")
            for url in (self.url, self.web.url("/")):
                with self.assertRaises(trawl.OverloadedError) as caught:
                    client.process_url(url, fetch=short)
                self.assertEqual((caught.exception.reason, caught.exception.limit),
                                 ("TOO_MANY_FETCHES", 2))
            self.wait_for_lookups(2)
            # The fetcher, and what it began.
            self.assertEqual(server.threads().count("url-fetcher"), 3)
            with open(self.end, "wb"):
                while True:
                    try:
                        result = client.process_url(self.web.url("/"))
                        break
                    except trawl.OverloadedError:
                        pass
            self.assertEqual(result.content.total_count, 1)

    def test_a_name_that_is_not_found_in_the_end_is_not_found(self):
        with self.fetching() as (_, client), futures.ThreadPoolExecutor() as threads:
            failed = threads.submit(failure, client, self.url)
            self.wait_for_lookups(1)
            with open(self.end, "wb"):
                self.assertEqual(failed.result(), ("NOT_FOUND", "URL_HOST_NOT_FOUND", "0"))
