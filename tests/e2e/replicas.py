"""Several servers that are one service, and calls that none of them may lose."""

import collections
import os
import socket
import struct
import threading
import time

from processes import PATIENCE, Server


def loopback(number):
    """An address that no other test listens on, so that a port of it stays free over a restart."""
    process = os.getpid()
    return f"127.{1 + process // 250 % 250}.{1 + process % 250}.{number}"


class Replica:
    """A server that keeps its address over restarts.

    name: what its capabilities have for max_batch_documents, by which a caller knows it. calls: how
    many it has answered of each method, once it was stopped."""

    def __init__(self, number, port, flags):
        self.name = 1000 + number
        self._flags = (f"--max_batch_documents={self.name}", *flags)
        self._server = Server(f"--listen={loopback(number)}:{port}", *self._flags)
        self.address = self._server.address
        self.calls = {}

    def stop(self):
        """Drains the server, which has to end well."""
        if self._server is None:
            return
        server, self._server = self._server, None
        with server:
            pass
        for method, codes in server.wait_for_line("drained")["calls"].items():
            self.calls[method] = self.calls.get(method, 0) + sum(codes.values())

    def restart(self):
        self.stop()
        self._server = Server(f"--listen={self.address}", *self._flags)

    def begin_to_drain(self):
        self._server.signal()
        self._server.wait_for_line("draining")

    def hurry(self):
        """Ends a drain at once, whatever its delay."""
        self._server.signal()


class Replicas:
    """`count` servers on one port of several addresses; a context manager that drains them."""

    def __init__(self, count, *flags):
        self._flags = flags
        self._started = 0
        self._port = 0
        self.all = []
        try:
            for _ in range(count):
                self.add()
        except BaseException:
            self.stop()
            raise

    def _start(self):
        self._started += 1
        replica = Replica(self._started, self._port, self._flags)
        self._port = int(replica.address.rpartition(":")[2])
        return replica

    def add(self):
        self.all.append(self._start())
        return self.all[-1]

    def replace(self, index):
        """Starts a server on another address, and then stops the one that it takes the place of."""
        old, self.all[index] = self.all[index], self._start()
        old.stop()
        return self.all[index]

    @property
    def addresses(self):
        return [replica.address for replica in self.all]

    def stop(self):
        for replica in self.all:
            replica.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def wait_until(condition, what):
    """Asks condition(), which makes calls, again and again; not quicker than a proxy lets it."""
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"not in {PATIENCE} s: {what}")
        time.sleep(0.005)


def asks(client):
    """What makes a call, and gives the name of the replica that answered."""
    return lambda: client.capabilities().max_batch_documents


def reach(replica, ask):
    """Waits until calls arrive at this server."""
    wait_until(lambda: ask() == replica.name, "a call at the server")


def drain_one_unnoticed(replicas, ask):
    """Waits until calls pass over one of two servers, because it says that it drains: it goes on
    answering them meanwhile. Then both are drained."""
    draining, other = replicas.all
    for replica in replicas.all:
        reach(replica, ask)
    draining.begin_to_drain()
    last = collections.deque(maxlen=20)

    def passed_over():
        last.append(ask())
        return len(last) == 20 and draining.name not in last

    wait_until(passed_over, "the server is passed over")
    draining.hurry()
    other.begin_to_drain()
    other.hurry()


class Load:
    """Calls from several threads, from `with` until its end. `call` makes one and raises where it
    is not answered rightly; nothing is called after the first such failure, or `limit` calls."""

    def __init__(self, call, threads=4, limit=50_000):
        self._call = call
        self._limit = limit
        self._ended = False
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]
        self.calls = 0
        self.failures = []

    def _run(self):
        while not self._ended and self.calls < self._limit:
            failure = None
            try:
                self._call()
            except Exception as error:  # whatever it is, the test is to say it
                failure = error
            with self._changed:
                if failure is None:
                    self.calls += 1
                else:
                    self.failures.append(failure)
                    self._ended = True
                self._changed.notify_all()

    def wait_for_calls(self, count):
        """Waits until so many more are answered, or one was not."""
        with self._changed:
            wanted = self.calls + count
            if not self._changed.wait_for(lambda: self.calls >= wanted or self.failures, PATIENCE):
                raise TimeoutError(f"{self.calls} of {wanted} calls in {PATIENCE} s")

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ended = True
        for thread in self._threads:
            thread.join(PATIENCE)


class NameServer:
    """Answers every question for addresses (A) with those of the replicas that there are, as the
    DNS of a cluster does for a service without an address of its own."""

    def __init__(self, replicas):
        self._replicas = replicas
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run)

    def target(self):
        """For gRPC: a name that this server is to be asked for."""
        port = self._replicas.addresses[0].rpartition(":")[2]
        return f"dns://127.0.0.1:{self._socket.getsockname()[1]}/trawl.test:{port}"

    def _run(self):
        while True:
            query, caller = self._socket.recvfrom(512)
            if not query:
                return
            self._socket.sendto(self._answer(query), caller)

    def _answer(self, query):
        end = query.index(0, 12) + 5  # of the question: its name, type and class
        kind, = struct.unpack_from(">H", query, end - 4)
        hosts = [address.rpartition(":")[0] for address in self._replicas.addresses]
        if kind != 1:  # not A
            hosts = []
        header = query[:2] + struct.pack(">HHHHH", 0x8580, 1, len(hosts), 0, 0)
        records = b"".join(struct.pack(">HHHIH", 0xC00C, 1, 1, 0, 4) + socket.inet_aton(host)
                           for host in hosts)
        return header + query[12:end] + records

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closing:
            closing.sendto(b"", self._socket.getsockname())
        self._thread.join(PATIENCE)
        self._socket.close()
