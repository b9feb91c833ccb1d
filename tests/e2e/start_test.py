"""Starting trawld, and how it says that it cannot."""

import json
import os
import pathlib
import signal
import socket
import tempfile
import unittest

from certificates import Authority
from processes import SOURCE_DIR, Server, trawl, trawld

# For each flag: a value that is not its default, and what the effective configuration says then.
FLAGS = {
    "listen": ("127.0.0.1:0", "127.0.0.1:0"),
    "metrics_address": ("127.0.0.1:0", "127.0.0.1:0"),
    "workers": ("3", 3),
    "worker_nice": ("7", 7),
    "kernel": ("scalar", "scalar"),
    "pollers": ("2", 2),
    "inline_bytes": ("4096", 4096),
    "max_content_bytes": ("1000000", 1000000),
    "max_batch_documents": ("99", 99),
    "max_findings": ("1234", 1234),
    "max_calls_in_flight": ("17", 17),
    "max_bytes_in_flight": ("400000000", 400000000),
    "max_wait_ms": ("1500", 1500),
    "memory_quota_bytes": ("300000000", 300000000),
    "delivery_seconds": ("60", 60),
    "connection_idle_seconds": ("70", 70),
    "connection_age_seconds": ("80", 80),
    "connection_grace_seconds": ("85", 85),
    "stream_idle_seconds": ("90", 90),
    "drain_delay_seconds": ("0", 0),
    "drain_grace_seconds": ("7", 7),
    "watchdog_seconds": ("30", 30),
    "enable_url_fetch": ("true", True),
    "url_timeout_ms": ("5000", 5000),
    "url_max_body_bytes": ("1000000", 1000000),
    "url_max_included_body_bytes": ("2000000", 2000000),
    "url_max_redirects": ("3", 3),
    "url_max_fetches": ("99", 99),
    "url_max_fetches_per_host": ("9", 9),
    "url_port": ("8080,443", [8080, 443]),
    "url_allow_host": ("a.example,*.b.example", ["a.example", "*.b.example"]),
    "url_deny_host": ("c.example", ["c.example"]),
    "url_allow_network": ("10.0.0.0/8,fd00::/8", ["10.0.0.0/8", "fd00::/8"]),
    "url_deny_network": ("10.1.0.0/16", ["10.1.0.0/16"]),
    "url_ca_file": (f"{SOURCE_DIR}/README.md",) * 2,
    "public_suffix_list": (f"{SOURCE_DIR}/tests/e2e/data/suffixes.dat",) * 2,
    "lookalikes": (f"{SOURCE_DIR}/compute/data/lookalikes.txt",) * 2,
    "log_level": ("debug", "debug"),
    "slow_call_ms": ("250", 250),
    "reflection": ("false", False),
    "channelz": ("true", True),
    "tls_client_auth": ("request", "request"),
    "tls_min_version": ("1.3", "1.3"),
    "open_methods": ("Ping", "Ping"),
    "max_calls_per_peer": ("100", 100),
    "max_bytes_per_peer": ("300000000", 300000000),
}
FOLDER = tempfile.TemporaryDirectory()


def setUpModule():
    """Flags whose values are files."""
    authority = Authority(FOLDER.name)
    issued = authority.issue()
    tokens = pathlib.Path(FOLDER.name) / "tokens"
    tokens.write_text("AAAAAAAAAAAAAAAAAAAA\n", "ascii")
    for name, path in (("tls_cert_file", issued.cert), ("tls_key_file", issued.key),
                       ("tls_client_ca_file", authority.ca), ("token_file", tokens)):
        FLAGS[name] = (str(path), str(path))


def tearDownModule():
    FOLDER.cleanup()


def effects():
    return {name: effect for name, (_, effect) in FLAGS.items()}


