"""Certificates that change while a server runs."""

import datetime
import os
import threading

import trawl as client_package

from certificates import Authority
from processes import PATIENCE, Server
from tls_case import TlsCase, connect, finds, peer_serial

MINUTE = datetime.timedelta(minutes=1)


class TlsReloadTest(TlsCase):
    def test_certificates_are_rotated_while_calls_run_and_none_is_lost(self):
        ended = threading.Event()
        failures = []
        calls = [0] * 3

        def old_connection(index):
            with connect(server, self.authority.ca) as client:
                while not ended.is_set():
                    calls[index] += finds(client)

        def new_connections(index):
            while not ended.is_set():
                with connect(server, self.authority.ca) as client:
                    calls[index] += finds(client)

        def run(work, index):
            try:
                work(index)
            except client_package.TrawlError as error:
                failures.append(error)

        with self.server() as server, connect(server, self.authority.ca) as streaming:
            go_on = threading.Event()

            def parts():
                yield b"www.example.com "
                go_on.wait(PATIENCE)
                yield b"mail.example.org "

            stream = streaming.extract_stream(parts())
            threads = [threading.Thread(target=run, args=(work, index)) for index, work in
                       enumerate((old_connection, new_connections, new_connections))]
            for thread in threads:
                thread.start()
            try:
                for count in (1, 2, 3):
                    renewed = self.authority.issue()
                    renewed.copy_to(self.served)
                    server.wait_for_line("reloaded", count=count)
                    self.assertEqual(peer_serial(server.address, self.authority.ca),
                                     renewed.serial)
            finally:
                go_on.set()
                ended.set()
                for thread in threads:
                    thread.join()
            self.assertEqual([finding.value for finding in stream],
                             ["www.example.com", "mail.example.org"])
        self.assertEqual(failures, [])
        self.assertTrue(all(calls), calls)

    def test_what_cannot_be_used_leaves_the_old_certificate_in_use_and_says_so_once(self):
        old = self.served.serial
        good = self.served.cert.read_bytes(), self.served.key.read_bytes()
        renewed = self.authority.issue()
        expired = self.authority.issue(end=-MINUTE)
        other = self.authority.issue()

        def write(cert, key):
            self.served.key.write_bytes(key)
            self.served.cert.write_bytes(cert)

        breaks = [
            (lambda: write(b"-----BEGIN CERTIFICATE-----\nAAAA", good[1]), "cannot be read"),
            (lambda: write(good[0], b""), "no private key"),
            (lambda: write(other.cert.read_bytes(), renewed.key.read_bytes()), "is not the key"),
            (lambda: expired.copy_to(self.served), "has expired"),
            (lambda: write(good[0][:len(good[0]) // 2], good[1]), "cannot be read"),
            (self.served.cert.unlink, "No such file"),
        ]
        with self.server() as server:
            for count, (break_it, why) in enumerate(breaks, 1):
                break_it()
                line = server.wait_for_line("not reloaded", count=count)
                self.assertIn(why, line["error"])
                self.assertIn(str(self.folder), line["error"])
                self.assertEqual(line["level"], "warning")
                self.assertEqual(peer_serial(server.address, self.authority.ca), old)
            renewed.copy_to(self.served)
            self.assertEqual(server.wait_for_line("reloaded")["what"], "certificate")
            self.assertEqual(peer_serial(server.address, self.authority.ca), renewed.serial)
        self.assertEqual(sum('"not reloaded"' in line for line in server.log()), len(breaks))

    def test_files_that_are_replaced_by_a_symbolic_link_are_reloaded(self):
        """As Kubernetes replaces those of a secret."""
        renewed = self.authority.issue()
        for name, issued in (("one", self.served), ("two", renewed)):
            folder = self.folder / name
            folder.mkdir()
            (folder / "tls.crt").write_bytes(issued.cert.read_bytes())
            (folder / "tls.key").write_bytes(issued.key.read_bytes())
        link = self.folder / "current"
        link.symlink_to("one")
        with Server(f"--tls_cert_file={link}/tls.crt", f"--tls_key_file={link}/tls.key") as server:
            (self.folder / "next").symlink_to("two")
            os.replace(self.folder / "next", link)
            server.wait_for_line("reloaded")
            self.assertEqual(peer_serial(server.address, self.authority.ca), renewed.serial)

    def test_authorities_of_clients_are_rotated_too(self):
        newer = Authority(self.folder, "newer")
        old_client, new_client = self.clients.issue(), newer.issue()
        authorities = self.folder / "authorities.pem"
        authorities.write_bytes(self.clients.ca.read_bytes())
        with self.server(f"--tls_client_ca_file={authorities}") as server, \
                connect(server, self.authority.ca, old_client) as connected:
            self.assertTrue(finds(connected))
            self.assert_refused(server, self.authority.ca, new_client)
            authorities.write_bytes(self.clients.ca.read_bytes() + newer.ca.read_bytes())
            server.wait_for_line("reloaded")
            self.assert_taken(server, self.authority.ca, old_client)
            self.assert_taken(server, self.authority.ca, new_client)
            authorities.write_bytes(newer.ca.read_bytes())
            server.wait_for_line("reloaded", count=2)
            self.assert_taken(server, self.authority.ca, new_client)
            self.assert_refused(server, self.authority.ca, old_client)
            self.assertTrue(finds(connected), "a connection that there is goes on")
