"""TLS and mutual TLS: who is trusted, by all clients, and what is said of wrong files."""

import contextlib
import datetime
import os
import re
import socket
import ssl
import subprocess
import sys
import urllib.request

from certificates import openssl
from processes import PATIENCE, Server, environment, trawl, trawld
from tls_case import TEXT, TlsCase

MINUTE = datetime.timedelta(minutes=1)


def handshake(address, version):
    """The version of TLS that a client of only this version gets, or None."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as plain:
        try:
            with context.wrap_socket(plain) as connection:
                return connection.version()
        except (ssl.SSLError, ConnectionResetError):
            return None


class TlsTest(TlsCase):
    def test_all_clients_call_by_tls_and_none_without(self):
        with self.server() as server:
            self.assert_taken(server, self.authority.ca)
            found = trawl("--ca-file", str(self.authority.ca), "extract", server=server.address,
                          stdin=TEXT.encode())
            self.assertEqual((found.returncode, found.stdout), (0, b"www.example.com\n"), found)
            twins = trawl("extract", "--stream", server=server.address, stdin=TEXT.encode(),
                          TRAWL_CA_FILE=str(self.authority.ca))
            self.assertEqual((twins.returncode, twins.stdout), (0, b"www.example.com\n"), twins)
            module = subprocess.run(
                [sys.executable, "-m", "trawl", f"--ca-file={self.authority.ca}", "extract"],
                input=TEXT.encode(), capture_output=True, timeout=PATIENCE, check=False,
                env=environment(TRAWL_SERVER=server.address))
            self.assertEqual((module.returncode, module.stdout), (0, b"www.example.com\n"), module)
            plain = trawl("ping", "--count=1", server=server.address)
            self.assertEqual(plain.returncode, 2, plain)
            self.assertIn(b"TLS (--ca-file)", plain.stderr)
        with Server() as server:
            message = self.assert_refused(server, self.authority.ca)
            self.assertIn("does not speak TLS", message)

    def test_what_is_wrong_with_the_files_of_a_client_is_said(self):
        garbage = self.folder / "garbage"
        garbage.write_text("no certificate\n", "ascii")
        broken = self.folder / "broken"
        broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n", "ascii")
        other = self.authority.issue()
        cases = [([f"--ca-file={garbage}"], "holds no certificate"),
                 (["--ca-file=/no/such"], "No such file"),
                 ([f"--ca-file={broken}"], "cannot be used"),
                 ([f"--cert-file={self.served.cert}"], "go together"),
                 ([f"--cert-file={self.served.cert}", f"--key-file={other.key}"],
                  "cannot be used")]
        with self.server() as server:
            for flags, words in cases:
                with self.subTest(flags=flags):
                    ended = trawl(*flags, "ping", "--count=1", server=server.address)
                    self.assertEqual((ended.returncode, ended.stderr.count(b"\n")), (2, 1), ended)
                    self.assertIn(words.lower(), ended.stderr.decode().lower())

    def test_streams_and_the_asynchronous_client_go_by_tls(self):
        script = ("import asyncio, sys, trawl\n"
                  "async def main():\n"
                  "    options = trawl.ClientOptions(tls=trawl.TlsOptions(sys.argv[2]))\n"
                  "    async with trawl.AsyncClient(sys.argv[1], options) as client:\n"
                  "        print((await client.ping(b'hello')).payload)\n"
                  "        async with client.extract_stream([b'www.exa', b'mple.com']) as stream:\n"
                  "            print([finding.value async for finding in stream])\n"
                  "asyncio.run(main())\n")
        with self.server() as server:
            ended = subprocess.run(
                [sys.executable, "-c", script, server.address, str(self.authority.ca)],
                capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment())
            self.assertEqual(ended.stdout, "b'hello'\n['www.example.com']\n", ended)

    def test_a_server_of_another_authority_is_not_trusted(self):
        with self.server() as server:
            self.assertIn("--ca-file", self.assert_refused(server, self.clients.ca))

    def test_a_server_under_another_name_is_not_trusted(self):
        elsewhere = self.authority.issue("elsewhere", hosts=["DNS:trawl.example"])
        with self.server(issued=elsewhere) as server:
            self.assertIn("--server-name", self.assert_refused(server, self.authority.ca))
            self.assert_refused(server, self.authority.ca, name="other.example")
            self.assert_taken(server, self.authority.ca, name="trawl.example")
            named = trawl(f"--ca-file={self.authority.ca}", "--server-name=trawl.example", "ping",
                          "--count=1", server=server.address)
            self.assertEqual(named.returncode, 0, named)

    def test_an_expired_certificate_is_said_to_be_and_not_trusted(self):
        expired = self.authority.issue(end=-MINUTE)
        with self.server(issued=expired) as server:
            line = server.wait_for_line("certificate has expired")
            self.assertEqual((line["level"], line["file"]), ("error", str(expired.cert)))
            self.assertLess(line["seconds_left"], 0)
            self.assert_refused(server, self.authority.ca)

    def test_a_certificate_of_tomorrow_is_said_to_be_and_not_trusted(self):
        early = self.authority.issue(begin=60 * MINUTE)
        with self.server(issued=early) as server:
            line = server.wait_for_line("certificate not valid yet")
            self.assertEqual((line["level"], line["file"]), ("warning", str(early.cert)))
            self.assert_refused(server, self.authority.ca)

    def test_a_certificate_that_expires_soon_is_warned_of_with_the_time_left(self):
        short = self.authority.issue(begin=-100 * MINUTE, end=10 * MINUTE)
        with self.server("--metrics_address=127.0.0.1:0", issued=short) as server:
            line = server.wait_for_line("certificate expires soon")
            self.assertEqual(line["level"], "warning")
            self.assertTrue(0 < line["seconds_left"] <= 600, line)
            with urllib.request.urlopen(f"http://{server.metrics_address}/metrics") as page:
                found = re.search(r"^trawl_certificate_not_after_timestamp_seconds (\S+)$",
                                  page.read().decode(), re.MULTILINE)
            self.assertEqual(
                datetime.datetime.fromtimestamp(float(found[1]), datetime.timezone.utc),
                datetime.datetime.fromisoformat(line["not_after"]))
            self.assert_taken(server, self.authority.ca)
        self.assertEqual(sum("expires soon" in line for line in server.log()), 1)

    def test_a_client_without_a_certificate_is_refused_where_one_is_required(self):
        with self.mutual_server() as server:
            self.assertIn("--cert-file", self.assert_refused(server, self.authority.ca))

    def test_only_clients_of_the_authority_are_taken(self):
        stranger = self.authority.issue("stranger")
        expired = self.clients.issue("expired", end=-MINUTE)
        early = self.clients.issue("early", begin=60 * MINUTE)
        known = self.clients.issue("known")
        with self.mutual_server() as server:
            for issued in (stranger, expired, early):
                with self.subTest(issued=issued.cert.name):
                    self.assert_refused(server, self.authority.ca, issued)
            self.assert_taken(server, self.authority.ca, known)
            found = trawl(f"--ca-file={self.authority.ca}", f"--cert-file={known.cert}",
                          f"--key-file={known.key}", "ping", "--count=1", server=server.address)
            self.assertEqual(found.returncode, 0, found)

    def test_a_client_may_have_no_certificate_where_one_is_requested_but_no_wrong_one(self):
        with self.mutual_server("--tls_client_auth=request") as server:
            self.assert_taken(server, self.authority.ca)
            self.assert_taken(server, self.authority.ca, self.clients.issue())
            self.assert_refused(server, self.authority.ca, self.authority.issue())

    def test_the_oldest_version_of_tls_is_as_the_options_say(self):
        with self.server() as server:
            self.assertIsNone(handshake(server.address, ssl.TLSVersion.TLSv1_1))
            self.assertEqual(handshake(server.address, ssl.TLSVersion.TLSv1_2), "TLSv1.2")
            self.assertEqual(handshake(server.address, ssl.TLSVersion.TLSv1_3), "TLSv1.3")
        with self.server("--tls_min_version=1.3") as server:
            self.assertIsNone(handshake(server.address, ssl.TLSVersion.TLSv1_2))
            self.assertEqual(handshake(server.address, ssl.TLSVersion.TLSv1_3), "TLSv1.3")
            self.assert_taken(server, self.authority.ca)

    def test_a_handshake_that_never_ends_holds_up_nobody(self):
        host, port = "127.0.0.1", None
        with self.server() as server, contextlib.ExitStack() as silent:
            port = int(server.address.rsplit(":", 1)[1])
            for _ in range(50):
                silent.enter_context(socket.create_connection((host, port)))
            self.assert_taken(server, self.authority.ca)

    def test_what_is_wrong_with_the_files_is_said_at_the_start(self):
        garbage = self.folder / "garbage"
        garbage.write_text("no certificate\n", "ascii")
        encrypted = self.folder / "encrypted.key"
        openssl("pkey", "-in", self.served.key, "-aes128", "-passout", "pass:secret", "-out",
                encrypted)
        weak = self.folder / "weak"
        openssl("req", "-x509", "-newkey", "rsa:512", "-nodes", "-keyout", f"{weak}.key", "-out",
                f"{weak}.pem", "-subj", "/CN=weak")
        cert, key = self.served.cert, self.served.key
        other = self.authority.issue()
        cases = [
            ((cert, "/no/such.key"), ("/no/such.key", "No such file")),
            (("/no/such.pem", key), ("/no/such.pem", "No such file")),
            ((self.folder, key), (str(self.folder), "no regular file")),
            ((garbage, key), (str(garbage), "no certificate")),
            ((cert, garbage), (str(garbage), "no private key")),
            ((cert, encrypted), (str(encrypted), "encrypted")),
            ((cert, other.key), (str(other.key), "not the key", str(cert))),
            ((f"{weak}.pem", f"{weak}.key"), ("weak.pem", "too small")),
            ((cert, None), ("--tls_cert_file", "--tls_key_file", "together")),
            ((None, key), ("--tls_cert_file", "--tls_key_file", "together")),
            ((cert, key, garbage), (str(garbage), "no certificate")),
            ((cert, key, "/no/ca.pem"), ("/no/ca.pem", "No such file")),
            ((None, None, cert), ("--tls_client_ca_file", "--tls_cert_file")),
        ]
        for files, words in cases:
            names = ("tls_cert_file", "tls_key_file", "tls_client_ca_file")
            flags = [f"--{name}={file}" for name, file in zip(names, files) if file is not None]
            with self.subTest(flags=flags):
                ended = trawld("--listen=127.0.0.1:0", *flags)
                self.assertEqual((ended.returncode, ended.stderr.count("\n")), (1, 1), ended)
                for word in words:
                    self.assertIn(word, ended.stderr)
        for flag in ("--tls_min_version=1.1", "--tls_client_auth=perhaps"):
            self.assertEqual(trawld(flag).returncode, 1)

    def test_a_file_that_may_not_be_read_is_said_at_the_start(self):
        if os.geteuid() == 0:
            self.skipTest("root may read every file")
        self.served.key.chmod(0)
        ended = trawld(f"--tls_cert_file={self.served.cert}", f"--tls_key_file={self.served.key}")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("Permission denied", ended.stderr)
