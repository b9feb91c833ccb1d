"""Pings a server 200 times a second until its standard input ends, and tells how long each took.

    ping_caller.py ADDRESS

It says when it is ready, and begins when it is given a line. A ping takes from its sending, or from
when it was due where the one before was not answered by then. Its priority is that of the server,
with a short slice, since callers have processors of their own where they are not on the server's
machine. It prints a list of milliseconds.
"""

import json
import os
import pathlib
import select
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests/e2e"), str(ROOT / "client/python/src")]

from trawl.v1 import content_pb2  # noqa: E402

import http2  # noqa: E402
import polite  # noqa: E402

INTERVAL = 0.005


def main():
    polite.schedule(nice=os.nice(0))
    payload = content_pb2.PingRequest(payload=b"hello").SerializeToString()
    took = []
    with http2.Connection(sys.argv[1]) as connection:
        print("ready", flush=True)
        sys.stdin.buffer.raw.readline()
        due = time.monotonic()
        stream = 1
        while not select.select([sys.stdin], [], [], max(0, due - time.monotonic()))[0]:
            begin = max(due, time.monotonic()) if not took or end <= due else due
            if connection.call(stream, "Ping", payload)[:7] != payload:
                sys.exit("a ping was not answered")
            end = time.monotonic()
            took.append(1000 * (end - begin))
            connection.forget(stream)
            due += INTERVAL
            stream += 2
    print(json.dumps(took))


if __name__ == "__main__":
    main()
