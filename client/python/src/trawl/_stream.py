"""What both clients' streams of findings have in common."""

import asyncio
import threading
from collections import deque
from collections.abc import Iterator

from trawl import results
from trawl._wire import Buffer, first_part, part
from trawl.v1 import content_pb2


class Requests:
    """The messages of a stream, made of parts: the first one brings the options."""

    def __init__(self, options: bytes) -> None:
        self._options: bytes | None = options

    def of(self, data: Buffer) -> bytes:
        if self._options is None:
            return part(data)
        options, self._options = self._options, None
        return first_part(data, options)

    def rest(self) -> Iterator[bytes]:
        """What is still to be sent when all parts were: the options, where there was no part."""
        if self._options is not None:
            yield self.of(b"")


class _Room:
    """The server's room for parts. Nothing is sent that it would not take in at once, so that a
    stream cannot come to a stop in a proxy, as the contract's ProcessContentStream says."""

    # Capabilities.max_stream_buffer_bytes of every server, at least.
    _SERVER_ROOM = 1 << 20

    def __init__(self) -> None:
        self._sent = 0
        self._searched = 0
        self._open = True

    def _is_free(self) -> bool:
        return not self._open or self._sent - self._searched < self._SERVER_ROOM

    def _take(self, size: int) -> bool:
        self._sent += size
        return self._open


class Room(_Room):
    """For threads."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()

    def take(self, size: int) -> bool:
        """Waits until there is some for a part of this size. False: the stream has ended."""
        with self._changed:
            self._changed.wait_for(self._is_free)
            return self._take(size)

    def free(self, searched: int) -> None:
        """So many bytes have been searched."""
        with self._changed:
            self._searched = searched
            self._changed.notify()

    def close(self) -> None:
        """The stream has ended."""
        with self._changed:
            self._open = False
            self._changed.notify()


class AsyncRoom(_Room):
    """The same for an event loop."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Event()

    async def take(self, size: int) -> bool:
        while not self._is_free():
            self._changed.clear()
            await self._changed.wait()
        return self._take(size)

    def free(self, searched: int) -> None:
        self._searched = searched
        self._changed.set()

    def close(self) -> None:
        self._open = False
        self._changed.set()


def _says_only_how_far(message: content_pb2.ProcessContentStreamResponse) -> bool:
    return not (message.distinct or message.chunk_errors or message.HasField("spans"))


class Answers:
    """The messages of an answer: findings to hand out, and the rest for the end."""

    def __init__(self) -> None:
        self._kept: list[content_pb2.ProcessContentStreamResponse] = []
        self._ready: deque[results.Finding] = deque()
        self.scanned_until = 0

    def add(self, message: content_pb2.ProcessContentStreamResponse) -> None:
        self.scanned_until = message.scanned_until
        self._ready.extend(map(results.finding, message.findings))
        message.ClearField("findings")
        if self._kept and _says_only_how_far(self._kept[-1]):
            self._kept.pop()
        self._kept.append(message)

    def pop(self) -> results.Finding | None:
        return self._ready.popleft() if self._ready else None

    def result(self) -> results.Result:
        return results.result(self._kept)
