"""Puts the service and the two that it replaces under the same load, and draws them side by side.

    python3 load.py --trawld build/release/bin/trawld [--quick]

Each is started on loopback, trawld on a Unix socket, and ended again. Connections are kept, one for
each caller; pings come from a process of their own, one every 10 ms on a connection of their own.
Memory is the most that all processes of a service had together (proportional set size), trawld's
included, in a load of its own: to look at it takes the services' time. Everything shares this
machine's processors, the load too, which uvloop makes lighter where it is installed: the figures
are for comparing within one run.
"""

import argparse
import asyncio
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parent.parent / "client" / "python" / "src"
LOG_LINE = ('203.0.113.{0} - - "GET /{0}/index.html HTTP/1.1" 200 512 '
            '"https://www.site-{0}.example.com/" "Mozilla/5.0"\n')
# Bytes of content, callers.
SIZES = ((64 << 10, 16), (1 << 20, 100))
QUICK_SIZES = ((64 << 10, 4),)
# Of each pool, and of the service over Trawl.
PROCESSES = len(os.sched_getaffinity(0))
# Of the services in Python, as README explains.
MALLOC = ("glibc.malloc.tcache_count=2000:glibc.malloc.trim_threshold=268435456"
          ":glibc.malloc.mmap_threshold=33554432")
