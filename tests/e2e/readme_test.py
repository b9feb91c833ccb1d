"""What the README shows works as it is shown."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from processes import PATIENCE, SOURCE_DIR, TRAWL, TRAWLD, Server, environment, trawld
from readme import examples

README_ADDRESSES = ("localhost:50151", "127.0.0.1:50151")
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

    def test_extract_command_prints_what_is_shown(self):
        with Server() as server:
            self.assertEqual(self.run_example(EXAMPLES["extract"], server),
                             EXAMPLES["extract-output"])

    def test_explain_command_prints_what_is_shown(self):
        with Server() as server:
            self.assertEqual(self.run_example(EXAMPLES["explain"], server),
                             EXAMPLES["explain-output"])

    def test_other_client_commands_work(self):
        with Server() as server:
            self.assertTrue(self.run_example(EXAMPLES["client"], server))

    def test_grpcurl_commands_work(self):
        path = os.environ["PATH"]
        if shutil.which("grpcurl") is None and shutil.which("go") is not None:
            go_path = subprocess.run(["go", "env", "GOPATH"], capture_output=True, text=True,
                                     check=False).stdout.strip()
            path = f"{path}:{go_path}/bin"
        program = shutil.which("grpcurl", path=path)
        if program is None:
            self.skipTest("grpcurl is neither on PATH nor in $(go env GOPATH)/bin")
        with Server() as server:
            printed = self.run_example(EXAMPLES["grpcurl"], server, [os.path.dirname(program)])
        for word in ("www.example.com", "rpc ProcessContent"):
            self.assertIn(word, printed)

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
        rows = [line.split("|") for line in
                pathlib.Path(f"{SOURCE_DIR}/README.md").read_text(encoding="utf-8").splitlines()
                if line.startswith("| `--")]
        flags = {row[1].strip(" `"): row[2].strip(" `") for row in rows}
        printed = trawld("--help").stdout
        in_help = {word.strip(",") for word in printed.split() if word.startswith("--")}
        self.assertEqual(set(flags), in_help - {"--help", "--version"})
        for flag, twin in flags.items():
            self.assertEqual(twin, f"TRAWL_{flag[2:].upper()}")
            self.assertIn(twin, printed)
