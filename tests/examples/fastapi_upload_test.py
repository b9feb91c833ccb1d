"""Uploads to examples/fastapi."""

import unittest

from fastapi_test import MISSING, Service
from processes import Server

BOUNDARY = "boundary"


@unittest.skipIf(MISSING, f"absent: {', '.join(MISSING)}; scripts/setup --dev installs them")
class UploadTest(unittest.TestCase):
    def test_an_upload_is_streamed_through_and_never_held_in_memory(self):
        head = (f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; "
                "filename=\"f\"\r\nContent-Type: application/octet-stream\r\n\r\n").encode()
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        mebibyte = b"www.example.com ".ljust(1 << 20)

        def parts(mebibytes):
            yield head
            for _ in range(mebibytes):
                yield mebibyte
            yield tail

        with Server() as server, Service("app.py", "--trawl", server.address) as service:
            def upload(mebibytes):
                return service.call("POST", "/upload", parts(mebibytes),
                                    f"multipart/form-data; boundary={BOUNDARY}")[:2]

            self.assertEqual(upload(1), (200, {
                "status": "ok", "domains_found": ["www.example.com"], "count": 1}))
            before = service.peak_bytes()
            self.assertEqual(upload(256)[1]["count"], 256)
            self.assertLess(service.peak_bytes() - before, 64 << 20)
