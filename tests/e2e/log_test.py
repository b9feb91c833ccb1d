"""The log of trawld: one JSON object per line, one line per call, no content in any."""

import datetime
import json
import unittest

import grpc
from trawl.v1 import content_pb2

from processes import PATIENCE, Server

MARKER = "xq7-secret-marker"


class LogTest(unittest.TestCase):
    def test_has_one_line_of_json_for_each_call_and_no_content_in_any(self):
        with Server("--log_level=debug", "--max_content_bytes=2000") as server:
            with grpc.insecure_channel(server.address) as channel:
                calls = self.make_calls(channel)
            # A line is written when the call is over, which the client may see first.
            server.wait_for_line("call", count=len(calls))
        lines = [json.loads(line) for line in server.log()]
        self.assertNotIn(MARKER, "".join(server.log()))
        for line in lines:
            self.assertIn(line["level"], ("debug", "info", "warning", "error"))
            self.assertTrue(line["message"])
            time = datetime.datetime.strptime(line["time"], "%Y-%m-%dT%H:%M:%S.%fZ")
            self.assertLess(abs(datetime.datetime.utcnow() - time), datetime.timedelta(hours=1))
        logged = [line for line in lines if line["message"] == "call"]
        self.assertEqual(sorted((line["method"], line["code"]) for line in logged), sorted(calls))
        for line in logged:
            self.assertIn("127.0.0.1:", line["peer"])
            self.assertGreaterEqual(line["duration_us"], 0)
            self.assertGreaterEqual(line["request_bytes"], 0)

    @staticmethod
    def make_calls(channel):
        """One call of every method and of several errors, with the marker wherever there is room.
        Returns the pairs of method and code that the log should have."""
        text = f"see {MARKER}.example.com"
        document = content_pb2.BatchDocument(text=text)
        bad_options = content_pb2.ProcessOptions(chunk_count=1_000_000)
        requests = [
            ("ProcessContent", content_pb2.ProcessContentRequest(text=text), "OK"),
            ("ProcessContent", content_pb2.ProcessContentRequest(text=text * 100),
             "INVALID_ARGUMENT"),
            ("ProcessContent", content_pb2.ProcessContentRequest(text=text, options=bad_options),
             "INVALID_ARGUMENT"),
            # Bytes that are no message, and text that is no UTF-8.
            ("ProcessContent", b"\xff" + MARKER.encode(), "INVALID_ARGUMENT"),
            ("ProcessContent", bytes([0x12, len(MARKER) + 1]) + MARKER.encode() + b"\xff",
             "INVALID_ARGUMENT"),
            ("ProcessContentBatch",
             content_pb2.ProcessContentBatchRequest(documents=[document] * 2), "OK"),
            ("Explain", content_pb2.ExplainRequest(text=text, offset=5), "OK"),
            ("Explain", content_pb2.ExplainRequest(text=text, offset=999), "INVALID_ARGUMENT"),
            ("Ping", content_pb2.PingRequest(payload=MARKER.encode()), "OK"),
            ("GetCapabilities", content_pb2.GetCapabilitiesRequest(), "OK"),
        ]
        for method, request, code in requests:
            call = channel.unary_unary(f"/trawl.v1.ContentService/{method}")
            sent = request if isinstance(request, bytes) else request.SerializeToString()
            answer = call.future(sent, timeout=PATIENCE)
            if answer.code().name != code:
                raise AssertionError(f"{method}: {answer.code()} {answer.details()}")
        return [(method, code) for method, _, code in requests]
