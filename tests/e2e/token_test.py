"""Bearer tokens: who may call what, on every path."""

import contextlib
import hashlib
import os
import pathlib
import tempfile
import unittest

import grpc
import trawl as client_package
from trawl.v1 import content_pb2, content_pb2_grpc

from certificates import Authority
from processes import PATIENCE, Server, trawl, trawld

MEBIBYTE = 1 << 20
INDEXER = "indexer-3q2-7wAAAAAAAAAAAAAAAA"
MONITOR = "monitor-V0hZIEFSRSBZT1UgUkVBRElORw=="
BACKUP = "backup-9f86d081884c7d659a2feaa0c55ad015"
TOKENS = f"""# who may call
{INDEXER}

{MONITOR}\tname=monitor methods=Ping,grpc.health.v1.Health/*
sha256:{hashlib.sha256(BACKUP.encode()).hexdigest()} name=backup
"""
PING = "/trawl.v1.ContentService/Ping"
PROCESS = "/trawl.v1.ContentService/ProcessContent"
STREAM = "/trawl.v1.ContentService/ProcessContentStream"
HEALTH = "/grpc.health.v1.Health/Check"
WATCH = "/grpc.health.v1.Health/Watch"
REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
CHANNELZ = "/grpc.channelz.v1.Channelz/GetServers"
LIST_SERVICES = b"\x3a\x00"
ALL_BUT_HEALTH = (PING, PROCESS, STREAM, "/trawl.v1.ContentService/ProcessContentBatch",
                  "/trawl.v1.ContentService/AddContent", "/trawl.v1.ContentService/Explain",
                  "/trawl.v1.ContentService/GetCapabilities", REFLECTION, CHANNELZ,
                  "/trawl.v1.ContentService/NoSuchMethod", "/no.such.Service/Method", "/")


def call(channel, path, token=None, request=b"", headers=()):
    """The code and message that a call of any kind ends with, and its first answer."""
    if token is not None:
        headers = [("authorization", f"Bearer {token}")]
    answers = channel.stream_stream(path)(iter([request]), metadata=headers, timeout=PATIENCE)
    first = b""
    try:
        for first in answers:
            if path == WATCH:
                answers.cancel()
    except grpc.RpcError:
        pass
    return answers.code(), answers.details(), first


