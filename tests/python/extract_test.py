"""What content can be, and what is found in it."""

import dataclasses
import io
import math
import pathlib
import tempfile
import unittest

import trawl
from clients import both
from processes import PATIENCE, Server

TEXT = "see www.example.com, or mail me@example.org"
VALUES = ["www.example.com", "example.org"]


class ExtractTest(unittest.TestCase):
    def each_client(self, options=trawl.ClientOptions(timeout=PATIENCE), *flags):
        with Server(*flags) as server, both(server.address, options) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    yield client

    def test_content_of_every_sort_gives_the_same_findings(self):
        data = TEXT.encode()
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "content"
            path.write_bytes(data)
            for client in self.each_client():
                results = [client.extract(content) for content in (
                    TEXT, data, bytearray(data), memoryview(data), path, io.BytesIO(data))]
                with open(path, "rb") as file:
                    results.append(client.extract(file))
                for result in results:
                    self.assertEqual([f.value for f in result.findings], VALUES)
                    self.assertEqual(result.findings, results[0].findings)
                    self.assertEqual((result.total_count, result.complete), (2, True))
                    self.assertEqual(result.stats.bytes, len(data))
                    self.assertTrue(result.ruleset.version)

    def test_a_finding_has_every_field_of_the_contract(self):
        options = trawl.ProcessOptions(unicode_values=True)
        for client in self.each_client():
            finding, = client.extract(b"see www.b\xc3\xbccher.example.com", options).findings
            self.assertEqual(finding, trawl.Finding(
                kind=trawl.Kind.DOMAIN, begin=4, end=27, value="www.xn--bcher-kva.example.com",
                registrable_domain="example.com", confidence=trawl.Confidence.HIGH,
                reasons=(trawl.Reason.ANCHORED,), unicode_value="www.bücher.example.com"))

    def test_offsets_cut_the_finding_out_of_text_and_out_of_bytes(self):
        text = "żółw 🐢 www.bücher.example.com, 🐢 example.org"
        for client in self.each_client():
            found = client.extract(text).findings
            self.assertEqual([text[f.begin:f.end] for f in found],
                             ["www.bücher.example.com", "example.org"])
            data = text.encode()
            found = client.extract(data).findings
            self.assertEqual([data[f.begin:f.end].decode() for f in found],
                             ["www.bücher.example.com", "example.org"])
            utf16 = trawl.ProcessOptions(offset_unit=trawl.OffsetUnit.UTF16_UNITS)
            self.assertEqual(client.extract(text, utf16).findings[0].begin, text.index("www") + 1)

    def test_text_that_holds_bytes_keeps_its_offsets(self):
        text = b"\xff\xfe www.example.com \xff".decode("utf-8", "surrogateescape")
        for client in self.each_client():
            finding, = client.extract(text).findings
            self.assertEqual(text[finding.begin:finding.end], "www.example.com")

    def test_every_form_of_result_is_given(self):
        text = "www.example.com example.org www.example.com"
        form = trawl.ResultForm
        for client in self.each_client():
            results = {f: client.extract(text, trawl.ProcessOptions(result_form=f)) for f in form}
            self.assertEqual([(d.value, d.count) for d in results[form.DISTINCT].distinct],
                             [("www.example.com", 2), ("example.org", 1)])
            self.assertEqual([(s.begin, s.end) for s in results[form.SPANS].spans],
                             [(f.begin, f.end) for f in results[form.FINDINGS].findings])
            counts, = results[form.COUNTS].counts
            self.assertEqual((counts.kind, counts.count), (trawl.Kind.DOMAIN, 3))

    def test_options_reach_the_server(self):
        for client in self.each_client():
            low = trawl.ProcessOptions(min_confidence=trawl.Confidence.LOW)
            self.assertEqual(client.extract("setup.py").findings, ())
            self.assertEqual(len(client.extract("setup.py", low).findings), 1)
            off = trawl.ProcessOptions(defang=trawl.DefangMode.OFF)
            self.assertEqual(client.extract("example[.]com", off).findings, ())
            few = client.extract(TEXT, trawl.ProcessOptions(max_findings=1))
            self.assertEqual((len(few.findings), few.total_count, few.complete), (1, 2, False))
            kinds = trawl.ProcessOptions(kinds=[trawl.Kind.URL, trawl.Kind.DOMAIN],
                                         nesting=trawl.Nesting.OUTERMOST)
            found = client.extract("http://example.com/x example.org", kinds).findings
            self.assertEqual([f.kind for f in found], [trawl.Kind.URL, trawl.Kind.DOMAIN])
            sixteen = trawl.ProcessOptions(encoding=trawl.Encoding.UTF16LE)
            found = client.extract(TEXT.encode("utf-16-le"), sixteen).findings
            self.assertEqual([f.value for f in found], VALUES)

    def test_added_content_gives_the_values_alone(self):
        for client in self.each_client():
            self.assertEqual(client.add_content(f"żółw {TEXT} www.example.com"), trawl.AddedContent(
                status="ok", domains_found=(*VALUES, "www.example.com"), count=3))

    def test_a_byte_is_explained(self):
        text = "żółw docs.rs/x"
        for client in self.each_client():
            explanation = client.explain(text, text.index("rs/"))
            self.assertEqual(explanation.verdict, trawl.Verdict.FINDING)
            self.assertEqual(text[explanation.finding.begin:explanation.finding.end], "docs.rs")
            self.assertEqual(client.explain(b"one two", 3).verdict, trawl.Verdict.SEPARATOR)

    def test_ping_and_capabilities_are_answered(self):
        for client in self.each_client(trawl.ClientOptions(), "--max_content_bytes=12345"):
            self.assertEqual(client.ping(b"\x00\xff").payload, b"\x00\xff")
            capabilities = client.capabilities(timeout=math.inf)
            self.assertEqual(capabilities.max_content_bytes, 12345)
            self.assertIn(trawl.Kind.DOMAIN, capabilities.kinds)

    def test_what_is_no_content_is_a_type_error(self):
        for client in self.each_client():
            for content in (None, 7, ["www.example.com"]):
                with self.assertRaises(TypeError):
                    client.extract(content)
            with self.assertRaisesRegex(TypeError, "binary mode"):
                client.extract(io.StringIO(TEXT))

    def test_results_are_values(self):
        for client in self.each_client():
            first, second = client.extract(TEXT), client.extract(TEXT)
            self.assertEqual(first.findings, second.findings)
            self.assertEqual(hash(first.findings), hash(second.findings))
            with self.assertRaises(dataclasses.FrozenInstanceError):
                first.findings[0].value = "another"
