"""examples/fastapi: the web service over Trawl, and what it replaces."""

import contextlib
import http.client
import importlib.util
import json
import pathlib
import socket
import subprocess
import sys
import unittest

import grpc

from fake_server import fake_server, overloaded
from processes import PATIENCE, SOURCE_DIR, TRAWLD, Server, environment

EXAMPLE = pathlib.Path(SOURCE_DIR) / "examples" / "fastapi"
MISSING = [name for name in ("fastapi", "uvicorn", "multipart", "rapidjson")
           if importlib.util.find_spec(name) is None]


class Service:
    """A service of the example on a free port."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, EXAMPLE / program, *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
            env=environment(PYTHONPATH=f"{SOURCE_DIR}/client/python/src"))
        self.address = json.loads(self.process.stdout.readline())["address"]

    def call(self, method, path, body=None, content_type="application/json"):
        """(status, the body's JSON, headers)."""
        connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body, {"Content-Type": content_type})
            response = connection.getresponse()
            return response.status, json.loads(response.read()), response.headers

    def add_content(self, data):
        return self.call("POST", "/addContent", json.dumps({"data": data}))

    def peak_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines()
                        if line.startswith("VmHWM"))) << 10

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.process.terminate()
        _, errors = self.process.communicate(timeout=PATIENCE)
        if kind is None and errors:
            raise AssertionError(errors)


@unittest.skipIf(MISSING, f"absent: {', '.join(MISSING)}; scripts/setup --dev installs them")
class FastapiTest(unittest.TestCase):
    def test_content_is_answered_as_before(self):
        with Server() as server, Service("app.py", "--trawl", server.address) as service:
            status, answer, _ = service.add_content("żółw www.example.com a@example.org "
                                                    "www.example.com")
            self.assertEqual((status, answer), (200, {
                "status": "ok", "count": 3,
                "domains_found": ["www.example.com", "example.org", "www.example.com"]}))
            self.assertEqual(service.call("GET", "/ping")[:2], (200, {"status": "ok"}))

    def test_several_processes_answer_on_one_address_and_end_together(self):
        with Server() as server, Service("app.py", "--trawl", server.address,
                                         "--processes", "2") as service:
            for _ in range(8):
                self.assertEqual(service.add_content("www.example.com")[1]["count"], 1)

    def test_failures_have_the_status_that_http_has_for_them(self):
        cases = ((overloaded(delay_ms=2500), 429, "3"),
                 ((grpc.StatusCode.DEADLINE_EXCEEDED, "late", ()), 504, None),
                 ((grpc.StatusCode.UNAVAILABLE, "draining", ()), 503, "1"),
                 ((grpc.StatusCode.INVALID_ARGUMENT, "wrong", ()), 422, None),
                 ((grpc.StatusCode.INTERNAL, "a bug", ()), 502, None))
        with fake_server() as server, \
                Service("app.py", "--trawl", server.address, "--attempts", "1") as service:
            for failure, expected, retry_after in cases:
                with self.subTest(status=expected):
                    server.failures = [failure]
                    status, answer, headers = service.add_content("x")
                    self.assertEqual((status, answer["status"]), (expected, "error"))
                    self.assertEqual(answer["detail"], failure[1])
                    self.assertEqual(headers["Retry-After"], retry_after)

    def test_bodies_that_are_wrong_or_too_large_are_refused(self):
        with Server() as server, Service("app.py", "--trawl", server.address) as service:
            wrong = {"no JSON": '{"data": "secret', "another field": '{"text": "secret"}',
                     "no object": '["secret"]', "no text": '{"data": ["secret"]}',
                     "half of a character": '{"data": "secret \\ud800"}',
                     "no UTF-8": b'{"data": "secret \xff"}', "nested deep": "[" * (16 << 20)}
            for name, body in wrong.items():
                with self.subTest(name):
                    status, answer, _ = service.call("POST", "/addContent", body)
                    self.assertEqual((status, answer["detail"][0]["loc"][0]), (422, "body"))
                    self.assertNotIn("secret", json.dumps(answer))
                    self.assertLess(len(json.dumps(answer)), 400)
            status, answer, _ = service.add_content("x" * (32 << 20))
            self.assertEqual((status, answer["reason"]), (413, "BODY_TOO_LARGE"))
            self.assertEqual(service.add_content("www.example.com")[0], 200)

    def test_a_caller_that_leaves_within_its_body_is_no_fault(self):
        with Server() as server, Service("app.py", "--trawl", server.address) as service:
            connection = http.client.HTTPConnection(service.address, timeout=PATIENCE)
            connection.request("POST", "/addContent", b"{", {"Content-Length": "1000"})
            connection.close()
            self.assertEqual(service.add_content("www.example.com")[0], 200)

    def test_content_over_the_limit_of_the_server_is_413(self):
        with Server("--max_content_bytes=1000") as server, \
                Service("app.py", "--trawl", server.address) as service:
            status, answer, _ = service.add_content("x" * 1001)
            self.assertEqual((status, answer["reason"]), (413, "CONTENT_TOO_LARGE"))
            self.assertEqual(service.add_content("x" * 1000)[0], 200)

    def test_no_server_is_503_and_ping_is_answered(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            target = "127.0.0.1:%d" % taken.getsockname()[1]
            with Service("app.py", "--trawl", target, "--attempts", "1") as service:
                self.assertEqual(service.add_content("x")[0], 503)
                self.assertEqual(service.call("GET", "/ping")[0], 200)

    def test_a_pool_of_either_kind_finds_the_same(self):
        for pool in ("life", "request"):
            with Service("before.py", "--pool", pool) as service:
                status, answer, _ = service.add_content("see www.example.com or example.org")
                self.assertEqual((status, answer["domains_found"], answer["count"]),
                                 (200, ["www.example.com", "example.org"], 2))

    def test_the_load_script_draws_the_three_without_an_error(self):
        drawn = subprocess.run(
            [sys.executable, EXAMPLE / "load.py", "--trawld", TRAWLD, "--quick"],
            capture_output=True, text=True, timeout=3 * PATIENCE, env=environment())
        self.assertEqual((drawn.returncode, drawn.stderr), (0, ""))
        rows = [[cell.strip() for cell in line.split("|")[1:-1]]
                for line in drawn.stdout.splitlines() if line.startswith("| ")]
        for name in ("pool per request", "pool for life", "Trawl"):
            self.assertEqual([row[4] for row in rows if row[0] == name], ["0"], name)