class TokenTest(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.file = self.folder / "tokens"
        self.file.write_text(TOKENS, "ascii")

    @contextlib.contextmanager
    def server(self, *flags):
        """A server that wants tokens, and a channel to it."""
        with Server(f"--token_file={self.file}", *flags) as server, \
                grpc.insecure_channel(server.address) as channel:
            yield server, channel

    def assert_code(self, channel, code, *arguments, **options):
        self.assertEqual(call(channel, *arguments, **options)[0].name, code, arguments)

    def test_no_method_but_health_is_open_to_who_has_no_token(self):
        with self.server("--channelz=true") as (_, channel):
            for path in ALL_BUT_HEALTH:
                with self.subTest(path=path):
                    code, message, _ = call(channel, path)
                    self.assertEqual(code.name, "UNAUTHENTICATED", message)
                    self.assertIn("authorization: Bearer TOKEN", message)
                    self.assert_code(channel, "UNAUTHENTICATED", path, "x" * 30)
            self.assert_code(channel, "OK", HEALTH)
            self.assertEqual(call(channel, WATCH)[2], b"\x08\x01")

    def test_a_token_opens_every_method_on_every_path(self):
        with self.server("--channelz=true") as (_, channel):
            for token in (INDEXER, BACKUP):
                for path in (PING, PROCESS, STREAM, HEALTH, CHANNELZ):
                    self.assert_code(channel, "OK", path, token)
                listed = call(channel, REFLECTION, token, LIST_SERVICES)
                self.assertEqual(listed[0].name, "OK")
                self.assertIn(b"trawl.v1.ContentService", listed[2])
                self.assert_code(channel, "UNIMPLEMENTED", "/no.such.Service/Method", token)

    def test_a_token_with_methods_opens_only_these(self):
        with self.server() as (_, channel):
            self.assert_code(channel, "OK", PING, MONITOR)
            self.assert_code(channel, "OK", HEALTH, MONITOR)
            for path in (PROCESS, STREAM, REFLECTION, "/no.such.Service/Method"):
                code, message, _ = call(channel, path, MONITOR)
                self.assertEqual(code.name, "PERMISSION_DENIED")
                self.assertIn("monitor", message)

    def test_headers_that_are_no_one_bearer_token_are_refused(self):
        with self.server() as (_, channel):
            wrong = [f"Basic {INDEXER}", INDEXER, "Bearer", "Bearer ", f"Bearer{INDEXER}",
                     f"Bearer {INDEXER} x", f"Bearer {INDEXER[:-1]}", f"Bearer {INDEXER}x",
                     f"Bearer {INDEXER.upper()}", "Bearer " + "A" * 4000,
                     f"Bearer sha256:{hashlib.sha256(BACKUP.encode()).hexdigest()}",
                     f"Bearer {hashlib.sha256(BACKUP.encode()).hexdigest()}"]
            for value in wrong:
                with self.subTest(value=value):
                    self.assert_code(channel, "UNAUTHENTICATED", PING,
                                     headers=[("authorization", value)])
            twice = [("authorization", f"Bearer {INDEXER}")] * 2
            self.assert_code(channel, "UNAUTHENTICATED", PING, headers=twice)
            self.assert_code(channel, "OK", PING, headers=[("authorization", f"bearer {INDEXER}")])

    def test_open_methods_are_as_the_option_says(self):
        with self.server("--open_methods=none") as (_, channel):
            self.assert_code(channel, "UNAUTHENTICATED", HEALTH)
            self.assert_code(channel, "OK", HEALTH, INDEXER)
        with self.server(f"--open_methods=Ping,{REFLECTION[1:]}") as (_, channel):
            self.assert_code(channel, "OK", PING)
            self.assert_code(channel, "OK", REFLECTION, request=LIST_SERVICES)
            self.assert_code(channel, "UNAUTHENTICATED", HEALTH)
            self.assert_code(channel, "UNAUTHENTICATED", PROCESS)

    def test_tokens_are_reloaded_and_hold_from_the_next_call_on(self):
        newer = "newer-AAAAAAAAAAAAAAAAAAAAAA"
        with self.server() as (server, channel):
            self.assert_code(channel, "UNAUTHENTICATED", PING, newer)
            self.file.write_text(TOKENS + newer + "\n", "ascii")
            self.assertEqual(server.wait_for_line("reloaded")["what"], "tokens")
            self.assert_code(channel, "OK", PING, newer)
            self.assert_code(channel, "OK", PING, INDEXER)
            self.file.write_text(newer + "\n", "ascii")
            server.wait_for_line("reloaded", count=2)
            self.assert_code(channel, "OK", PING, newer)
            self.assert_code(channel, "UNAUTHENTICATED", PING, INDEXER)

    def test_a_file_that_cannot_be_used_leaves_the_tokens_in_use(self):
        with self.server() as (server, channel):
            breaks = [(lambda: self.file.write_text("", "ascii"), "no token"),
                      (lambda: self.file.write_text("short\n", "ascii"), "line 1"),
                      (self.file.unlink, "No such file")]
            for count, (break_it, why) in enumerate(breaks, 1):
                break_it()
                line = server.wait_for_line("not reloaded", count=count)
                self.assertIn(why, line["error"])
                self.assertIn(str(self.file), line["error"])
                self.assert_code(channel, "OK", PING, INDEXER)
                self.assert_code(channel, "UNAUTHENTICATED", PING)

    def test_a_message_without_a_token_is_refused_before_it_is_read(self):
        request = content_pb2.ProcessContentRequest(data=b"x" * (32 * MEBIBYTE))
        options = [("grpc.max_send_message_length", -1)]
        with Server(f"--token_file={self.file}") as server:
            with grpc.insecure_channel(server.address) as channel:
                self.assert_code(channel, "OK", PING, INDEXER)
            before = server.memory("VmHWM")
            for _ in range(4):
                with grpc.insecure_channel(server.address, options=options) as channel, \
                        self.assertRaises(grpc.RpcError) as refused:
                    content_pb2_grpc.ContentServiceStub(channel).ProcessContent(
                        request, timeout=PATIENCE)
                self.assertEqual(refused.exception.code().name, "UNAUTHENTICATED")
            grown = server.memory("VmHWM") - before
        if os.environ["E2E_SANITIZED"] == "0":
            self.assertLess(grown, 16 * MEBIBYTE)

    def test_refused_calls_are_counted_and_no_line_holds_a_token(self):
        guess = "guess-AAAAAAAAAAAAAAAAAAAAAA"
        with self.server("--log_level=debug") as (server, channel):
            for _ in range(3):
                self.assert_code(channel, "UNAUTHENTICATED", PROCESS, guess)
            self.assert_code(channel, "PERMISSION_DENIED", PROCESS, MONITOR)
            self.assert_code(channel, "UNAUTHENTICATED", "/no.such.Service/Method", guess)
            self.assert_code(channel, "OK", PROCESS, INDEXER)
            line = server.wait_for_line("call refused")
            self.assertEqual((line["path"], line["code"]), (PROCESS, "UNAUTHENTICATED"))
        counted = server.wait_for_line("drained")["calls"]
        self.assertEqual(counted["ProcessContent"],
                         {"OK": 1, "UNAUTHENTICATED": 3, "PERMISSION_DENIED": 1})
        log = "".join(server.log())
        for token in (INDEXER, MONITOR, BACKUP, guess):
            self.assertNotIn(token, log)
            self.assertNotIn(token.split("-")[1], log)

    def test_a_flood_of_refused_calls_is_a_few_lines_a_second(self):
        with self.server() as (server, channel):
            ping = channel.unary_unary(PING)
            pending = [ping.future(b"", timeout=PATIENCE) for _ in range(2000)]
            self.assertEqual({one.code().name for one in pending}, {"UNAUTHENTICATED"})
        lines = sum('"call refused"' in line for line in server.log())
        self.assertTrue(1 <= lines < 1000, lines)
        self.assertEqual(server.wait_for_line("drained")["calls"]["Ping"],
                         {"UNAUTHENTICATED": 2000})

    def test_the_clients_send_their_token_with_calls_and_streams(self):
        file = self.folder / "token"
        file.write_text(INDEXER + "\n", "ascii")
        with self.server() as (server, _):
            options = client_package.ClientOptions(token=INDEXER)
            self.assertNotIn(INDEXER, repr(options))
            with client_package.Client(server.address, options) as client:
                self.assertEqual(client.ping(b"hello").payload, b"hello")
                with client.extract_stream([b"www.example.com"]) as stream:
                    self.assertEqual([finding.value for finding in stream], ["www.example.com"])
            for flags, twins in (([f"--token-file={file}"], {}), ([], {"TRAWL_TOKEN": INDEXER})):
                for command in (["extract"], ["extract", "--stream"]):
                    ended = trawl(*flags, *command, server=server.address, stdin=b"www.example.com",
                                  **twins)
                    self.assertEqual((ended.returncode, ended.stdout), (0, b"www.example.com\n"),
                                     ended)

    def test_the_clients_say_what_is_wrong_with_their_token(self):
        spaced = self.folder / "spaced"
        spaced.write_text("two words\n", "ascii")
        empty = self.folder / "empty"
        empty.touch()
        with self.server() as (server, _):
            with client_package.Client(server.address) as client, \
                    self.assertRaises(client_package.UnauthenticatedError):
                client.ping()
            options = client_package.ClientOptions(token=MONITOR)
            with client_package.Client(server.address, options) as client, \
                    self.assertRaises(client_package.PermissionDeniedError):
                client.extract("text")
            for token in ("", " ", "two words", "caf\xe9", "line\nline"):
                with self.assertRaises(ValueError):
                    client_package.Client(server.address,
                                          client_package.ClientOptions(token=token))
            for flags, word in (([], "--token-file"), ([f"--token-file={spaced}"], "spaces"),
                                ([f"--token-file={empty}"], "no token"),
                                (["--token-file=/no/such"], "No such file")):
                with self.subTest(flags=flags):
                    ended = trawl(*flags, "ping", "--count=1", server=server.address)
                    self.assertEqual((ended.returncode, ended.stderr.count(b"\n")), (2, 1), ended)
                    self.assertIn(word.lower(), ended.stderr.decode().lower())

    def test_what_is_wrong_with_the_file_is_said_at_the_start_without_a_token(self):
        secret = "secret!"
        cases = [
            ("", "no token"), ("# only a comment\n", "no token"),
            (f"{INDEXER}\n{secret}\n", "line 2"), ("fifteen-letters\n", "15 characters"),
            (f"{INDEXER}\n{INDEXER}\n", "there already"), (f"{INDEXER} nonsense\n", "name="),
            (f"{INDEXER} methods=\n", "methods="), (f"{INDEXER} methods=Pong\n", "methods="),
            (f"{INDEXER} methods=a/b/c\n", "methods="), ("sha256:abc\n", "64 hexadecimal"),
            ("\n".join(f"token-{i:020}" for i in range(1001)), "1000"),
        ]
        for text, word in cases:
            self.file.write_text(text, "ascii")
            with self.subTest(text=text[:60]):
                ended = trawld("--listen=127.0.0.1:0", f"--token_file={self.file}")
                self.assertEqual((ended.returncode, ended.stderr.count("\n")), (1, 1), ended)
                self.assertIn(word, ended.stderr)
                self.assertIn("--token_file", ended.stderr)
                self.assertIn(str(self.file), ended.stderr)
                for token in (INDEXER, secret):
                    self.assertNotIn(token, ended.stderr)
        ended = trawld("--token_file=/no/such/tokens")
        self.assertIn("/no/such/tokens: No such file", ended.stderr)
        self.file.write_text(TOKENS, "ascii")
        ended = trawld(f"--token_file={self.file}", "--open_methods=Pong")
        self.assertIn('--open_methods: "Pong" is no method', ended.stderr)

    def test_tokens_in_plaintext_beyond_this_machine_are_warned_of(self):
        with Server("--listen=0.0.0.0:0", f"--token_file={self.file}") as server:
            self.assertIn("tokens", server.wait_for_line("plaintext")["danger"])

    def test_tokens_are_asked_for_behind_tls_too(self):
        authority = Authority(self.folder)
        issued = authority.issue()
        with Server(f"--token_file={self.file}", f"--tls_cert_file={issued.cert}",
                    f"--tls_key_file={issued.key}") as server:
            credentials = grpc.ssl_channel_credentials(authority.ca.read_bytes())
            with grpc.secure_channel(server.address, credentials) as channel:
                for path in ALL_BUT_HEALTH:
                    self.assert_code(channel, "UNAUTHENTICATED", path)
                self.assert_code(channel, "OK", HEALTH)
                self.assert_code(channel, "OK", PING, INDEXER)
                self.assert_code(channel, "PERMISSION_DENIED", PROCESS, MONITOR)
                self.assert_code(channel, "OK", REFLECTION, INDEXER, LIST_SERVICES)


class SwitchesTest(unittest.TestCase):
    """What can be switched on and off."""

    def codes(self, *flags):
        with Server(*flags) as server, grpc.insecure_channel(server.address) as channel:
            return (call(channel, REFLECTION, request=LIST_SERVICES)[0].name,
                    call(channel, CHANNELZ)[0].name)

    def test_reflection_is_on_and_channelz_is_off_unless_asked_for(self):
        self.assertEqual(self.codes(), ("OK", "UNIMPLEMENTED"))
        self.assertEqual(self.codes("--reflection=false"), ("UNIMPLEMENTED", "UNIMPLEMENTED"))
        self.assertEqual(self.codes("--channelz=true"), ("OK", "OK"))

    def test_channelz_tells_of_the_server_and_its_calls(self):
        with Server("--channelz=true") as server, \
                grpc.insecure_channel(server.address) as channel:
            _, _, answer = call(channel, CHANNELZ)
            self.assertTrue(answer)
