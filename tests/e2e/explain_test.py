"""`trawl explain` end to end: it agrees with `trawl extract`."""

import json
import os
import pathlib
import shutil
import tempfile
import unittest

import grpc
from trawl.v1 import content_pb2, content_pb2_grpc

from processes import PATIENCE, Server, trawl

# Findings of every confidence, and what is none for many reasons.
TEXT = ("See https://www.example.com/a?b and mail joe.doe.com@B\u00fccher.de, not setup.py or co.uk; "
        "nas.local, libssl.so.1.1, foo_bar.com, \u65e5\u672cexample.org\u3067\u3059 evil[.]com\0end. ")


class ExplainTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)

    def explain(self, file, offset, *arguments):
        return trawl("explain", str(file), str(offset), "--json", *arguments,
                     server=self.server.address)

    def extract(self, file, *arguments):
        ended = trawl("extract", "--format=json", str(file), *arguments,
                      server=self.server.address)
        findings = [json.loads(line) for line in ended.stdout.splitlines()]
        for finding in findings:
            del finding["file"]
        return findings

    def test_every_byte_is_explained_as_it_is_extracted(self):
        data = TEXT.encode()
        with grpc.insecure_channel(self.server.address) as channel:
            stub = content_pb2_grpc.ContentServiceStub(channel)
            for confidence in (content_pb2.CONFIDENCE_LOW, content_pb2.CONFIDENCE_HIGH):
                options = content_pb2.ProcessOptions(min_confidence=confidence)
                found = stub.ProcessContent(
                    content_pb2.ProcessContentRequest(data=data, options=options),
                    timeout=PATIENCE).findings
                verdicts = set()
                for offset in range(len(data)):
                    response = stub.Explain(
                        content_pb2.ExplainRequest(data=data, options=options, offset=offset),
                        timeout=PATIENCE)
                    verdicts.add(response.verdict)
                    self.assertTrue(response.begin <= offset < response.end)
                    of_byte = [f for f in found if f.begin <= offset < f.end]
                    if of_byte:
                        self.assertEqual((response.verdict, response.finding),
                                         (content_pb2.VERDICT_FINDING, of_byte[0]))
                    else:
                        self.assertNotEqual(response.verdict, content_pb2.VERDICT_FINDING)
                self.assertGreaterEqual(len(verdicts), 8)

    def test_the_same_byte_of_a_large_file_is_explained_alike(self):
        for encoding in ("utf-8", "utf-16"):
            file = self.folder / encoding
            file.write_bytes((TEXT * 10_000).encode(encoding))
            found = self.extract(file, "--encoding=auto")
            for finding in (found[0], found[len(found) // 2], found[-1]):
                offset = (finding["begin"] + finding["end"]) // 2
                ended = self.explain(file, offset, "--encoding=auto")
                self.assertEqual((ended.returncode, ended.stderr), (0, b""))
                self.assertEqual(json.loads(ended.stdout)["finding"], finding)

    def test_a_file_too_large_for_any_call_is_explained(self):
        file = self.folder / "sparse"
        begin = 5 << 30
        try:
            with open(file, "wb") as sparse:
                sparse.seek(begin)
                sparse.write(b"example.com")
        except OSError as error:
            self.skipTest(f"no files of 5 GiB here: {error}")
        ended = self.explain(file, begin + 3)
        os.remove(file)
        self.assertEqual((ended.returncode, ended.stderr), (0, b""))
        finding = json.loads(ended.stdout)["finding"]
        self.assertEqual((finding["value"], finding["begin"], finding["end"]),
                         ("example.com", begin, begin + 11))

    def test_exit_codes_are_those_of_extract(self):
        file = self.folder / "small"
        file.write_text("at example.com", encoding="ascii")
        for offset, code in ((5, 0), (0, 1), (14, 2), ("x", 2)):
            self.assertEqual(self.explain(file, offset).returncode, code, offset)
