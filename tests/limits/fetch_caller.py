"""Calls ProcessUrl many times at once, again and again, and keeps out of the way.

    fetch_caller.py ADDRESS URL CALLS ROUNDS FOUND

It says when it is ready, and begins when it is given a line. It prints {"seconds": [of each round], "answered": [calls of each round that found FOUND]}.
"""

import contextlib
import gc
import json
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests/e2e"), str(ROOT / "client/python/src")]

from trawl.v1 import content_pb2  # noqa: E402

import http2  # noqa: E402
import polite  # noqa: E402

CALLS_OF_A_CONNECTION = 100


def fetch_all(connections, stream, request, calls):
    """`calls` at once, on streams from `stream` on. How many findings each gave."""
    share = [len(range(i, calls, len(connections))) for i in range(len(connections))]
    for i in range(max(share)):
        for connection, count in zip(connections, share):
            if i < count:
                connection.start(stream + 2 * i, "ProcessUrl")
                connection.send_data(stream + 2 * i, request, end=True)
    for connection, count in zip(connections, share):
        streams = {stream + 2 * i for i in range(count)}
        connection.read_until(lambda: streams <= connection.ended)  # pylint: disable=W0640
        for one in streams:
            answer = content_pb2.ProcessUrlResponse.FromString(connection.forget(one)[5:])
            yield answer.content.total_count
            os.sched_yield()


def main():
    address, url, calls, rounds, found = sys.argv[1:]
    polite.schedule(nice=19)
    calls, found = int(calls), int(found)
    request = http2.message(content_pb2.ProcessUrlRequest(url=url).SerializeToString())
    seconds, answered = [], []
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(polite.Connection(address, window=1 << 20))
                       for _ in range(-(-calls // CALLS_OF_A_CONNECTION))]
        gc.disable()  # it would take milliseconds at a time
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(int(rounds)):
            begin = time.monotonic()
            counts = list(fetch_all(connections, 1 + 2 * CALLS_OF_A_CONNECTION * number, request,
                                    calls))
            seconds.append(time.monotonic() - begin)
            answered.append(counts.count(found))
    print(json.dumps({"seconds": seconds, "answered": answered}))


if __name__ == "__main__":
    main()
