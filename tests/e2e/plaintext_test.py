"""Who is told that there is no TLS."""

import os
import socket
import tempfile
import unittest

from certificates import Authority
from processes import Server


class PlaintextTest(unittest.TestCase):
    @staticmethod
    def warnings(server):
        return [line for line in server.log() if '"plaintext"' in line]

    def test_plaintext_beyond_this_machine_is_warned_of_with_what_mends_it(self):
        with Server("--listen=0.0.0.0:0") as server:
            line = server.wait_for_line("plaintext")
            self.assertEqual((line["level"], line["address"]), ("warning", "0.0.0.0:0"))
            self.assertIn("--tls_cert_file", line["mend"])
            self.assertIn("--token_file", line["mend"])

    def test_plaintext_within_this_machine_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            for address in ("127.0.0.1:0", "127.9.9.9:0", "localhost:0", f"unix:{folder}/socket"):
                with self.subTest(address=address), Server(f"--listen={address}") as server:
                    pass
                self.assertEqual(self.warnings(server), [])
        if socket.has_ipv6 and os.path.exists("/proc/net/if_inet6"):
            with Server("--listen=[::1]:0") as server:
                pass
            self.assertEqual(self.warnings(server), [])

    def test_tls_beyond_this_machine_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            issued = Authority(folder).issue()
            with Server("--listen=0.0.0.0:0", f"--tls_cert_file={issued.cert}",
                        f"--tls_key_file={issued.key}") as server:
                pass
        self.assertEqual(self.warnings(server), [])
