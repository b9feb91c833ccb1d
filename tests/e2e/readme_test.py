"""What the README shows works as it is shown."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from certificates import Authority
from fetched import from_go
from processes import PATIENCE, SOURCE_DIR, TRAWL, TRAWLD, Server, environment, trawld
from readme import examples

README_ADDRESSES = ("localhost:50151", "127.0.0.1:50151")
GRPCURL = "grpcurl", "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4"
GHZ = "ghz", "github.com/bojand/ghz/cmd/ghz@v0.93.0"
EXAMPLES = examples(f"{SOURCE_DIR}/README.md")


class ReadmeTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("proto", "README.md", "LICENSE"):
            (self.folder / name).symlink_to(f"{SOURCE_DIR}/{name}")

    def run_example(self, text, server, path=(), **variables):
        """Runs commands in a folder that looks like the tree, against `server`. Returns what they
        print; the first that fails fails the test."""
        for address in README_ADDRESSES:
            text = text.replace(address, server.address)
        path = [os.path.dirname(TRAWL), os.path.dirname(TRAWLD), *path, os.environ["PATH"]]
        ended = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text], cwd=self.folder, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=PATIENCE,
            env=environment(PATH=":".join(path), TRAWL_SERVER=server.address, **variables))
        self.assertEqual((ended.returncode, ended.stderr), (0, ""), ended)
        return ended.stdout

    def test_server_command_starts_a_server(self):
        words = EXAMPLES["server"].replace("50151", "0").split()
        self.assertEqual(words[0], "trawld")
        with Server(*words[1:]):
            pass

    def test_metrics_commands_show_metrics(self):
        words = EXAMPLES["metrics-server"].replace("9464", "0").split()
        with Server(*words[1:]) as server:
            if shutil.which("curl") is None:
                self.skipTest("there is no curl")
            command = EXAMPLES["metrics"].replace("127.0.0.1:9464", server.metrics_address)
            self.assertIn("trawl_serving 1\n", self.run_example(command, server))

    def test_extract_command_prints_what_is_shown(self):
        with Server() as server:
            self.assertEqual(self.run_example(EXAMPLES["extract"], server),
                             EXAMPLES["extract-output"])

    def test_commands_for_tls_work(self):
        servers = Authority(self.folder, "servers")
        clients = Authority(self.folder, "clients")
        server, client = servers.issue(), clients.issue()
        for name, source in (("server.pem", server.cert), ("server.key", server.key),
                             ("clients.pem", clients.ca), ("ca.pem", servers.ca),
                             ("client.pem", client.cert), ("client.key", client.key)):
            (self.folder / name).symlink_to(source)
        words = EXAMPLES["tls"].replace("\\\n", " ").replace(":50151", ":0").split()
        self.assertEqual(words[0], "trawld")
        words = [str(self.folder / word) if (self.folder / word).is_symlink() else word
                 for word in words[1:]]
        with Server(*words) as running:
            port = running.address.rsplit(":", 1)[1]
            self.assertTrue(self.run_example(
                EXAMPLES["tls-client"].replace("localhost:50151", f"localhost:{port}"), running))

    def test_explain_command_prints_what_is_shown(self):
        with Server() as server:
            self.assertEqual(self.run_example(EXAMPLES["explain"], server),
                             EXAMPLES["explain-output"])

    def test_other_client_commands_work(self):
        with Server() as server:
            self.assertTrue(self.run_example(EXAMPLES["client"], server))

    def folder_of(self, name, package):
        """Where a program written in Go is; skips the test where it cannot be had."""
        return [os.path.dirname(from_go(name, package))]

    def test_grpcurl_commands_work(self):
        path = self.folder_of(*GRPCURL)
        with Server() as server:
            printed = self.run_example(EXAMPLES["grpcurl"], server, path)
        for word in ("www.example.com", "rpc ProcessContent", "SERVING"):
            self.assertIn(word, printed)

    def test_grpcurl_prints_the_details_of_an_error_readably(self):
        path = self.folder_of(*GRPCURL)
        with Server() as server:
            printed = self.run_example(f"({EXAMPLES['grpcurl-error']}) 2>&1 || [[ $? -eq 67 ]]",
                                       server, path)
        for word in ("InvalidArgument", "5000 chunks, the limit is 4096 chunks",
                     '"field": "options.chunk_count"', '"reason": "CHUNK_COUNT_TOO_LARGE"'):
            self.assertIn(word, printed)

    def test_ghz_command_works(self):
        path = self.folder_of(*GHZ)
        with Server() as server:
            printed = self.run_example(EXAMPLES["ghz"], server, path)
        self.assertRegex(printed, r"\[OK\] +500 responses")

    def test_cpp_client_prints_the_domain(self):
        with Server() as server:
            printed = self.run_example(f"{os.environ['E2E_README_CLIENT']} localhost:50151", server)
        self.assertEqual(printed, "www.example.com\n")

    def test_python_client_prints_the_domain(self):
        (self.folder / "client.py").write_text(EXAMPLES["python-client"], encoding="utf-8")
        with Server() as server:
            printed = self.run_example("/usr/bin/python3 client.py localhost:50151", server)
        self.assertEqual(printed, "www.example.com\n")

    def test_table_of_flags_is_that_of_the_program(self):
        text = pathlib.Path(f"{SOURCE_DIR}/README.md").read_text(encoding="utf-8")
        section = text.partition("\n## Flags of `trawld`\n")[2].partition("\n## ")[0]
        rows = [line.split("|") for line in section.splitlines() if line.startswith("| `--")]
        self.assertTrue(rows)
        flags = {row[1].strip(" `"): row[2].strip(" `") for row in rows}
        printed = trawld("--help").stdout
        in_help = {word.strip(",") for word in printed.split() if word.startswith("--")}
        self.assertEqual(set(flags), in_help - {"--help", "--version"})
        for flag, twin in flags.items():
            self.assertEqual(twin, f"TRAWL_{flag[2:].upper()}")
            self.assertIn(twin, printed)
