"""Malformed requests over a real connection, more than a hundred thousand."""

import collections
import json
import os
import subprocess
import unittest

from processes import PATIENCE, Server

REQUESTS = int(os.environ["E2E_HOSTILE_REQUESTS"])
MEBIBYTE = 1 << 20


def send(server, requests, seed):
    """Counts by method and code, of what the client demanded."""
    ended = subprocess.run([os.environ["E2E_HOSTILE_CLIENT"], server.address, str(requests),
                            str(seed)], capture_output=True, text=True, timeout=PATIENCE * 3)
    if ended.returncode != 0:
        raise AssertionError(ended.stderr)
    return json.loads(ended.stdout)


class HostileTest(unittest.TestCase):
    def test_each_of_100000_malformed_requests_has_its_exact_answer_and_none_leaks(self):
        with Server() as server:
            warm_up = send(server, REQUESTS // 5, seed=1)
            before = server.memory("VmRSS")
            counts = send(server, REQUESTS, seed=2)
            if os.environ["E2E_SANITIZED"] == "0":
                self.assertLess(server.memory("VmRSS") - before, 8 * MEBIBYTE)
            server.signal()
            self.assertEqual(server.wait(), 0)
            totals = server.wait_for_line("drained")["calls"]
        expected = {}
        for method in counts:
            expected[method] = dict(collections.Counter(counts[method])
                                    + collections.Counter(warm_up[method]))
        self.assertEqual(totals, expected)
        for method in ("ProcessContent", "ProcessContentBatch", "ProcessContentStream", "Explain",
                       "Ping"):
            for code in ("OK", "INVALID_ARGUMENT"):
                self.assertGreater(counts[method][code], REQUESTS // 200, (method, code))

    def test_a_server_that_is_full_refuses_them_and_says_when_to_try_again(self):
        with Server("--max_calls_in_flight=4") as server:
            counts = send(server, REQUESTS // 10, seed=3)
            for method in ("ProcessContent", "ProcessContentBatch", "ProcessContentStream",
                           "Explain"):
                self.assertGreater(counts[method].get("RESOURCE_EXHAUSTED", 0), 0, method)
