"""examples/celery with a real broker: no job is lost, and none counts twice."""

import contextlib
import gc
import importlib.util
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from processes import PATIENCE, SOURCE_DIR, Server, environment

EXAMPLE = pathlib.Path(SOURCE_DIR) / "examples" / "celery"
MISSING = [name for name in ("celery", "redis") if importlib.util.find_spec(name) is None]
MISSING += [] if shutil.which("redis-server") else ["redis-server"]
PROCESSES = 2
FILES = 12
VISIBILITY_SECONDS = 1


@contextlib.contextmanager
def running(*command, **options):
    """A process and those it starts; all are killed at the end."""
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               start_new_session=True, **options)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
        process.wait()


@unittest.skipIf(MISSING, f"absent: {', '.join(MISSING)}; scripts/setup --dev installs them")
class CeleryTest(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.broker = f"redis+socket://{self.folder}/redis"
        redis = self.stack.enter_context(running(
            "redis-server", "--port", "0", "--unixsocket", self.folder / "redis", "--save", "",
            "--dir", self.folder))
        for line in redis.stdout:
            if b"ready to accept connections" in line.lower():
                break
        os.environ["BROKER_URL"] = self.broker
        sys.path.insert(0, str(EXAMPLE))
        import tasks
        self.tasks = tasks
        self.addCleanup(tasks.app.close)
        # Results want their broker when they are collected, and are in cycles.
        self.addCleanup(gc.collect)

    def worker(self, *servers):
        """A worker with PROCESSES processes, once it is ready."""
        worker = self.stack.enter_context(running(
            sys.executable, "-m", "celery", "--app", "tasks", "worker", "--concurrency", PROCESSES,
            "--without-gossip", "--without-mingle", "--loglevel", "INFO", cwd=EXAMPLE,
            env=environment(BROKER_URL=self.broker, VISIBILITY_SECONDS=str(VISIBILITY_SECONDS),
                            TRAWL_TARGETS=",".join(server.address for server in servers),
                            PYTHONPATH=f"{SOURCE_DIR}/client/python/src")))
        self.read_log(worker, b" ready.")
        return worker

    def read_log(self, worker, text, count=1):
        """Reads the worker's log until `text` came `count` times."""
        for line in worker.stdout:
            count -= text in line
            if count == 0:
                return
        self.fail(f"the worker ended before {text!r}")

    def write_files(self, padding=0):
        paths = []
        for i in range(FILES):
            path = self.folder / f"file-{i}"
            path.write_text(f"www.example.com file-{i}.example.org www.example.com\n"
                            + "nothing here \n" * (padding // 14))
            paths.append(path)
        return paths

    def check(self, corpus):
        """Every file is in the result exactly once."""
        expected = {f"file-{i}.example.org": [1, 1] for i in range(FILES)}
        merged = corpus.get(timeout=PATIENCE)
        corpus.forget()  # while its broker is there
        self.assertEqual(merged, {"www.example.com": [FILES, 2 * FILES], **expected})

    def test_a_worker_is_killed_in_mid_task(self):
        with Server() as server:
            worker = self.worker(server)
            server.signal(signal.SIGSTOP)
            corpus = self.tasks.domains_of(self.write_files())
            self.read_log(worker, b"tasks.extract[", PROCESSES)
            self.assertEqual(self.active(), PROCESSES)
            os.killpg(worker.pid, signal.SIGKILL)
            server.signal(signal.SIGCONT)
            # A worker looks for jobs of others when it starts, and then every 100 seconds.
            with self.tasks.app.connection() as connection, connection.channel() as channel:
                while channel.client.zcount("unacked_index", 0, time.time() - VISIBILITY_SECONDS
                                            ) < PROCESSES:
                    pass
            self.worker(server)
            self.check(corpus)

    def test_a_process_of_a_worker_is_killed_in_mid_task(self):
        with Server() as server:
            worker = self.worker(server)
            server.signal(signal.SIGSTOP)
            corpus = self.tasks.domains_of(self.write_files())
            self.read_log(worker, b"tasks.extract[", PROCESSES)
            self.assertEqual(self.active(), PROCESSES)
            children = pathlib.Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text()
            for child in children.split():
                os.kill(int(child), signal.SIGKILL)
            server.signal(signal.SIGCONT)
            self.check(corpus)

    def test_a_replica_of_trawl_is_killed_in_mid_call(self):
        with Server() as server, contextlib.ExitStack() as stack:
            replica = Server()
            stack.callback(replica.kill)
            worker = self.worker(server, replica)
            replica.signal(signal.SIGSTOP)
            corpus = self.tasks.domains_of(self.write_files())
            self.read_log(worker, b"tasks.extract[", PROCESSES)
            replica.kill()
            self.check(corpus)

    def test_the_queue_of_trawl_is_full(self):
        with Server("--max_calls_in_flight=1", "--workers=1") as server:
            self.worker(server)
            self.worker(server)
            self.check(self.tasks.domains_of(self.write_files(padding=3 << 20)))
            server.signal()
            refused = server.wait_for_line("drained")["calls"]
        self.assertIn("RESOURCE_EXHAUSTED", str(refused))

    def active(self):
        """Tasks that are worked on."""
        inspect = self.tasks.app.control.inspect(timeout=PATIENCE, limit=1)
        return sum(len(tasks) for tasks in inspect.active().values())