START, PATIENCE = 30, 120
MEMORY_SECONDS = 2
PING_SECONDS = 0.01
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def content(size):
    """A web log with a host in each line."""
    text = "".join(LOG_LINE.format(i % 250) for i in range(size // 80))
    return text[:size]


def request(method, path, body=b""):
    return (f"{method} {path} HTTP/1.1\r\nHost: service\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


class Exchange(asyncio.Protocol):
    """One request at a time on a connection, with as little work for each as asyncio can do."""

    def __init__(self):
        self._head, self._status, self._left, self._answered = b"", 0, 0, None

    def connection_made(self, transport):
        self._transport = transport

    def data_received(self, data):
        if not self._status:
            self._head, found, data = (self._head + data).partition(b"\r\n\r\n")
            if not found:
                return
            self._status = int(self._head.split(None, 2)[1])
            self._left = int(LENGTH.search(self._head)[1])
        self._left -= len(data)
        if self._left == 0 and not self._answered.done():
            self._answered.set_result(self._status)

    def connection_lost(self, error):
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error or ConnectionError("closed"))

    async def call(self, message):
        """The status of the answer."""
        self._head, self._status = b"", 0
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(message)
        return await self._answered

    def close(self):
        self._transport.close()


async def call_until(end, address, message, times, errors, between=0.0):
    host, port = address.rsplit(":", 1)
    _, connection = await asyncio.get_running_loop().create_connection(Exchange, host, int(port))
    with contextlib.closing(connection):
        while time.monotonic() < end:
            begun = time.monotonic()
            status = await connection.call(message)
            times.append(time.monotonic() - begun)
            if status != 200:
                errors.append(status)
            if between:
                await asyncio.sleep(between)


async def load(address, message, callers, seconds, between=0.0):
    """Figures of so many callers, each of which calls again once it was answered."""
    times, errors = [], []
    begun = time.monotonic()
    ended, hanging = await asyncio.wait(
        [asyncio.create_task(call_until(begun + seconds, address, message, times, errors, between))
         for _ in range(callers)], timeout=seconds + PATIENCE)
    for error in [task.exception() for task in ended] + ["no answer"] * len(hanging):
        if error is not None:
            print(f"load: {error!r}", file=sys.stderr)
            errors.append(error)
    times.sort()
    return {"calls": len(times), "errors": len(errors),
            "per_second": len(times) / (time.monotonic() - begun),
            "p50_ms": quantile(times, 0.50), "p99_ms": quantile(times, 0.99)}


def quantile(times, part):
    return 1000 * times[min(len(times) - 1, int(part * len(times)))] if times else float("nan")


@contextlib.contextmanager
def running(command, **variables):
    """A process that prints its address: (address, process id)."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TRAWL_")}
    environment.update(PYTHONPATH=str(PACKAGE), **variables)
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True,
                          env=environment) as process:
        try:
            for line in process.stdout:
                if (parsed := json.loads(line)).get("message") == "listening":
                    break
            else:
                raise SystemExit(f"load: {command[0]} did not start")
            drained = threading.Thread(target=process.stdout.read, daemon=True)
            drained.start()
            yield parsed["address"], process.pid
        finally:
            process.terminate()
            try:
                process.wait(START)
            except subprocess.TimeoutExpired:
                process.kill()


class Memory:
    """The most that processes and their children had together."""

    def __init__(self, pids):
        self._pids = pids
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _watch(self):
        while not self._stop.wait(0.1):
            self.peak = max(self.peak, sum(map(self._bytes, self._pids)))

    def _bytes(self, pid):
        with contextlib.suppress(OSError):
            folder = pathlib.Path(f"/proc/{pid}")
            own = next(int(line.split()[1]) << 10
                       for line in (folder / "smaps_rollup").read_text().splitlines()
                       if line.startswith("Pss:"))
            children = (folder / "task" / str(pid) / "children").read_text().split()
            return own + sum(map(self._bytes, children))
        return 0


def use_uvloop():
    """Where it is installed: what the load takes of the processors, the services have not."""
    with contextlib.suppress(ImportError):
        import uvloop
        uvloop.install()


def measure(address, pids, size, callers, seconds):
    body = json.dumps({"data": content(size)}).encode()
    message = request("POST", "/addContent", body)
    asyncio.run(load(address, message, 1, min(seconds, 0.5)))
    pings = subprocess.Popen([sys.executable, __file__, "--ping", address, "--seconds",
                              str(seconds)], stdout=subprocess.PIPE, text=True)
    figures = asyncio.run(load(address, message, callers, seconds))
    ping = json.loads(pings.communicate(timeout=PATIENCE)[0])
    with Memory(pids) as memory:
        asyncio.run(load(address, message, callers, min(seconds, MEMORY_SECONDS)))
    return {**figures, "ping_p99_ms": ping["p99_ms"], "ping_errors": ping["errors"],
            "memory_mib": memory.peak / (1 << 20)}


def services(trawld):
    """Names, and what starts each: (address, process ids)."""
    @contextlib.contextmanager
    def with_trawl():
        with tempfile.TemporaryDirectory() as folder, \
                running([trawld, "--listen", f"unix:{folder}/trawld"]) as (target, server), \
                running([sys.executable, HERE / "app.py", "--trawl", target, "--processes",
                         PROCESSES], GLIBC_TUNABLES=MALLOC) as (address, pid):
            yield address, [server, pid]

    @contextlib.contextmanager
    def before(pool):
        with running([sys.executable, HERE / "before.py", "--pool", pool, "--workers",
                      PROCESSES], GLIBC_TUNABLES=MALLOC) as (address, pid):
            yield address, [pid]

    return {"pool per request": lambda: before("request"), "pool for life": lambda: before("life"),
            "Trawl": with_trawl}


def compare(trawld, sizes, seconds):
    for size, callers in sizes:
        print(f"\n{size >> 10} KiB of web log, {callers} callers\n")
        print("| service | requests/s | p50 ms | p99 ms | errors | ping p99 ms | memory MiB |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for name, start in services(trawld).items():
            with start() as (address, pids):
                figures = measure(address, pids, size, callers, seconds)
            print(f"| {name} | {figures['per_second']:.0f} | {figures['p50_ms']:.0f} | "
                  f"{figures['p99_ms']:.0f} | {figures['errors'] + figures['ping_errors']} | "
                  f"{figures['ping_p99_ms']:.1f} | {figures['memory_mib']:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trawld", default="trawld", help="the server's program")
    parser.add_argument("--seconds", type=float, default=8.0, help="of each load")
    parser.add_argument("--quick", action="store_true", help="short, to see that it works")
    parser.add_argument("--ping", metavar="HOST:PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    use_uvloop()
    if options.ping:
        print(json.dumps(asyncio.run(load(options.ping, request("GET", "/ping"), 1,
                                          options.seconds, PING_SECONDS))))
    else:
        sizes = QUICK_SIZES if options.quick else SIZES
        compare(options.trawld, sizes, 0.5 if options.quick else options.seconds)


if __name__ == "__main__":
    main()
