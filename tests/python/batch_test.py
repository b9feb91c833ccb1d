"""Many documents in one call, and in more where one cannot hold them."""

import unittest

import trawl
from clients import both
from processes import Server


def values(results):
    return [[f.value for f in result.findings] if isinstance(result, trawl.Result)
            else result.reason for result in results]


class BatchTest(unittest.TestCase):
    def test_documents_are_answered_in_order_each_with_its_own_error(self):
        documents = ["www.example.com", b"\xff example.org", "x" * 200, ""]
        with Server("--max_content_bytes=100") as server, both(server.address) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    results = client.extract_batch(documents)
                    self.assertEqual(values(results), [["www.example.com"], ["example.org"],
                                                       "CONTENT_TOO_LARGE", []])
                    self.assertIsInstance(results[2], trawl.ContentTooLargeError)
                    self.assertEqual((results[2].value, results[2].limit), (200, 100))
                    self.assertTrue(results[0].ruleset.version)

    def test_a_batch_over_the_limits_goes_in_several_calls(self):
        documents = [f"host{i}.example.com" for i in range(25)]
        with Server("--max_batch_documents=4", "--max_content_bytes=50") as server, \
                both(server.address) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    self.assertEqual(values(client.extract_batch(iter(documents))),
                                     [[document] for document in documents])
            self.assertEqual(clients["Client"].extract_batch([]), [])

    def test_offsets_are_right_in_a_batch_of_text_and_bytes(self):
        documents = ["żółw example.com", "żółw example.com".encode(), "turtle example.com",
                     "ż a.com"]
        with Server() as server, both(server.address) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    found = [result.findings[0] for result in client.extract_batch(documents)]
                    self.assertEqual(
                        [document[f.begin:f.end] for document, f in zip(documents, found)],
                        ["example.com", b"example.com", "example.com", "a.com"])

    def test_what_is_no_document_is_a_type_error(self):
        with Server() as server, trawl.Client(server.address) as client:
            with self.assertRaises(TypeError):
                client.extract_batch(["a", None])
