"""The contract for callers of HTTP: what a proxy reads from the descriptors, and what it calls."""

import os
import pathlib
import unittest

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format
from trawl.v1 import content_pb2, content_pb2_grpc

from processes import PATIENCE, Server

# The option google.api.http of a method, and its fields.
HTTP, GET, POST, BODY = 72295728, 2, 4, 7
TEXT = "żółw www.example.com a@example.org www.example.com setup.py"


def fields(wire):
    """The fields of a message of protobuf: {number: value}; of length-delimited ones only."""
    found, at = {}, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte, at = wire[at], at + 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(wire):
        key = varint()
        assert key & 7 == 2
        size = varint()
        found[key >> 3] = wire[at:at + size]
        at += size
    return found


class HttpContractTest(unittest.TestCase):
    def test_the_descriptor_set_has_the_ways_by_http(self):
        path = pathlib.Path(os.environ["E2E_DESCRIPTORS"])
        files = descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes()).file
        contract, = (file for file in files if file.name == "trawl/v1/content.proto")
        ways = {}
        for method in contract.service[0].method:
            http = fields(method.options.SerializeToString()).get(HTTP)
            if http is not None:
                ways[method.name] = {number: value.decode()
                                     for number, value in fields(http).items()}
        self.assertEqual(ways, {"ProcessContent": {POST: "/v1/content:process", BODY: "*"},
                                "ProcessUrl": {POST: "/v1/url:process", BODY: "*"},
                                "AddContent": {POST: "/addContent", BODY: "*"},
                                "Ping": {GET: "/ping"}})

    def test_the_descriptor_set_stands_alone(self):
        path = pathlib.Path(os.environ["E2E_DESCRIPTORS"])
        pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes()).file:
            pool.Add(file) if hasattr(pool, "Add") else pool.AddSerializedFile(
                file.SerializeToString())
        for name in ("trawl.v1.ContentService", "grpc.health.v1.Health"):
            self.assertEqual(pool.FindServiceByName(name).full_name, name)
        for name in ("google.rpc.ErrorInfo", "google.rpc.BadRequest", "google.rpc.RetryInfo"):
            self.assertEqual(pool.FindMessageTypeByName(name).full_name, name)

    def test_the_json_of_the_web_service_is_that_of_add_content(self):
        request = json_format.Parse('{"data": "żółw"}', content_pb2.AddContentRequest())
        self.assertEqual(request.data, "żółw")
        response = content_pb2.AddContentResponse(status="ok", domains_found=["a.com"], count=0)
        self.assertEqual(json_format.MessageToDict(response),
                         {"status": "ok", "domains_found": ["a.com"], "count": 0})


class AddContentTest(unittest.TestCase):
    def call(self, server, method, request):
        with grpc.insecure_channel(server.address) as channel:
            stub = content_pb2_grpc.ContentServiceStub(channel)
            return getattr(stub, method)(request, timeout=PATIENCE)

    def test_it_answers_with_the_values_that_process_content_finds(self):
        with Server() as server:
            for text in (TEXT, "", "nothing", TEXT * 5000):
                whole = self.call(server, "ProcessContent",
                                  content_pb2.ProcessContentRequest(text=text))
                answer = self.call(server, "AddContent", content_pb2.AddContentRequest(data=text))
                self.assertEqual(list(answer.domains_found), [f.value for f in whole.findings])
                self.assertEqual((answer.status, answer.count), ("ok", whole.total_count))
                self.assertTrue(answer.HasField("count"))

    def test_what_is_cut_off_is_counted_and_said(self):
        with Server("--max_findings=2") as server:
            answer = self.call(server, "AddContent", content_pb2.AddContentRequest(data=TEXT))
        self.assertEqual(list(answer.domains_found), ["www.example.com", "example.org"])
        self.assertEqual((answer.status, answer.count), ("incomplete", 3))

    def test_it_has_the_errors_of_process_content(self):
        with Server("--max_content_bytes=100") as server:
            with self.assertRaises(grpc.RpcError) as caught:
                self.call(server, "AddContent", content_pb2.AddContentRequest(data="x" * 101))
        self.assertEqual(caught.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        self.assertIn("101 bytes, the limit is 100 bytes", caught.exception.details())