class StartTest(unittest.TestCase):
    def assert_refuses(self, ended, *words):
        """It ended with exit code 1 and one line on standard error that holds `words`."""
        self.assertEqual(ended.returncode, 1, ended)
        self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
        self.assertTrue(ended.stderr.endswith("\n"), ended.stderr)
        for word in words:
            self.assertIn(word, ended.stderr)

    def test_prints_its_bound_address_and_effective_options_once(self):
        with Server() as server:
            self.assertRegex(server.address, r"^127\.0\.0\.1:[1-9]\d*$")
            self.assertEqual(trawl("ping", server=server.address).returncode, 0)
        lines = [json.loads(line) for line in server.log()]
        messages = [line["message"] for line in lines]
        self.assertEqual((messages.count("configuration"), messages.count("listening")), (1, 1))
        options = server.options
        self.assertEqual(set(options), set(FLAGS))
        # What was left open is filled in.
        self.assertIn(options["workers"], range(1, len(os.sched_getaffinity(0)) + 1))
        self.assertGreaterEqual(options["pollers"], 1)
        self.assertEqual(options["max_content_bytes"], 33554432)

    def test_every_flag_changes_the_effective_options(self):
        flags = [f"--{name}={value}" for name, (value, _) in FLAGS.items()]
        with Server(*flags) as server:
            self.assertEqual(server.options, effects())

    def test_every_flag_has_an_environment_twin(self):
        twins = {f"TRAWL_{name.upper()}": value for name, (value, _) in FLAGS.items()}
        with Server(**twins) as server:
            self.assertEqual(server.options, effects())

    def test_a_flag_wins_over_its_environment_twin(self):
        with Server("--workers", "2", TRAWL_WORKERS="3") as server:
            self.assertEqual(server.options["workers"], 2)

    def test_exits_with_0_after_sigterm_and_after_sigint(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Server() as server:
                server.signal(number)
                self.assertEqual(server.wait(), 0)

    def test_help_and_version_go_to_standard_output(self):
        for flag, word in (("--help", "--listen"), ("--version", "trawld ")):
            ended = trawld(flag)
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))
            self.assertIn(word, ended.stdout)

    def test_refuses_an_unknown_flag(self):
        self.assert_refuses(trawld("--no_such_flag=1"), "no_such_flag")

    def test_refuses_values_out_of_range(self):
        self.assert_refuses(trawld("--workers=1000"), "--workers", "1000", "256")
        self.assert_refuses(trawld("--worker_nice=-5"), "--worker_nice", "-5", "19")
        self.assert_refuses(trawld("--max_content_bytes=lots"), "--max_content_bytes", "lots")
        self.assert_refuses(trawld("--log_level=chatty"), "--log_level", "chatty", "warning")

    def test_refuses_an_environment_twin_out_of_range(self):
        self.assert_refuses(trawld(TRAWL_WORKERS="1000"), "1000", "256")

    def test_refuses_an_address_that_is_none(self):
        self.assert_refuses(trawld("--listen=256.0.0.1:0"), "256.0.0.1:0")

    def test_refuses_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            self.assert_refuses(trawld("--listen", address), address)
        with Server() as first:
            self.assert_refuses(trawld("--listen", first.address), first.address)

    def test_refuses_addresses_for_metrics_that_are_none_or_taken(self):
        for wrong in ("9464", ":9464", "localhost:9464", "127.0.0.1:0s", "127.0.0.1:1,127.0.0.1:2",
                      "256.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:", "[::1:0", "::1:0"):
            self.assert_refuses(trawld("--metrics_address", wrong), "--metrics_address")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            self.assert_refuses(trawld("--metrics_address", address), address)
        with Server("--metrics_address=127.0.0.1:0") as first:
            self.assert_refuses(trawld("--metrics_address", first.metrics_address),
                                first.metrics_address)

    def test_refuses_lists_that_cannot_be_read(self):
        for flag in ("--public_suffix_list", "--lookalikes"):
            self.assert_refuses(trawld(flag, "/no/such/list"), "/no/such/list")

    def test_refuses_lists_that_cannot_be_parsed(self):
        with tempfile.NamedTemporaryFile(suffix=".txt") as file:
            file.write(b"\xff\x00 is no list\n")
            file.flush()
            for flag in ("--public_suffix_list", "--lookalikes"):
                self.assert_refuses(trawld(flag, file.name), file.name)
