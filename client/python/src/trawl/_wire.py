"""Requests in protobuf's wire format, put together without protobuf.

protobuf would copy content into a message and again out of it. Here it is copied once, to stand
behind its tag in the bytes that gRPC takes; gRPC then copies these into its own memory.
"""

from collections.abc import Iterable, Sequence

from trawl.options import FetchOptions, ProcessOptions
from trawl.v1 import content_pb2

Buffer = bytes | bytearray | memoryview

_LENGTH_DELIMITED = 2


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _head(field: int, size: int) -> bytes:
    return _varint(field << 3 | _LENGTH_DELIMITED) + _varint(size)


def _field(field: int, value: bytes) -> tuple[bytes, bytes]:
    return _head(field, len(value)), value


def content(pieces: Sequence[Buffer], options: bytes) -> bytes:
    """A ProcessContentRequest of content in pieces."""
    request = content_pb2.ProcessContentRequest
    return b"".join((_head(request.DATA_FIELD_NUMBER, sum(map(len, pieces))), *pieces,
                     *_field(request.OPTIONS_FIELD_NUMBER, options)))


def text(data: Buffer) -> bytes:
    """An AddContentRequest."""
    return b"".join((_head(content_pb2.AddContentRequest.DATA_FIELD_NUMBER, len(data)), data))


def batch(documents: Iterable[Buffer], options: bytes) -> bytes:
    """A ProcessContentBatchRequest."""
    request = content_pb2.ProcessContentBatchRequest
    pieces: list[Buffer] = []
    for data in documents:
        head = _head(content_pb2.BatchDocument.DATA_FIELD_NUMBER, len(data))
        pieces += (_head(request.DOCUMENTS_FIELD_NUMBER, len(head) + len(data)), head, data)
    pieces += _field(request.OPTIONS_FIELD_NUMBER, options)
    return b"".join(pieces)


def explain(data: Buffer, offset: int, options: bytes) -> bytes:
    """An ExplainRequest."""
    request = content_pb2.ExplainRequest
    rest = request(offset=offset).SerializeToString()
    return b"".join((_head(request.DATA_FIELD_NUMBER, len(data)), data,
                     *_field(request.OPTIONS_FIELD_NUMBER, options), rest))


def url(where: str, options: ProcessOptions | None, fetch: FetchOptions | None) -> bytes:
    """A ProcessUrlRequest."""
    request = content_pb2.ProcessUrlRequest(
        url=where, options=(options or ProcessOptions()).to_message(),
        fetch=(fetch or FetchOptions()).to_message())
    wire: bytes = request.SerializeToString()
    return wire


def first_part(data: Buffer, options: bytes) -> bytes:
    """The first ProcessContentStreamRequest of a stream."""
    request = content_pb2.ProcessContentStreamRequest
    return b"".join((*_field(request.OPTIONS_FIELD_NUMBER, options), part(data)))


def part(data: Buffer) -> bytes:
    """Any other one."""
    request = content_pb2.ProcessContentStreamRequest
    return b"".join((_head(request.DATA_FIELD_NUMBER, len(data)), data))
