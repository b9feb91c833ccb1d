"""The log of trawld: one JSON object per line, one line per call, no content in any."""

import collections
import datetime
import json
import unittest

import grpc
from trawl.v1 import content_pb2

from processes import PATIENCE, Server

MARKER = "xq7-secret-marker"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def call(channel, method, request, metadata=()):
    """The code that it ends with. `request`: a message or bytes."""
    sent = request if isinstance(request, bytes) else request.SerializeToString()
    answer = channel.unary_unary(f"/trawl.v1.ContentService/{method}").future(
        sent, timeout=PATIENCE, metadata=metadata)
    return answer.code().name


def stream(channel, parts, metadata=()):
    """The code that a stream of these messages ends with."""
    answers = channel.stream_stream("/trawl.v1.ContentService/ProcessContentStream")(
        iter(parts), timeout=PATIENCE, metadata=metadata)
    try:
        collections.deque(answers, maxlen=0)
    except grpc.RpcError:
        pass
    return answers.code().name


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
            self.assertNotIn("trace_id", line)
            if line["method"] == "ProcessContent" and line["code"] == "OK":
                self.assertEqual(line["findings"], 1)
                self.assertGreaterEqual(line["queue_us"], 0)
            if line["code"] == "INVALID_ARGUMENT":
                self.assertRegex(line["reason"], "^[A-Z0-9_]+$")

    @staticmethod
    def make_calls(channel):
        """One call of every method and of several errors, with the marker wherever there is room.
        Returns the pairs of method and code that the log should have."""
        text = f"see {MARKER}.example.com"
        marked = MARKER.encode()
        document = content_pb2.BatchDocument(text=text)
        wrong = content_pb2.BatchDocument(data=b"\xff" + marked + b".example.com")
        bad_options = content_pb2.ProcessOptions(chunk_count=1_000_000)
        unknown_field = bytes([0xfa, 0x07, len(marked)]) + marked
        bad_text = bytes([0x12, len(marked) + 1]) + marked + b"\xff"
        part = content_pb2.ProcessContentStreamRequest
        requests = [
            ("ProcessContent", content_pb2.ProcessContentRequest(text=text), "OK"),
            ("ProcessContent", content_pb2.ProcessContentRequest(text=text * 100),
             "INVALID_ARGUMENT"),
            ("ProcessContent", content_pb2.ProcessContentRequest(text=text, options=bad_options),
             "INVALID_ARGUMENT"),
            # Bytes that are no message, and text that is no UTF-8.
            ("ProcessContent", b"\xff" + marked, "INVALID_ARGUMENT"),
            ("ProcessContent", bad_text, "INVALID_ARGUMENT"),
            ("ProcessContent", unknown_field + content_pb2.ProcessContentRequest(
                text=text).SerializeToString(), "OK"),
            ("ProcessContentBatch",
             content_pb2.ProcessContentBatchRequest(documents=[document, wrong]), "OK"),
            ("ProcessContentBatch", b"\x0a\x7f" + marked, "INVALID_ARGUMENT"),
            ("AddContent", content_pb2.AddContentRequest(data=text), "OK"),
            ("AddContent", b"\x0a\x7f" + marked, "INVALID_ARGUMENT"),
            ("Explain", content_pb2.ExplainRequest(text=text, offset=5), "OK"),
            ("Explain", content_pb2.ExplainRequest(text=text, offset=999), "INVALID_ARGUMENT"),
            ("Explain", b"\xff" + marked, "INVALID_ARGUMENT"),
            ("Ping", content_pb2.PingRequest(payload=marked), "OK"),
            ("Ping", b"\xff" + marked, "INVALID_ARGUMENT"),
            ("GetCapabilities", content_pb2.GetCapabilitiesRequest(), "OK"),
            ("GetCapabilities", unknown_field, "OK"),
        ]
        streams = [
            ([part(data=text.encode()), part(data=marked)], "OK"),
            ([b"\xff" + marked], "INVALID_ARGUMENT"),
            ([part(data=marked * 1000)], "INVALID_ARGUMENT"),
            ([part(data=marked), part(options=content_pb2.ProcessOptions())], "INVALID_ARGUMENT"),
            ([part(data=marked, options=bad_options)], "INVALID_ARGUMENT"),
        ]
        # Metadata may hold anything; what is no trace context is as if it were not there.
        metadata = (("traceparent", TRACE.replace("0af7", MARKER)), ("tracestate", MARKER),
                    (MARKER, MARKER), ("authorization", f"Bearer {MARKER}"))
        for method, request, code in requests:
            ended = call(channel, method, request, metadata)
            if ended != code:
                raise AssertionError(f"{method} {request}: {ended}")
        for parts, code in streams:
            sent = [each if isinstance(each, bytes) else each.SerializeToString()
                    for each in parts]
            ended = stream(channel, sent, metadata)
            if ended != code:
                raise AssertionError(f"{parts}: {ended}")
        if call(channel, MARKER, marked, metadata) != "UNIMPLEMENTED":
            raise AssertionError("there is no such method")
        return ([(method, code) for method, _, code in requests]
                + [("ProcessContentStream", code) for _, code in streams])

    def test_has_the_trace_that_the_caller_names_once_and_in_the_standards_form(self):
        _, trace_id, parent_id, _ = TRACE.split("-")
        with Server("--log_level=debug") as server:
            with grpc.insecure_channel(server.address) as channel:
                for metadata in ([("traceparent", TRACE)], [("traceparent", TRACE)] * 2,
                                 [("traceparent", TRACE.upper())], []):
                    call(channel, "Ping", content_pb2.PingRequest(), metadata)
                stream(channel, [], [("traceparent", TRACE)])
            lines = [server.wait_for_line("call", count=i) for i in range(1, 6)]
        traces = [(line.get("trace_id"), line.get("parent_id")) for line in lines]
        self.assertEqual(traces, [(trace_id, parent_id), (None, None), (None, None), (None, None),
                                  (trace_id, parent_id)])

    def test_has_few_lines_of_one_reason_a_second_and_accounts_for_the_rest(self):
        calls = 500
        with Server("--log_level=info") as server:
            with grpc.insecure_channel(server.address) as channel:
                for _ in range(calls):
                    call(channel, "ProcessContent", b"\xff")
                call(channel, "Explain", content_pb2.ExplainRequest(text="x", offset=9))
                call(channel, "Ping", content_pb2.PingRequest())
            server.signal()
            self.assertEqual(server.wait(), 0)
            drained = server.wait_for_line("drained")
        lines = [json.loads(line) for line in server.log()]
        counts = collections.Counter()
        for line in lines:
            if line["message"] == "call":
                self.assertEqual(line["level"], "info")
                counts[line["reason"]] += 1 + line.get("suppressed", 0)
        self.assertLess(len(lines), calls)
        counts.update(drained["suppressed_lines"])
        self.assertEqual(counts, {"MALFORMED_REQUEST": calls, "OFFSET_OUT_OF_RANGE": 1})

    def test_has_calls_that_are_slow_as_warnings_but_no_streams(self):
        large = b"www.example.com " * (1 << 20)
        with Server("--log_level=info", "--slow_call_ms=1") as server:
            with grpc.insecure_channel(server.address, options=[
                    ("grpc.max_receive_message_length", -1)]) as channel:
                code = call(channel, "ProcessContent", content_pb2.ProcessContentRequest(
                    data=large, options=content_pb2.ProcessOptions(
                        result_form=content_pb2.RESULT_FORM_COUNTS)), [("traceparent", TRACE)])
                self.assertEqual(code, "OK")
                part = content_pb2.ProcessContentStreamRequest(data=large).SerializeToString()
                self.assertEqual(stream(channel, [part]), "OK")
        lines = [json.loads(line) for line in server.log()]
        slow = [line for line in lines if line["message"] == "call"]
        self.assertEqual([(line["method"], line["level"], line["slow"]) for line in slow],
                         [("ProcessContent", "warning", True)])
        self.assertEqual(slow[0]["trace_id"], TRACE.split("-")[1])
        self.assertEqual(slow[0]["bytes"], len(large))
        self.assertEqual(slow[0]["findings"], 1 << 20)
