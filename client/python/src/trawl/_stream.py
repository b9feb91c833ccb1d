"""What both clients' streams of findings have in common."""

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


class Answers:
    """The messages of an answer: findings to hand out, and the rest for the end."""

    def __init__(self) -> None:
        self._kept: list[content_pb2.ProcessContentResponse] = []
        self._ready: deque[results.Finding] = deque()
        self.scanned_until = 0

    def add(self, message: content_pb2.ProcessContentResponse) -> None:
        self.scanned_until = message.scanned_until
        self._ready.extend(map(results.finding, message.findings))
        message.ClearField("findings")
        self._kept.append(message)

    def pop(self) -> results.Finding | None:
        return self._ready.popleft() if self._ready else None

    def result(self) -> results.Result:
        return results.result(self._kept)
