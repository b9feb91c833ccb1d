"""What ProcessUrl does not reach for, one by one."""

import tempfile
import unittest

from trawl import FetchOptions

from certificates import Authority
from processes import trawld
from url_fetching import LOOPBACK, failure, fetching
from web_server import WebServer, page, redirect, server_side

LINE = b"see www.example.com\n"
FORBIDDEN = "PERMISSION_DENIED"
# Written as addresses, so that nothing is looked up; none is ever connected to.
NOT_PUBLIC = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "127.0.0.1", "127.1.2.3", "168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255",
    # The same otherwise written.
    "2130706433", "0x7f.1", "0177.0.0.1", "127.1",
    "[::]", "[::1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]",
    "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[100::1]", "[2001::1]",
    "[2001:db8::1]", "[2002:7f00:1::1]", "[3fff::1]", "[5f00::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[fe80::1]", "[fec0::1]", "[ff02::1]",
)


class UrlGuardTest(unittest.TestCase):
    def test_no_address_is_connected_to_that_is_not_public(self):
        with WebServer({"/": page(LINE)}) as web, fetching(web, flags=()) as (_, client):
            for host in NOT_PUBLIC:
                self.assertEqual(failure(client, f"http://{host}:{web.port}/"),
                                 (FORBIDDEN, "URL_ADDRESS_FORBIDDEN", "0"), host)
            self.assertEqual(web.count("connected"), 0)

    def test_a_name_is_judged_by_the_address_that_is_connected_to(self):
        with WebServer({"/": page(LINE)}) as web, fetching(web, flags=()) as (_, client):
            for host in ("localhost", "LOCALHOST", "a.localhost"):
                self.assertEqual(failure(client, f"http://{host}:{web.port}/"),
                                 (FORBIDDEN, "URL_ADDRESS_FORBIDDEN", "0"), host)
            self.assertEqual(web.count("connected"), 0)

    def test_redirects_are_guarded_as_the_first_url(self):
        with WebServer({}) as web, WebServer({"/": page(LINE)}, host="127.0.0.2") as inner:
            pages = {
                "/address": (inner.url("/"), "URL_ADDRESS_FORBIDDEN"),
                "/metadata": (f"http://169.254.169.254:{web.port}/latest/", "URL_ADDRESS_FORBIDDEN"),
                "/file": ("file:///etc/passwd", "URL_SCHEME_FORBIDDEN"),
                "/ftp": ("ftp://127.0.0.1/", "URL_SCHEME_FORBIDDEN"),
                "/gopher": (f"gopher://127.0.0.1:{web.port}/x", "URL_SCHEME_FORBIDDEN"),
                "/user": (f"http://me:secret@127.0.0.1:{web.port}/", "URL_USERINFO_FORBIDDEN"),
                "/port": ("http://127.0.0.1:22/", "URL_PORT_FORBIDDEN"),
                "/host": (web.url("/", host="localhost"), "URL_HOST_FORBIDDEN"),
            }
            web.pages |= {path: redirect(to) for path, (to, _) in pages.items()}
            flags = ("--url_allow_network=127.0.0.1", "--url_deny_host=localhost")
            with fetching(web, inner, flags=flags) as (_, client):
                for path, (_, reason) in pages.items():
                    self.assertEqual(failure(client, web.url(path)), (FORBIDDEN, reason, "1"), path)
            self.assertEqual(inner.count("connected"), 0)

    def test_a_redirect_to_no_url_is_no_answer(self):
        with WebServer({}) as web, fetching(web) as (_, client):
            for path, to in (("/a", "http://"), ("/b", "http://["), ("/c", "http://a:99999/"),
                             ("/d", "http://127.0.0.1/" + "x" * 9000)):
                web.pages[path] = redirect(to)
                self.assertEqual(failure(client, web.url(path)),
                                 ("FAILED_PRECONDITION", "URL_REDIRECT_INVALID", "0"), path)

    def test_a_loop_of_redirects_ends_at_the_limit(self):
        with WebServer({"/a": redirect("/b"), "/b": redirect("/a")}) as web:
            with fetching(web, flags=(LOOPBACK, "--url_max_redirects=5")) as (_, client):
                self.assertEqual(failure(client, web.url("/a")),
                                 ("FAILED_PRECONDITION", "URL_TOO_MANY_REDIRECTS", "5"))
                self.assertEqual(len(web.heads), 6)
                self.assertEqual(failure(client, web.url("/a"),
                                         fetch=FetchOptions(max_redirects=0)),
                                 ("FAILED_PRECONDITION", "URL_TOO_MANY_REDIRECTS", "0"))
                self.assertEqual(len(web.heads), 7)

    def test_only_http_and_https_without_credentials(self):
        with WebServer({"/": page(LINE)}) as web, fetching(web) as (_, client):
            at = f"127.0.0.1:{web.port}/"
            for url in (f"ftp://{at}", f"gopher://{at}", f"dict://{at}", "file:///etc/passwd",
                        f"telnet://{at}", f"smb://{at}", f"ldap://{at}", f"ws://{at}"):
                self.assertEqual(failure(client, url), (FORBIDDEN, "URL_SCHEME_FORBIDDEN", "0"), url)
            for user in ("me@", "me:secret@", ":secret@", "a%40b@"):
                self.assertEqual(failure(client, f"http://{user}{at}"),
                                 (FORBIDDEN, "URL_USERINFO_FORBIDDEN", "0"), user)
            self.assertEqual(web.count("connected"), 0)

    def test_what_is_no_url_is_an_invalid_argument(self):
        with fetching() as (_, client):
            for url in ("", "example", "//a.example/", "/x", "http://", "http:///", "http://[::1",
                        "http://a b/", "http://a\n.example/", "http://a.example:x/",
                        "http://a.example:65536/", "http://a\\b/", "http://\u2028/",
                        "http://a.example/\r\nX: y"):
                code, reason, _ = failure(client, url)
                self.assertEqual((code, reason), ("INVALID_ARGUMENT", "URL_INVALID"), url)

    def test_hosts_are_those_that_the_lists_let_through(self):
        with WebServer({"/": page(LINE)}) as web:
            cases = (
                ("--url_allow_host=localhost", {"localhost": True, "127.0.0.1": False}),
                ("--url_allow_host=*.localhost,127.0.0.1",
                 {"localhost": False, "a.localhost": True, "A.b.LOCALHOST": True,
                  "127.0.0.1": True, "0x7f.1": True}),
                ("--url_deny_host=localhost", {"localhost": False, "LocalHost": False,
                                               "127.0.0.1": True}),
                ("--url_deny_host=*.localhost,127.0.0.1",
                 {"localhost": True, "a.localhost": False, "127.1": False}),
            )
            for flag, hosts in cases:
                with fetching(web, flags=(LOOPBACK, flag)) as (_, client):
                    for host, allowed in hosts.items():
                        url = web.url("/", host=host)
                        if allowed:
                            self.assertEqual(client.process_url(url).http_status, 200, (flag, host))
                        else:
                            self.assertEqual(failure(client, url),
                                             (FORBIDDEN, "URL_HOST_FORBIDDEN", "0"), (flag, host))

    def test_the_smallest_network_decides_and_a_denied_one_where_both_are_equal(self):
        with WebServer({"/": page(LINE)}) as web, WebServer({"/": page(LINE)}, host="::1") as six:
            cases = (
                (("--url_allow_network=127.0.0.0/8",), True, False),
                (("--url_allow_network=127.0.0.0/8", "--url_deny_network=127.0.0.1"), False, False),
                (("--url_allow_network=127.0.0.1", "--url_deny_network=127.0.0.0/8"), True, False),
                (("--url_allow_network=127.0.0.1", "--url_deny_network=127.0.0.1"), False, False),
                (("--url_allow_network=::1", "--url_deny_network=0.0.0.0/0"), False, True),
                (("--url_allow_network=::/0",), True, True),
            )
            for flags, of_four, of_six in cases:
                with fetching(web, six, flags=flags) as (_, client):
                    for server, allowed in ((web, of_four), (six, of_six)):
                        if allowed:
                            result = client.process_url(server.url("/"))
                            self.assertEqual(result.http_status, 200, flags)
                        else:
                            self.assertEqual(failure(client, server.url("/"))[1],
                                             "URL_ADDRESS_FORBIDDEN", flags)

    def test_a_rule_that_is_none_keeps_the_server_from_starting(self):
        for flag in ("--url_allow_network=10.0.0.0/33", "--url_deny_network=10.0.0.1/8",
                     "--url_allow_network=intranet", "--url_allow_host=Example.com",
                     "--url_deny_host=a/b", "--url_port=0", "--url_port=80,x"):
            ended = trawld("--enable_url_fetch=true", flag)
            self.assertEqual(ended.returncode, 1, flag)
            self.assertIn(flag.split("=")[0], ended.stderr)
        ended = trawld("--enable_url_fetch=true", "--url_ca_file=/nonexistent")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("--url_ca_file", ended.stderr)


class UrlTlsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.authority = Authority(folder.name)

    def test_a_host_is_trusted_by_its_certificate_alone(self):
        tls = server_side(self.authority.issue())
        with WebServer({"/": page(LINE)}, tls=tls) as web, \
                WebServer({"/": page(LINE)}, tls=tls, host="127.0.0.2") as other:
            with fetching(web, other, flags=(LOOPBACK, f"--url_ca_file={self.authority.ca}")
                          ) as (_, client):
                for host in ("localhost", "127.0.0.1"):
                    result = client.process_url(web.url("/", host=host))
                    self.assertEqual(result.content.total_count, 1)
                # It is a certificate of others.
                self.assertEqual(failure(client, other.url("/")),
                                 ("FAILED_PRECONDITION", "URL_TLS_FAILED", "0"))
                self.assertEqual(failure(client, web.url("/", host="a.localhost")),
                                 ("FAILED_PRECONDITION", "URL_TLS_FAILED", "0"))
            # Of an authority that nobody knows.
            with fetching(web) as (_, client):
                self.assertEqual(failure(client, web.url("/")),
                                 ("FAILED_PRECONDITION", "URL_TLS_FAILED", "0"))
