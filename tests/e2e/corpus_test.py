"""Chunk invariance over a folder of real documents, where there is one: TRAWL_SHARED/corpus, or
../shared/corpus beside the tree."""

import hashlib
import os
import pathlib
import unittest

from processes import SOURCE_DIR, Server, trawl

CORPUS = pathlib.Path(os.environ.get("TRAWL_SHARED", f"{SOURCE_DIR}/../shared")) / "corpus"


class CorpusTest(unittest.TestCase):
    @unittest.skipUnless(CORPUS.is_dir(), "there is no corpus: TRAWL_SHARED names its parent")
    def test_every_document_gives_the_same_bytes_for_every_chunk_count(self):
        files = sorted(str(path) for path in CORPUS.rglob("*") if path.is_file())
        self.assertTrue(files)
        digests = {}
        with Server() as server:
            for count in (1, 2, 7, 64):
                ended = trawl("extract", "--format=json", "--min-confidence=low",
                              f"--chunk-count={count}", *files, server=server.address)
                self.assertEqual((ended.returncode, ended.stderr), (0, b""))
                self.assertTrue(ended.stdout)
                digests[count] = hashlib.sha256(ended.stdout).hexdigest()
        self.assertEqual(len(set(digests.values())), 1, digests)
