"""Sends one document again and again and takes as little of the processor at a time as can be.

    polite_caller.py ADDRESS FILE SECONDS

A caller on the machine of the server that it loads competes with it, and with those who measure how
quickly it answers meanwhile: a niced thread is not taken off its processor before the next tick of
the clock, nor while it is in the kernel, where gRPC sends megabytes in one go. This one sends 16 KiB
at a time and gives way after each. It prints {"bytes": ..., "errors": ...}.
"""

import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import http2  # noqa: E402


class Polite(http2.Connection):
    def send(self, octets):
        super().send(octets)
        os.sched_yield()


def varint(number):
    octets = b""
    while number >= 128:
        octets += bytes([number & 127 | 128])
        number >>= 7
    return octets + bytes([number])


def main():
    address, file, seconds = sys.argv[1:]
    os.nice(19)
    content = pathlib.Path(file).read_bytes()
    # A ProcessContentRequest: data, and options with result_form COUNTS.
    request = b"\x0a" + varint(len(content)) + content + b"\x1a\x02\x18\x04"
    sent = errors = 0
    end = time.monotonic() + float(seconds)
    with Polite(address) as connection:
        stream = 1
        while time.monotonic() < end:
            answer = connection.call(stream, "ProcessContent", request)
            sent += len(content)
            errors += not answer
            stream += 2
    print(json.dumps({"bytes": sent, "errors": errors}))


if __name__ == "__main__":
    main()
