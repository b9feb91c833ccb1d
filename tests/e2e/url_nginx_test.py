"""ProcessUrl from Debian's nginx: HTTP/1.1 and HTTP/2, plain and packed, small and large."""

import dataclasses
import tempfile
import unittest

from trawl import FetchOptions

import nginx
from certificates import Authority
from url_fetching import LOOPBACK, failure, fetching

LINE = b"GET http://www.example.com/ from mail.example.org, me@example.net\n"


@unittest.skipUnless(nginx.binary(), "nginx is absent: scripts/setup --dev")
class UrlNginxTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        authority = Authority(folder.name)
        self.nginx = self.enterContext(nginx.Nginx(folder.name, authority))
        flags = (LOOPBACK, f"--url_ca_file={authority.ca}", "--url_max_fetches_per_host=1000")
        _, self.client = self.enterContext(fetching(*self.nginx.webs, flags=flags))

    def test_the_answer_is_the_same_by_either_version_and_however_it_comes(self):
        for name, size in (("small", 10), ("large", 200_000)):
            body = LINE * size
            (self.nginx.pages / name).write_bytes(body)
            whole = dataclasses.replace(self.client.extract(body), stats=None)
            for url, version in ((self.nginx.url, "1.1"), (self.nginx.secure_url, "2")):
                for folder in ("/", "/plain/"):
                    result = self.client.process_url(url(folder + name))
                    self.assertEqual(dataclasses.replace(result.content, stats=None), whole)
                    self.assertEqual((result.http_status, result.media_type), (200, "text/plain"))
                    self.assertEqual((result.http_version, result.body_bytes), (version, len(body)))
                    packed = folder == "/" and len(body) >= 1000
                    self.assertEqual(result.received_bytes < len(body), packed)
            result = self.client.process_url(self.nginx.secure_url("/absent"))
            self.assertEqual((result.http_status, result.media_type), (404, "text/html"))

    def test_what_is_slow_is_over_in_time_by_either_version(self):
        (self.nginx.pages / "page").write_bytes(LINE * 1000)
        for url in (self.nginx.url, self.nginx.secure_url):
            self.assertEqual(failure(self.client, url("/slow/page"),
                                     fetch=FetchOptions(timeout_ms=300))[1], "URL_TIMEOUT")

    def test_what_speaks_no_tls_is_a_failure_of_tls(self):
        self.assertEqual(failure(self.client, self.nginx.url("/").replace("http:", "https:")),
                         ("FAILED_PRECONDITION", "URL_TLS_FAILED", "0"))
