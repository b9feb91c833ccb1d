"""Measures a server at its limits; scripts/limits is how to call it."""

import contextlib
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(sys.argv[1]).resolve() / "bin"
os.environ.update(E2E_TRAWLD=str(BIN / "trawld"), E2E_TRAWL=str(BIN / "trawl"),
                  E2E_SOURCE_DIR=str(ROOT))
sys.path[:0] = [str(ROOT / "tests/e2e"), str(ROOT / "client/python/src")]

from trawl.v1 import content_pb2  # noqa: E402

import fetching  # noqa: E402
import http2  # noqa: E402
import restarts  # noqa: E402
import small  # noqa: E402
from processes import TRAWL, Server, environment  # noqa: E402

KIBIBYTE = 1 << 10
PATIENCE = 120
PING = content_pb2.PingRequest(payload=b"hello").SerializeToString()


@contextlib.contextmanager
def load(server, *arguments, nice=0, timeout=30):
    """`trawl load` under way; its figures are result()."""
    command = ["nice", "-n", str(nice), TRAWL, "--server", server.address, f"--timeout={timeout}",
               "load", "--json", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=environment()) as process:
        def result():
            output, errors = process.communicate(timeout=PATIENCE)
            if not output:
                raise RuntimeError(errors)
            return json.loads(output)
        try:
            yield result
        finally:
            process.kill()


def show(name, figure, goal, holds):
    print(f"{name:58} {figure:>24}   goal {goal:16} {'yes' if holds else 'NO'}", flush=True)


def p99(result):
    return result["latency_us"]["p99"] / 1000


def overload():
    """Documents of 256 KiB that take the workers long, and prose, which takes less to search than
    to receive: the peak of a closed loop, then twice its rate for 30 s, open loop, then half of it,
    then the peak again. The peak is the mean of both, since a machine may change in between."""
    with tempfile.NamedTemporaryFile() as file:
        file.write((small.NAMES * 6)[:256 * KIBIBYTE])
        file.flush()
        print("names of other scripts:")
        twice_the_peak(f"--file={file.name}")
    print("prose:")
    twice_the_peak("--size=256KiB")


def twice_the_peak(size):
    """The server takes fewer calls than a connection carries, which are 128: else the client would
    hold back what the server has to refuse. The load is niced: what is asked is what the server makes
    of it, and not what its callers leave it of the CPUs that they share."""
    counts = "--form=counts"

    def open_loop(rate, seconds, *more):
        return load(server, size, counts, f"--rate={rate:.0f}", f"--duration={seconds}", *more,
                    nice=19)

    def peak():
        with load(server, size, counts, "--concurrency=16", "--duration=8", nice=19) as closed:
            return closed()

    with Server("--max_calls_in_flight=64") as server:
        cpu = server.cpu_seconds()
        before = peak()
        call = (server.cpu_seconds() - cpu) / before["ok"]
        rate = before["calls_per_second"]
        with open_loop(2 * rate, 30, "--concurrency=4000") as offered:
            time.sleep(3)
            refusals = refusal_times(server)
            offered = offered()
        time.sleep(2)
        with open_loop(rate / 2, 5) as after:
            after = after()
        again = peak()["calls_per_second"]
    mean = (rate + again) / 2
    share = offered["calls_per_second"] / mean
    show("goodput at 2x / peak, calls/s", f"{offered['calls_per_second']:.0f} / {mean:.0f} = "
         f"{share:.2f}", ">= 0.95", share >= 0.95)
    print(f"the peak was {rate:.0f} before, {again:.0f} after")
    print(f"at 2x: {offered['ok']} answered, {offered['errors']}, {offered['not_started']} held "
          f"back by the client, p99 of the answered {p99(offered):.0f} ms")
    print(f"the server's CPU: {call * 1e6:.0f} us for a call, "
          f"{refusal_cost(size) * 1e6:.0f} for one that is refused")
    if refusals:
        refusals.sort()
        show(f"refusals, p99 of {len(refusals)}", f"{refusals[len(refusals) * 99 // 100]:.1f} ms",
             "< 10 ms", refusals[len(refusals) * 99 // 100] < 10)
    errors = sum(after["errors"].values())
    show("2 s later, at half the peak: errors, p99", f"{errors}, {p99(after):.1f} ms", "0 errors",
         errors == 0)


def refusal_cost(size):
    """Seconds of the server's CPU for each call of a load of which all are refused."""
    with Server("--max_calls_in_flight=1") as server, http2.Connection(server.address) as holder:
        holder.start(1, "ProcessContentStream")
        for stream in range(3, 1 << 20, 2):
            if content_pb2.PingResponse.FromString(holder.call(stream, "Ping", PING)).calls_in_flight:
                break
        before = server.cpu_seconds()
        with load(server, size, "--concurrency=16", "--duration=3", nice=19) as refused:
            refused = sum(refused()["errors"].values())
        return (server.cpu_seconds() - before) / refused


def refusal_times(server):
    """Milliseconds until the answer of calls that are refused, with one every 5 ms for 20 s."""
    request = http2.message(content_pb2.ProcessContentRequest(
        data=bytes(60_000)).SerializeToString())
    times = []
    end = time.monotonic() + 20
    with http2.Connection(server.address, window=1 << 20) as connection:
        for stream in range(1, 1 << 20, 2):
            if time.monotonic() > end:
                break
            begin = time.monotonic()
            connection.start(stream, "ProcessContent")
            connection.send_data(stream, request, end=True)
            connection.read_until(lambda: stream in connection.ended)  # pylint: disable=W0640
            if stream not in connection.data:
                times.append((time.monotonic() - begin) * 1000)
            time.sleep(0.005)
    return times


def connections():
    """10,000 idle connections, then a Ping over each."""
    count = 10_000
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    count = min(count, limit[1] - 500)
    with Server() as server, contextlib.ExitStack() as stack:
        before = server.memory("VmRSS")
        opened = [stack.enter_context(http2.Connection(server.address)) for _ in range(count)]
        idle = (server.memory("VmRSS") - before) / count
        served = sum(one.call(1, "Ping", PING)[:7] == PING for one in opened)
        after = (server.memory("VmRSS") - before) / count
    show(f"idle connections, bytes for each of {count}", f"{idle / KIBIBYTE:.1f} KiB",
         "<= 32 KiB", idle <= 32 * KIBIBYTE)
    show("served", f"{served}, {after / KIBIBYTE:.1f} KiB each", f"{count}", served == count)


def fetch():
    """1,000 fetches of a slow page at once, then large files beside curl."""
    fetching.slow_pages(show, load)
    fetching.large_files(show)


def main():
    groups = {"small": lambda: small.small(show), "overload": overload,
              "connections": connections, "fetch": fetch, "restarts": lambda: restarts.rolling(show)}
    names = sys.argv[2:] or list(groups)
    for name in names:
        if name not in groups:
            sys.exit(f"limits: no group {name}; there are {', '.join(groups)}")
    for name in names:
        print(f"== {name}", flush=True)
        groups[name]()


if __name__ == "__main__":
    main()
