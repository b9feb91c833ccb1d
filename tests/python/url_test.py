"""process_url of both clients."""

import pickle
import unittest

import trawl
from trawl import FetchOptions, Kind, ProcessOptions

from clients import both
from url_fetching import fetching
from web_server import WebServer, page, redirect

TEXT = b"see https://www.example.com/a\n"


class ProcessUrlTest(unittest.TestCase):
    def test_it_gives_findings_and_how_the_page_came(self):
        pages = {"/": page(TEXT, "Content-Type: text/plain"), "/moved": redirect("/")}
        with WebServer(pages) as web, fetching(web) as (server, _), both(server.address) as clients:
            for name, client in clients.items():
                result = client.process_url(web.url("/moved"), ProcessOptions(kinds=[Kind.URL]),
                                            FetchOptions(include_body=True))
                self.assertEqual([f.value for f in result.content.findings],
                                 ["https://www.example.com/a"], name)
                self.assertEqual(
                    (result.http_status, result.media_type, result.final_url, result.redirects,
                     result.received_bytes, result.body_bytes, result.http_version, result.body,
                     result.body_whole),
                    (200, "text/plain", web.url("/"), 1, len(TEXT), len(TEXT), "1.1", TEXT, True))
                self.assertEqual(pickle.loads(pickle.dumps(result)), result)
                self.assertIn(web.port, client.capabilities().url_fetching.ports)

    def test_what_fails_raises_its_error(self):
        with WebServer({}) as web, fetching(web) as (server, _), both(server.address) as clients:
            for name, client in clients.items():
                with self.assertRaises(trawl.TrawlError) as caught:
                    client.process_url("http://127.0.0.1:1/")
                self.assertEqual(caught.exception.reason, "URL_PORT_FORBIDDEN", name)
                with self.assertRaises(trawl.InvalidRequestError) as caught:
                    client.process_url("nowhere")
                self.assertEqual((caught.exception.reason, caught.exception.field),
                                 ("URL_INVALID", "url"), name)
