"""`trawl extract https://…`: pages of the web by the command line."""

import json
import tempfile
import unittest

from certificates import Authority
from processes import Server, trawl
from url_fetching import LOOPBACK, fetching
from web_server import WebServer, page, raw, redirect, server_side

TEXT = b"first www.example.com\nthen mail.example.org\n"


class UrlExtractTest(unittest.TestCase):
    def extract(self, server, *arguments):
        ended = trawl("extract", *arguments, server=server.address)
        return ended.returncode, ended.stdout.decode(), ended.stderr.decode()

    def test_pages_are_searched_as_files_are(self):
        pages = {"/": page(TEXT), "/moved": redirect("/"), "/empty": page(b""),
                 "/utf16": page(TEXT.decode().encode("utf-16"))}
        with WebServer(pages) as web, fetching(web) as (server, _), \
                tempfile.NamedTemporaryFile() as file:
            file.write(TEXT)
            file.flush()
            found = "www.example.com\nmail.example.org\n"
            for path in ("/", "/moved", "/utf16"):
                self.assertEqual(self.extract(server, web.url(path)), (0, found, ""))
            self.assertEqual(self.extract(server, web.url("/").replace("http", "HTTP")),
                             (0, found, ""))
            self.assertEqual(self.extract(server, web.url("/empty")), (1, "", ""))
            for flags in (("--line-number",), ("--with-offset",), ("--form", "distinct", "-n"),
                          ("--format", "json"), ("--count",), ("--color", "always"), ("--quiet",)):
                of_page = self.extract(server, *flags, web.url("/"))
                of_file = self.extract(server, *flags, file.name)
                self.assertEqual(of_page[1].replace(web.url("/"), file.name), of_file[1], flags)
                self.assertEqual((of_page[0], of_page[2]), (0, ""))
            both = self.extract(server, web.url("/"), file.name)[1].splitlines()
            self.assertEqual(both, [f"{name}:{value}" for name in (web.url("/"), file.name)
                                    for value in ("www.example.com", "mail.example.org")])

    def test_a_page_of_an_error_is_searched_and_said_to_be_one(self):
        with WebServer({"/": page(TEXT, status="404 Not Found")}) as web, fetching(
                web) as (server, _):
            code, out, errors = self.extract(server, web.url("/"))
            self.assertEqual((code, out), (2, "www.example.com\nmail.example.org\n"))
            self.assertEqual(errors, f"trawl: {web.url('/')}: answered with HTTP status 404\n")

    def test_what_fails_is_one_line_and_the_rest_goes_on(self):
        with WebServer({"/": page(TEXT), "/bad": raw(b"x")}) as web, fetching(
                web, flags=(LOOPBACK, "--url_max_included_body_bytes=10")) as (server, _):
            code, out, errors = self.extract(server, "-I", web.url("/bad"), "ftp://a.example/",
                                             "https://me@a.example/", web.url("/"))
            self.assertEqual((code, out), (2, "www.example.com\nmail.example.org\n"))
            lines = errors.splitlines()
            self.assertEqual(len(lines), 3, errors)
            self.assertIn("no answer of HTTP", lines[0])
            self.assertIn("No such file", lines[1])
            self.assertIn("credentials", lines[2])
            code, out, errors = self.extract(server, "--line-number", web.url("/"))
            self.assertEqual((code, out), (2, ""))
            self.assertIn(f"of its {len(TEXT)} bytes the server sends 10", errors)

    def test_a_server_that_fetches_nothing_is_said_to_be_one(self):
        with Server() as server:
            code, out, errors = self.extract(server, "https://www.example.com/")
        self.assertEqual((code, out), (2, ""))
        self.assertEqual(errors.count("\n"), 1)
        self.assertIn("--enable_url_fetch", errors)

    def test_json_of_a_page_names_it(self):
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(folder)
            with WebServer({"/": page(TEXT)}, tls=server_side(authority.issue())) as web, fetching(
                    web, flags=(LOOPBACK, f"--url_ca_file={authority.ca}")) as (server, _):
                code, out, _ = self.extract(server, "--format", "json", web.url("/"))
                self.assertEqual((code, [json.loads(line)["file"] for line in out.splitlines()]),
                                 (0, [web.url("/")] * 2))
