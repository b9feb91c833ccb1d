"""Calls a server 200 times a second with something small until its standard input ends, and tells
how long each call took.

    small_caller.py ADDRESS [BYTES]

It pings, or sends documents of BYTES bytes. It says when it is ready, and begins when it is given a
line. A call takes from its sending, or from when it was due where the one before was not answered
by then, until Linux had the last of its answer: that is when the server is done with it. This
process may have to wait for a processor then, since it shares them with the server; callers have
their own where they are not on the server's machine. So it has the server's priority and a short
slice. It prints {"answered": milliseconds of each call, "seen": the same until this process had the answer}.
"""

import gc
import json
import os
import pathlib
import select
import socket
import struct
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests/e2e"), str(ROOT / "client/python/src")]

from trawl.v1 import content_pb2  # noqa: E402

import http2  # noqa: E402
import polite  # noqa: E402

INTERVAL = 0.005
TIMESTAMPING = 37  # as the next two, of Linux' headers
RECEIVED, SAY_SO = 1 << 3, 1 << 4


class Connection(http2.Connection):
    """One that knows when Linux received what it read last, in seconds since 1970."""

    received_at = 0

    def __init__(self, address):
        super().__init__(address, window=1 << 20)
        self._socket.setsockopt(socket.SOL_SOCKET, TIMESTAMPING, RECEIVED | SAY_SO)

    def _receive(self):
        octets, extra, _, _ = self._socket.recvmsg(1 << 16, 256)
        for level, kind, value in extra:
            if (level, kind) == (socket.SOL_SOCKET, TIMESTAMPING):
                seconds, nanoseconds = struct.unpack_from("qq", value)
                self.received_at = seconds + nanoseconds / 1e9
        return octets


def the_call(size):
    """Its method, its message, and what its answer begins with."""
    if size == 0:
        payload = content_pb2.PingRequest(payload=b"hello").SerializeToString()
        return "Ping", payload, payload
    text = (ROOT / "LICENSE").read_bytes()
    content = (text * (size // len(text) + 1))[:size]
    request = content_pb2.ProcessContentRequest(data=content)
    return "ProcessContent", request.SerializeToString(), b""


def main():
    polite.schedule(nice=os.nice(0))
    method, message, beginning = the_call(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    answered, seen = [], []
    with Connection(sys.argv[1]) as connection:
        gc.disable()  # it would take milliseconds at a time
        print("ready", flush=True)
        sys.stdin.buffer.raw.readline()
        due = end = time.time()
        stream = 1
        while not select.select([sys.stdin], [], [], max(0, due - time.time()))[0]:
            begin = time.time() if end <= due else due
            answer = connection.call(stream, method, message)
            if not answer or not answer.startswith(beginning):
                sys.exit(f"no answer to {method}")
            end = time.time()
            answered.append(1000 * (connection.received_at - begin))
            seen.append(1000 * (end - begin))
            connection.forget(stream)
            due += INTERVAL
            stream += 2
    print(json.dumps({"answered": answered, "seen": seen}))


if __name__ == "__main__":
    main()
