"""examples/go and examples/node, built and run where their tool chains are."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

from processes import PATIENCE, SOURCE_DIR, Server, environment

EXAMPLES = pathlib.Path(SOURCE_DIR) / "examples"
EXPECTED = ({"InvalidArgument CHUNK_COUNT_TOO_LARGE 4096", "options.chunk_count"},
            {"INVALID_ARGUMENT CHUNK_COUNT_TOO_LARGE 4096", "options.chunk_count"})


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=4 * PATIENCE, env=environment(), **options)


class LanguagesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def need(self, *programs):
        for program in programs:
            if shutil.which(program) is None:
                self.skipTest(f"{program} is absent")

    def check(self, *command):
        """The program calls both servers in turn and reads the details of an error."""
        with Server() as one, Server() as other:
            ended = run(*command, one.address, other.address)
            self.assertEqual((ended.returncode, ended.stderr), (0, ""), ended)
            for server in (one, other):
                server.signal()
                calls = server.wait_for_line("drained")["calls"]
                # Until the second connection is there, the first has all calls.
                self.assertGreater(calls["ProcessContent"]["OK"], 10)
        first, *rest = ended.stdout.splitlines()
        self.assertEqual(first, "www.example.com")
        self.assertIn(set(rest), EXPECTED)

    def test_the_example_in_go_calls_two_servers_in_turn(self):
        self.need("go", "protoc")
        source = shutil.copytree(EXAMPLES / "go", self.folder / "source")
        if run("go", "mod", "download", cwd=source).returncode != 0:
            self.skipTest("go is too old for the example, or cannot fetch its modules here")
        built = run(EXAMPLES / "go" / "build", self.folder / "built")
        self.assertEqual(built.returncode, 0, built.stderr)
        self.check(self.folder / "built" / "trawl-go")

    def test_the_example_in_node_calls_two_servers_in_turn(self):
        self.need("node", "npm")
        source = shutil.copytree(EXAMPLES / "node", self.folder / "source",
                                 ignore=shutil.ignore_patterns("node_modules"))
        installed = run("npm", "install", "--no-package-lock", "--no-audit", "--no-fund",
                        "--fetch-retries=0", cwd=source)
        if installed.returncode != 0:
            self.skipTest("npm cannot fetch the modules of the example here")
        self.check("node", source / "main.js", f"{SOURCE_DIR}/proto")
