"""How a run of the benchmarks is to be, and the processes that its groups start.

Every process is bounded in time, listens on loopback only, and is ended with its `with` block; what
a run leaves behind when it is killed ends with it (setpriv --pdeathsig).
"""

import contextlib
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

PATIENCE = 600
START = 20
FEW = 12  # calls; with fewer a rate says nothing


class BenchmarkError(Exception):
    """A process did not do what it was asked for."""


class Bench:
    """What the groups are given.

    build: the folder of the build. corpus: a folder of real files, or None. quick: fewer and
    shorter repetitions. pinned: whether server and client have a CPU each, where a group does not
    want it otherwise.
    """

    def __init__(self, build, corpus, quick, pinned):
        self.build = pathlib.Path(build)
        self.corpus = corpus
        self.quick = quick
        self.pinned = pinned
        self.cpus = len(os.sched_getaffinity(0))
        self.server_cpu, self.client_cpu = (
            sorted(os.sched_getaffinity(0))[:2] if pinned else (None, None))
        self.repetitions = 1 if quick else 3

    def program(self, name):
        return str(self.build / "bin" / name)

    def note(self, text):
        print(f"bench: {text}", file=sys.stderr, flush=True)

    def benchmark(self, name, *arguments):
        """Runs a program of google-benchmark's. Returns (context, rows in their order)."""
        output = json.loads(_run([self.program(name), "--benchmark_format=json", *arguments]))
        rows = [row for row in output["benchmarks"] if row.get("run_type") == "iteration"]
        return output["context"], sorted(rows, key=lambda row: row["family_index"])

    def list_benchmarks(self, name):
        """The names of the rows of a program of google-benchmark's."""
        return _run([self.program(name), "--benchmark_list_tests=true"]).split()

    def compare(self, targets):
        """Puts each of `targets` under load in turn, and all again in turn. A target is a name, a
        Server, and arguments of load_client. Returns {name: medians of its figures}, with the
        processor time of server and client for each call added."""
        seconds, warm_up = (0.25, 0.1) if self.quick else (0.8, 0.2)
        samples = {name: [] for name, _, _ in targets}
        for _ in range(self.repetitions):
            for name, server, arguments in targets:
                figures = self._load(server, arguments, seconds, warm_up)
                if figures["calls"] < FEW:
                    longer = min(seconds * FEW / max(figures["calls"], 0.5), 20 * seconds)
                    figures = self._load(server, arguments, longer, warm_up)
                samples[name].append(figures)
        merged = {}
        for name, runs in samples.items():
            merged[name] = {key: median(runs, key) for key in runs[0] if key != "first_error"}
            rates = [run["calls_per_second"] for run in runs]
            if len(rates) > 1:
                merged[name]["spread"] = (max(rates) - min(rates)) / statistics.median(rates)
        return merged

    def _load(self, server, arguments, seconds, warm_up):
        before = server.cpu_seconds()
        figures = json.loads(_run(
            [self.program("load_client"), "--server", server.address, "--seconds", str(seconds),
             "--warm_up", str(warm_up), *map(str, arguments)], self.client_cpu))
        used = server.cpu_seconds() - before
        figures["server_cpu_us"] = used / figures["all_calls"] * 1e6
        figures["client_cpu_us"] = figures["client_cpu_seconds"] / figures["all_calls"] * 1e6
        return figures

    @contextlib.contextmanager
    def load(self, client, *arguments, cpu=None):
        """A load client under way; its figures, once it has ended, are result()."""
        with subprocess.Popen(_bound([self.program(client), *map(str, arguments)], cpu),
                              stdout=subprocess.PIPE, env=_environment(), text=True) as process:
            def result():
                output, _ = process.communicate(timeout=PATIENCE)
                if process.returncode != 0:
                    raise BenchmarkError(f"{client} failed: {output}")
                return json.loads(output)
            try:
                yield result
            finally:
                process.kill()

    @contextlib.contextmanager
    def trawld(self, *flags, pinned=True):
        """trawld with its default log, which goes nowhere, but for `flags`."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = "127.0.0.1:%d" % free.getsockname()[1]
        command = [self.program("trawld"), "--listen", address, *flags]
        with _server(self, command, pinned, stdout=subprocess.DEVNULL) as server:
            server.address = address
            server.wait_for_port()
            yield server

    @contextlib.contextmanager
    def speaking(self, *command, pinned=True):
        """A server that prints its address."""
        with _server(self, list(command), pinned, stdout=subprocess.PIPE) as server:
            server.read_address()
            yield server

    def floor(self, *flags):
        return self.speaking(self.program("floor_server"), *flags)


class Server:
    """A running server."""

    address = None

    def __init__(self, process, errors):
        self._process = process
        self._errors = errors

    def cpu_seconds(self):
        """User and system time of all its threads so far."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_bytes(self):
        """The most memory it ever had."""
        line = next(line for line in self._proc("status").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) << 10

    def wait_for_port(self):
        host, port = self.address.rsplit(":", 1)
        end = time.monotonic() + START
        while True:
            self._check(end)
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
                return
            except OSError:
                time.sleep(0.01)

    def read_address(self):
        line = self._process.stdout.readline()
        if not line:
            self._process.wait(START)
            self._check(time.monotonic() + START)
        self.address = json.loads(line)["address"]

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(START)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _proc(self, name):
        return pathlib.Path(f"/proc/{self._process.pid}/{name}").read_text()

    def _check(self, end):
        if self._process.poll() is not None or time.monotonic() > end:
            self._errors.seek(0)
            raise BenchmarkError(f"{self._process.args} did not start: {self._errors.read()}")


@contextlib.contextmanager
def _server(bench, command, pinned, stdout):
    command = _bound(command, bench.server_cpu if pinned else None)
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=stdout, stdin=subprocess.DEVNULL,
                                   stderr=errors, text=True, env=_environment())
        server = Server(process, errors)
        try:
            yield server
        finally:
            server.stop()
            if process.stdout:
                process.stdout.close()


def _environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("TRAWL_")}


def _bound(command, cpu=None):
    """`command`, to end with this process, and on one CPU where `cpu` is one."""
    pin = [] if cpu is None else ["taskset", "--cpu-list", str(cpu)]
    return ["setpriv", "--pdeathsig", "TERM", *pin, *command]


def _run(command, cpu=None):
    result = subprocess.run(_bound(command, cpu), capture_output=True, text=True, timeout=PATIENCE,
                            env=_environment())
    if result.returncode != 0:
        raise BenchmarkError(f"{command} ended with {result.returncode}: "
                             f"{result.stdout}{result.stderr}")
    return result.stdout


def median(samples, key):
    """Of `key` in the samples that have it; None where there is none."""
    values = [sample[key] for sample in samples if sample.get(key) is not None]
    return statistics.median(values) if values else None
