"""A web server on a free port of the loopback interface that answers as a test says, also in ways
that no web server should.

    with WebServer({"/": page(b"see a.example.com")}) as web:
        client.process_url(web.url("/"))

A page is a function of the connection: what it sends is all that is sent. It runs on a thread of
its own, once for each request, and may wait for the other side to close.
"""

import collections
import gzip
import re
import select
import socket
import ssl
import threading

from processes import PATIENCE


class Connection:
    """One request: `head` is what was asked, up to the empty line."""

    def __init__(self, server, stream, head):
        self.server = server
        self._stream = stream
        self.head = head

    def header(self, name):
        found = re.search(rf"^{name}: (.*?)\r$", self.head, re.I | re.M)
        return found and found[1]

    def send(self, *pieces):
        """OSError: the other side has closed."""
        for piece in pieces:
            self._stream.sendall(piece if isinstance(piece, bytes) else piece.encode())

    def hold(self):
        """Waits until the other side closes, or the test lets all go."""
        while not self.server.released.is_set():
            ready, _, _ = select.select([self._stream], [], [], 0.05)
            if ready and not self._stream.recv(1 << 16):
                self.server.note("closed")
                return

    def close(self):
        self._stream.close()


def page(body=b"", *headers, status="200 OK", version="HTTP/1.1"):
    """A page with its length."""
    body = body if isinstance(body, bytes) else body.encode()

    def send(connection):
        lines = [f"{version} {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        connection.send("\r\n".join(lines).encode() + body)
    return send


def packed(body, *headers):
    return page(gzip.compress(body, 9), "Content-Encoding: gzip", *headers)


def stored(encoding, body):
    """The body as br or zstd, in blocks that are not packed: Python has no encoders of these."""
    pieces = [body[i:i + 65536] for i in range(0, len(body), 65536)]
    if encoding == "zstd":
        blocks = [(len(piece) << 3).to_bytes(3, "little") + piece for piece in pieces]
        return (b"\x28\xb5\x2f\xfd\xa0" + len(body).to_bytes(4, "little") + b"".join(blocks)
                + b"\x01\x00\x00")
    octets = b""
    for i, piece in enumerate(pieces):
        # From the lowest bit on: of the first the window; not the last, 4 nibbles, size, stored.
        head = (len(piece) - 1) << 3 | 1 << 19
        octets += (head << 1 if i == 0 else head).to_bytes(3, "little") + piece
    return octets + (b"\x03" if pieces else b"\x06")


def redirect(to, status="302 Found"):
    return page(b"moved", f"Location: {to}", status=status)


def raw(*pieces):
    """Just these bytes, and the end of the connection."""
    def send(connection):
        connection.send(*pieces)
        connection.close()
    return send


def held(*pieces):
    """These bytes, and then nothing, until the other side closes."""
    def send(connection):
        connection.send(*pieces)
        connection.hold()
    return send


def endless(head, piece):
    def send(connection):
        connection.send(head)
        while not connection.server.released.is_set():
            connection.send(piece)
    return send


def server_side(issued):
    """For WebServer's tls, of a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.cert, issued.key)
    return context


class WebServer:
    """heads: of the requests so far, in order. pages may be added at any time."""

    def __init__(self, pages, tls=None, host="127.0.0.1"):
        self.pages = dict(pages)
        self.heads = []
        self.released = threading.Event()
        self._notes = collections.Counter()
        self._changed = threading.Condition()
        self._scheme = "https" if tls else "http"
        self._tls = tls
        self._host = host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=1024)
        self.port = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def url(self, path, host=None):
        host = host or (f"[{self._host}]" if ":" in self._host else self._host)
        return f"{self._scheme}://{host}:{self.port}{path}"

    def note(self, what):
        with self._changed:
            self._notes[what] += 1
            self._changed.notify_all()

    def count(self, what):
        """How often this was noted: "connected", "asked", "closed"."""
        with self._changed:
            return self._notes[what]

    def wait_for(self, what, count=1):
        with self._changed:
            if not self._changed.wait_for(lambda: self._notes[what] >= count, PATIENCE):
                raise TimeoutError(f"{what}: {self._notes}")

    def _accept(self):
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            self.note("connected")
            threading.Thread(target=self._serve, args=(stream,), daemon=True).start()

    def _serve(self, stream):
        try:
            with (self._tls.wrap_socket(stream, server_side=True) if self._tls else stream) as one:
                one.settimeout(PATIENCE)
                while self._answer(one):
                    pass
        except (OSError, ssl.SSLError):
            self.note("closed")

    def _answer(self, stream):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = stream.recv(1 << 16)
            if not piece:
                return False
            head += piece
        text = head.decode("latin-1")
        self.heads.append(text)
        self.note("asked")
        self.pages[text.split()[1]](Connection(self, stream, text))
        return stream.fileno() >= 0

    def __enter__(self):
        self._accepting.start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
