"""What content can be, and what it is for the wire: bytes in one piece, or a source of parts."""

import os
from collections.abc import AsyncIterable, Awaitable, Iterable, Iterator
from typing import Any, BinaryIO, Protocol

from trawl._wire import Buffer
from trawl.enums import OffsetUnit
from trawl.options import ProcessOptions


class BinaryFile(Protocol):
    """An open file, socket or pipe: whatever has read(n) -> bytes."""

    def read(self, size: int, /) -> bytes: ...


class AsyncFile(Protocol):
    """The same where read(n) is a coroutine, as of an upload in a web framework."""

    def read(self, size: int, /) -> Awaitable[bytes]: ...


Text = str
Document = Text | Buffer
Path = os.PathLike[str]
Content = Document | Path | BinaryFile
AsyncContent = Content | AsyncFile
Parts = Iterable[Buffer]
AsyncParts = AsyncIterable[Buffer]


def document(content: Any) -> Buffer | None:
    """Content that is in memory, as bytes; None: it is none. A str may hold bytes that were no
    UTF-8, as those that Python reads file names with (surrogateescape)."""
    if isinstance(content, str):
        return content.encode("utf-8", "surrogateescape")
    if isinstance(content, memoryview):
        return content.cast("B") if content.ndim else content
    if isinstance(content, (bytes, bytearray)):
        return content
    return None


def natural_unit(content: Any) -> OffsetUnit:
    """What offsets count, so that content[begin:end] is what was found."""
    if isinstance(content, str) and not content.isascii():
        return OffsetUnit.CODE_POINTS
    return OffsetUnit.BYTES


def options_for(unit: OffsetUnit, options: ProcessOptions | None) -> bytes:
    """Options in wire format, with this unit where they leave it open."""
    message = (options or ProcessOptions()).to_message()
    if not message.offset_unit and unit != OffsetUnit.BYTES:
        message.offset_unit = unit  # type: ignore[assignment]
    wire: bytes = message.SerializeToString()
    return wire


def open_file(path: Path) -> BinaryIO:
    """Unbuffered: what is read goes into a message as it is."""
    return open(path, "rb", buffering=0)


def is_file(content: Any) -> bool:
    return hasattr(content, "read")


def cut(data: Buffer, size: int) -> Iterator[Buffer]:
    """Parts of at most `size` bytes, without a copy; of nothing, one empty part."""
    view = memoryview(data)
    for begin in range(0, max(len(view), 1), size):
        yield view[begin:begin + size]


def cut_each(parts: Parts, size: int) -> Iterator[Buffer]:
    """Parts of a caller, those over `size` cut smaller."""
    for given in parts:
        yield from cut(checked(given), size)


def read_parts(file: BinaryFile, size: int) -> Iterator[bytes]:
    """The rest of a file."""
    while part := checked(file.read(size)):
        yield part


def read_path(path: Path, size: int) -> Iterator[bytes]:
    """A file from its begin, open while it is read."""
    with open_file(path) as file:
        yield from read_parts(file, size)


def read_up_to(file: BinaryFile, limit: int, size: int) -> tuple[list[bytes], bool]:
    """The first parts of a file, a little over `limit` bytes at most, and whether they are all."""
    parts: list[bytes] = []
    total = 0
    for part in read_parts(file, size):
        parts.append(part)
        total += len(part)
        if total > limit:
            return parts, False
    return parts, True


def checked(part: Any) -> Any:
    if part is None:
        raise BlockingIOError("the file is in non-blocking mode, and has nothing to read now")
    if not isinstance(part, (bytes, bytearray, memoryview)):
        raise TypeError(f"content is read as bytes, not as {type(part).__name__}: "
                        "open the file in binary mode")
    return part


def refuse(content: Any) -> TypeError:
    return TypeError("content is text, bytes, a path or a file that was opened to read bytes, not "
                     f"{type(content).__name__}")
