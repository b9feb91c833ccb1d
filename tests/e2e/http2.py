"""HTTP/2 by hand, for what no well-behaved client does: messages that never end, windows that never
open, floods.

It sends headers as literals and decodes none: what it gets is told by frames and by messages."""

import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = (
    0, 1, 3, 4, 6, 7, 8, 9)
END_STREAM, END_HEADERS, ACK = 1, 4, 1
INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE = 4, 5
SERVICE = "/trawl.v1.ContentService/"


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(name, value):
    """A header field, never indexed; both below 127 bytes."""
    return (b"\x10" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode())


def request_headers(method, extra=()):
    fields = [(":method", "POST"), (":scheme", "http"), (":path", SERVICE + method),
              (":authority", "localhost"), ("te", "trailers"),
              ("content-type", "application/grpc"), *extra]
    return b"".join(literal(name, value) for name, value in fields)


def message(payload, compressed=False):
    return struct.pack(">BI", compressed, len(payload)) + payload


class Closed(Exception):
    """The server closed the connection."""


class Connection:
    """A connection, with its settings exchanged. `window` is what the server may send of a stream.
    Streams have the numbers 1, 3, 5 and so on."""

    def __init__(self, address, window=None, timeout=60, source="127.0.0.1"):
        host, port = address.rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)), timeout, (source, 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._window = 65535  # what we may send on the connection
        self._initial_window = 65535
        self._windows = {}  # and of each stream beyond the initial one
        self.data = {}  # received, of each stream
        self.ended = set()  # streams
        settings = b"" if window is None else struct.pack(">HI", INITIAL_WINDOW_SIZE, window)
        self._settled = False
        try:
            self.send(PREFACE + frame(SETTINGS, payload=settings))
            self.read_until(lambda: self._settled)
        except (Closed, TimeoutError):
            self.close()
            raise

    def close(self):
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, octets):
        try:
            self._socket.sendall(octets)
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise Closed from error

    def start(self, stream, method, extra=(), flags=END_HEADERS):
        self._windows[stream] = 0
        self.send(frame(HEADERS, flags, stream, request_headers(method, extra)))

    def send_data(self, stream, octets, end=False):
        """As far as the windows let it, for which it waits. Returns whether all was sent: not so
        where the stream ended before."""
        view = memoryview(octets)
        while view:
            room = min(self._window, self._initial_window + self._windows[stream], 16384)
            if room <= 0:
                self.read_until(lambda: stream in self.ended or min(
                    self._window, self._initial_window + self._windows[stream]) > 0)
                if stream in self.ended:
                    return False
                continue
            part, view = view[:room], view[room:]
            self._window -= len(part)
            self._windows[stream] -= len(part)
            self.send(frame(DATA, END_STREAM if end and not view else 0, stream, bytes(part)))
        return True

    def call(self, stream, method, payload):
        """The message of the answer; b"" where there is none."""
        self.start(stream, method)
        self.send_data(stream, message(payload), end=True)
        self.read_until(lambda: stream in self.ended)
        return self.data.get(stream, b"")[5:]

    def forget(self, stream):
        """Of a stream that ended. Returns what was received."""
        self.ended.remove(stream)
        self._windows.pop(stream, None)
        return self.data.pop(stream, b"")

    def read_until(self, condition):
        while not condition():
            self.read()

    def read(self):
        """What there is to read next, at least one frame."""
        while len(self._received) < 9 or len(self._received) < 9 + self._length():
            try:
                octets = self._receive()
            except ConnectionError as error:
                raise Closed from error
            if not octets:
                raise Closed
            self._received += octets
        end = 9 + self._length()
        kind, flags, stream = struct.unpack(">BBI", self._received[3:9])
        payload, self._received = self._received[9:end], self._received[end:]
        self._take(kind, flags, stream, payload)

    def _receive(self):
        return self._socket.recv(1 << 16)

    def _length(self):
        return int.from_bytes(self._received[:3], "big")

    def _take(self, kind, flags, stream, payload):
        if kind == SETTINGS and not flags & ACK:
            for at in range(0, len(payload), 6):
                key, value = struct.unpack(">HI", payload[at:at + 6])
                if key == INITIAL_WINDOW_SIZE:
                    self._initial_window = value
            self.send(frame(SETTINGS, ACK))
            self._settled = True
        elif kind == PING and not flags & ACK:
            self.send(frame(PING, ACK, payload=payload))
        elif kind == WINDOW_UPDATE:
            increment = int.from_bytes(payload, "big")
            if stream == 0:
                self._window += increment
            elif stream in self._windows:
                self._windows[stream] += increment
        elif kind == DATA:
            self.data[stream] = self.data.get(stream, b"") + payload
            if payload:
                self.send(frame(WINDOW_UPDATE, payload=struct.pack(">I", len(payload))))
        elif kind == GOAWAY:
            raise Closed
        if kind == RST_STREAM or (kind in (DATA, HEADERS) and flags & END_STREAM):
            self.ended.add(stream)
