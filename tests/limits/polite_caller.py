"""Sends one document again and again until its standard input ends, and takes as little of the
processor at a time as can be.

    polite_caller.py ADDRESS FILE

It sends 16 KiB at a time and gives way after each (polite.py), where gRPC sends megabytes in one go.
Once it was answered it prints a line. A call that is not answered ends it with 1.
"""

import pathlib
import select
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import polite  # noqa: E402


def varint(number):
    octets = b""
    while number >= 128:
        octets += bytes([number & 127 | 128])
        number >>= 7
    return octets + bytes([number])


def main():
    address, file = sys.argv[1:]
    polite.schedule(nice=19)
    content = pathlib.Path(file).read_bytes()
    # A ProcessContentRequest: data, and options with result_form COUNTS.
    request = b"\x0a" + varint(len(content)) + content + b"\x1a\x02\x18\x04"
    with polite.Connection(address) as connection:
        stream = 1
        while not select.select([sys.stdin], [], [], 0)[0]:
            if not connection.call(stream, "ProcessContent", request):
                sys.exit("a document was not answered")
            connection.forget(stream)
            if stream == 1:
                print("answered", flush=True)
            stream += 2


if __name__ == "__main__":
    main()
