"""What a failed call raises, and what it says."""

import pickle
import socket
import tempfile
import pathlib
import unittest

import grpc

import trawl
from clients import both
from fake_server import fake_server, overloaded
from processes import Server
from trawl.errors import from_status
from trawl.google.rpc import status_pb2

ONCE = trawl.ClientOptions(max_attempts=1)


def raised(function, *arguments, **options):
    try:
        function(*arguments, **options)
    except trawl.TrawlError as error:
        return error
    raise AssertionError("nothing was raised")


class ErrorsTest(unittest.TestCase):
    def test_a_wrong_field_is_named_with_value_and_limit(self):
        with Server() as server, both(server.address) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    error = raised(client.extract, "x", trawl.ProcessOptions(chunk_count=5000))
                    self.assertIsInstance(error, trawl.InvalidRequestError)
                    self.assertEqual(error.code, grpc.StatusCode.INVALID_ARGUMENT)
                    self.assertEqual(error.reason, "CHUNK_COUNT_TOO_LARGE")
                    self.assertEqual(error.domain, "trawl.v1")
                    self.assertEqual((error.field, error.value, error.limit),
                                     ("options.chunk_count", 5000, 4096))
                    self.assertIn("CHUNK_COUNT_TOO_LARGE", str(error))

    def test_a_full_server_says_when_to_come_back(self):
        with fake_server() as server, both(server.address, ONCE) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    server.failures = [overloaded(delay_ms=1500)]
                    error = raised(client.extract, "x")
                    self.assertIsInstance(error, trawl.OverloadedError)
                    self.assertEqual((error.reason, error.retry_delay), ("TOO_MANY_CALLS", 1.5))
                    self.assertEqual(error.message, "busy")

    def test_an_expired_call_is_a_deadline_error(self):
        with Server() as server, both(server.address) as clients:
            for name, client in clients.items():
                with self.subTest(client=name):
                    client.ping()
                    error = raised(client.extract, b"x" * (16 << 20), timeout=0.0001)
                    self.assertIsInstance(error, trawl.DeadlineExceededError)

    def test_no_server_is_an_unavailable_error(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            with both("127.0.0.1:%d" % taken.getsockname()[1], ONCE) as clients:
                for name, client in clients.items():
                    with self.subTest(client=name):
                        error = raised(client.ping)
                        self.assertIsInstance(error, trawl.UnavailableError)
                        self.assertEqual(error.reason, "")

    def test_errors_survive_pickling(self):
        with Server() as server, trawl.Client(server.address) as client:
            error = raised(client.extract, "x", trawl.ProcessOptions(chunk_count=5000))
        copy = pickle.loads(pickle.dumps(error))
        self.assertIs(type(copy), type(error))
        self.assertEqual(vars(copy), vars(error))
        self.assertEqual(str(copy), str(error))

    def test_errors_of_reading_content_are_raised_as_they_are(self):
        class Broken:
            def read(self, size):
                raise OSError("the disk is gone")

        with Server() as server, both(server.address) as clients, \
                tempfile.TemporaryDirectory() as folder:
            for name, client in clients.items():
                with self.subTest(client=name):
                    with self.assertRaises(FileNotFoundError):
                        client.extract(pathlib.Path(folder) / "none")
                    with self.assertRaisesRegex(OSError, "the disk is gone"):
                        client.extract(Broken())

    def test_details_that_cannot_be_read_are_left_out(self):
        status = status_pb2.Status(code=99, message="odd")
        status.details.add(type_url="type.googleapis.com/google.rpc.Unknown", value=b"\xff")
        error = from_status(status)
        self.assertEqual((error.code, error.message, error.reason, error.field),
                         (grpc.StatusCode.UNKNOWN, "odd", "", None))
