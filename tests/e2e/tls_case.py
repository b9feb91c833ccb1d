"""Servers with certificates that openssl makes here, and clients that connect to them."""

import contextlib
import pathlib
import socket
import ssl
import tempfile
import unittest

import trawl as client_package

from certificates import Authority
from processes import PATIENCE, Server, trawl

TEXT = "see www.example.com"


def peer_serial(address, ca):
    """The serial number of the certificate that a new connection is shown."""
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols(["h2"])
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as plain, \
            context.wrap_socket(plain, server_hostname="localhost") as connection:
        return int(connection.getpeercert()["serialNumber"], 16)


def connect(server, ca, issued=None, name=None, **options):
    """A client of the package."""
    tls = client_package.TlsOptions(ca, issued and issued.cert, issued and issued.key, name)
    return client_package.Client(server.address, client_package.ClientOptions(
        tls=tls, max_attempts=1, timeout=PATIENCE, **options))


def finds(client):
    return [finding.value for finding in client.extract(TEXT).findings] == ["www.example.com"]


class TlsCase(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.authority = Authority(self.folder)
        self.clients = Authority(self.folder, "clients")
        self.served = self.authority.issue("served")

    def server(self, *flags, issued=None):
        issued = issued or self.served
        return Server(f"--tls_cert_file={issued.cert}", f"--tls_key_file={issued.key}", *flags)

    def mutual_server(self, *flags):
        return self.server(f"--tls_client_ca_file={self.clients.ca}", *flags)

    def assert_refused(self, server, ca, issued=None, name=None):
        """By the Python package and by trawl, which say so in one line."""
        with connect(server, ca, issued, name) as client, \
                self.assertRaises(client_package.UnavailableError):
            client.ping()
        flags = [f"--ca-file={ca}"]
        if issued is not None:
            flags += [f"--cert-file={issued.cert}", f"--key-file={issued.key}"]
        if name is not None:
            flags.append(f"--server-name={name}")
        ended = trawl(*flags, "ping", "--count=1", server=server.address)
        self.assertEqual(ended.returncode, 2, ended)
        self.assertEqual(ended.stderr.count(b"\n"), 1, ended.stderr)
        return ended.stderr.decode()

    def assert_taken(self, server, ca, issued=None, name=None):
        with connect(server, ca, issued, name) as client:
            self.assertTrue(finds(client))
