"""Sends one document again and again and takes as little of the processor at a time as can be.

    polite_caller.py ADDRESS FILE SECONDS

It sends 16 KiB at a time and gives way after each (polite.py), where gRPC sends megabytes in one go.
Once it was answered it prints a line, and in the end {"bytes": ..., "errors": ...}.
"""

import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import polite  # noqa: E402


def varint(number):
    octets = b""
    while number >= 128:
        octets += bytes([number & 127 | 128])
        number >>= 7
    return octets + bytes([number])


def main():
    address, file, seconds = sys.argv[1:]
    polite.schedule(nice=19)
    content = pathlib.Path(file).read_bytes()
    # A ProcessContentRequest: data, and options with result_form COUNTS.
    request = b"\x0a" + varint(len(content)) + content + b"\x1a\x02\x18\x04"
    sent = errors = 0
    end = time.monotonic() + float(seconds)
    with polite.Connection(address) as connection:
        stream = 1
        while time.monotonic() < end:
            answer = connection.call(stream, "ProcessContent", request)
            sent += len(content)
            errors += not answer
            if stream == 1:
                print("answered", flush=True)
            stream += 2
    print(json.dumps({"bytes": sent, "errors": errors}))


if __name__ == "__main__":
    main()
