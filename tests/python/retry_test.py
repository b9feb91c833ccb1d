"""Calls that are tried again, and servers that are called in turn."""

import unittest

import grpc

import trawl
from clients import both
from fake_server import fake_server, overloaded

QUICK = trawl.ClientOptions(initial_backoff=0.01, max_backoff=0.02)
LARGE = b"x" * (1 << 20)


class RetryTest(unittest.TestCase):
    def test_a_refused_call_is_tried_again_whatever_its_size(self):
        refusals = [overloaded(delay_ms=1), (grpc.StatusCode.UNAVAILABLE, "draining", ()),
                    (grpc.StatusCode.CANCELLED, "shutting down", ())]
        with fake_server() as server, both(server.address, QUICK) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    server.calls, server.failures = 0, list(refusals)
                    self.assertEqual(client.extract(LARGE).total_count, len(LARGE))
                    self.assertEqual(server.calls, 4)

    def test_other_failures_are_not_tried_again(self):
        with fake_server() as server, both(server.address, QUICK) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    server.calls, server.failures = 0, [(grpc.StatusCode.INTERNAL, "a bug", ())]
                    with self.assertRaisesRegex(trawl.TrawlError, "INTERNAL: a bug"):
                        client.ping()
                    self.assertEqual(server.calls, 1)

    def test_attempts_end_where_the_options_say(self):
        options = trawl.ClientOptions(max_attempts=2, initial_backoff=0.01, max_backoff=0.02)
        with fake_server() as server, both(server.address, options) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    server.calls, server.failures = 0, [overloaded(delay_ms=1)] * 3
                    with self.assertRaises(trawl.OverloadedError):
                        client.ping()
                    self.assertEqual(server.calls, 2)
                    server.failures.clear()

    def test_several_servers_are_called_in_turn(self):
        with fake_server() as one, fake_server() as other, \
                both([one.address, other.address], QUICK) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    one.calls = other.calls = 0
                    # Until the second connection is there, the first has all calls.
                    while not (one.calls and other.calls):
                        client.ping()
                    one.calls = other.calls = 0
                    for _ in range(10):
                        client.ping()
                    self.assertEqual((one.calls, other.calls), (5, 5))

    def test_a_server_that_is_gone_is_passed_over(self):
        with fake_server() as one:
            with fake_server() as other:
                pass
            with both([one.address, other.address], QUICK) as clients:
                for name, client in clients.items():
                    with self.subTest(client=name):
                        one.calls = 0
                        for _ in range(4):
                            client.ping()
                        self.assertEqual(one.calls, 4)

    def test_targets_that_grpc_cannot_take_in_turn_are_refused(self):
        for targets in (["localhost:1", "localhost:2"], ["127.0.0.1:1", "[::1]:2"],
                        ["127.0.0.1"] * 2):
            with self.subTest(targets=targets), self.assertRaises(ValueError):
                trawl.Client(targets)
