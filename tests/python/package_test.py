"""The package as a package: what it is made from, its types, and how it installs."""

import dataclasses
import enum
import filecmp
import importlib.util
import inspect
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import trawl
import trawl.enums
from processes import PATIENCE, SOURCE_DIR, Server, environment
from trawl.v1 import content_pb2

PACKAGE = pathlib.Path(SOURCE_DIR) / "client" / "python"
USE = """
import sys, trawl
with trawl.Client(sys.argv[1]) as client:
    print([f.value for f in client.extract("see www.example.com").findings])
"""


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=5 * PATIENCE, env=environment(PYTHONPATH=""), **options)


class PackageTest(unittest.TestCase):
    def test_generated_files_are_what_the_contract_gives(self):
        with tempfile.TemporaryDirectory() as folder:
            made = pathlib.Path(folder)
            generated = run(PACKAGE / "generate", made)
            self.assertEqual(generated.returncode, 0, generated.stderr)
            files = [str(path.relative_to(made)) for path in made.rglob("*") if path.is_file()]
            self.assertGreater(len(files), 5)
            same, differing, missing = filecmp.cmpfiles(made, PACKAGE / "src", files, shallow=False)
        self.assertEqual((differing, missing), ([], []), "run client/python/generate")

    def test_every_enum_of_the_contract_is_there_and_open(self):
        enums = {name: value for name, value in vars(trawl.enums).items()
                 if isinstance(value, enum.EnumMeta) and value is not trawl.enums.OpenEnum}
        self.assertEqual(set(enums), set(content_pb2.DESCRIPTOR.enum_types_by_name))
        for name, one in enums.items():
            self.assertIs(getattr(trawl, name), one)
            numbers = {v.number for v in content_pb2.DESCRIPTOR.enum_types_by_name[name].values}
            self.assertEqual({member.value for member in one}, numbers - {0})
            unknown = one(1234)
            self.assertEqual((unknown.name, unknown), ("UNKNOWN_1234", 1234))
            self.assertIs(one(1234), unknown)

    def test_values_have_the_fields_of_their_messages(self):
        for name in ("ProcessOptions", "Finding", "DistinctValue", "KindCount", "Stats", "Ruleset",
                     "FetchOptions", "UrlFetching"):
            fields = {field.name for field in dataclasses.fields(getattr(trawl, name))}
            self.assertEqual(fields, {f.name for f in getattr(content_pb2, name).DESCRIPTOR.fields})
        pairs = ((trawl.Result, content_pb2.ProcessContentResponse),
                 (trawl.Capabilities, content_pb2.GetCapabilitiesResponse),
                 (trawl.AddedContent, content_pb2.AddContentResponse),
                 (trawl.UrlResult, content_pb2.ProcessUrlResponse),
                 (trawl.Explanation, content_pb2.ExplainResponse),
                 (trawl.Pong, content_pb2.PingResponse))
        for made, message in pairs:
            fields = {field.name for field in dataclasses.fields(made)}
            self.assertEqual(fields, {f.name for f in message.DESCRIPTOR.fields} - {"defaults"})

    def test_both_clients_have_the_same_methods_with_the_same_arguments(self):
        def methods(client):
            return {name: list(inspect.signature(method).parameters)
                    for name, method in inspect.getmembers(client, inspect.isfunction)
                    if not name.startswith("_") or name == "__init__"}

        self.assertIn("extract_stream", methods(trawl.Client))
        self.assertEqual(methods(trawl.AsyncClient), methods(trawl.Client))

    def test_the_version_is_that_of_the_tree(self):
        of_tree = re.search(r"project\(trawl VERSION (\S+)",
                            pathlib.Path(SOURCE_DIR, "CMakeLists.txt").read_text())[1]
        of_package = re.search(r'^version = "(.*)"', (PACKAGE / "pyproject.toml").read_text(), re.M)
        self.assertEqual(of_package[1], of_tree)

    @unittest.skipUnless(importlib.util.find_spec("mypy"), "mypy is absent: scripts/setup --dev")
    def test_types_are_sound(self):
        with tempfile.TemporaryDirectory() as cache:
            checked = run(sys.executable, "-m", "mypy", "--cache-dir", cache, cwd=PACKAGE)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


class InstallTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        # pip builds inside the source folder.
        self.source = shutil.copytree(PACKAGE, self.folder / "source")

    def make_environment(self, *options):
        made = run(sys.executable, "-m", "venv", *options, self.folder / "venv")
        if made.returncode != 0:
            self.skipTest("python3-venv is absent: scripts/setup --dev")
        return self.folder / "venv" / "bin" / "python"

    def check(self, python):
        with Server() as server:
            used = run(python, "-c", USE, server.address, cwd=self.folder)
            self.assertEqual((used.returncode, used.stdout), (0, "['www.example.com']\n"), used)
            pinged = run(python, "-m", "trawl", "--server", server.address, "ping", cwd=self.folder)
            self.assertEqual(pinged.returncode, 0, pinged)
        installed = pathlib.Path(run(python, "-c", "import trawl; print(trawl.__file__)",
                                     cwd=self.folder).stdout.strip()).parent
        self.assertTrue(installed.is_relative_to(self.folder / "venv"))
        for name in ("py.typed", "v1/content_pb2.pyi", "google/rpc/status_pb2.py"):
            self.assertTrue((installed / name).is_file(), name)

    def test_it_installs_without_a_network_and_works_with_the_packages_of_debian(self):
        if importlib.util.find_spec("setuptools") is None:
            self.skipTest("python3-setuptools is absent: scripts/setup --dev")
        python = self.make_environment("--system-site-packages")
        installed = run(python, "-m", "pip", "install", "--no-index", "--no-build-isolation",
                        "--no-deps", self.source)
        if "No module named 'wheel'" in installed.stderr:
            self.skipTest("python3-wheel is absent: scripts/setup --dev")
        self.assertEqual(installed.returncode, 0, installed.stderr)
        self.check(python)

    def test_it_works_with_the_current_grpcio_and_protobuf(self):
        python = self.make_environment()
        fetched = run(python, "-m", "pip", "install", "--quiet", "--retries", "0", "--timeout",
                      "15", "grpcio", "protobuf", "setuptools", "wheel")
        if fetched.returncode != 0:
            self.skipTest("pip cannot fetch grpcio and protobuf here")
        installed = run(python, "-m", "pip", "install", "--no-index", "--no-build-isolation",
                        self.source)
        self.assertEqual(installed.returncode, 0, installed.stderr)
        self.check(python)
        versions = run(python, "-c", "import grpc, google.protobuf as p; "
                       "print(grpc.__version__, p.__version__)").stdout.split()
        self.assertGreater([int(v.split(".")[0]) for v in versions], [1, 3])
