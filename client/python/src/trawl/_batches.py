"""A batch of the caller's, cut into calls that a server takes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from trawl import errors, results
from trawl._content import document, natural_unit, options_for, refuse
from trawl._wire import Buffer, batch
from trawl.enums import OffsetUnit
from trawl.options import ProcessOptions
from trawl.v1 import content_pb2


def requests(documents: Iterable[Any], options: ProcessOptions | None,
             limits: results.Capabilities) -> Iterator[bytes | errors.TrawlError]:
    """Requests in the order of the documents, and between them the errors of documents that are
    over the limit, which no call can take. A call has one unit of offsets: where text that is not
    ASCII follows bytes, or the other way round, a further call begins."""
    pending: list[Buffer] = []
    size = 0
    unit: OffsetUnit | None = None
    for content in documents:
        data = document(content)
        if data is None:
            raise refuse(content)
        wanted = _unit(content)
        too_large = len(data) > limits.max_content_bytes
        if pending and (too_large or len(pending) >= limits.max_batch_documents
                        or size + len(data) > limits.max_content_bytes
                        or None not in (unit, wanted) and unit != wanted):
            yield batch(pending, options_for(unit or OffsetUnit.BYTES, options))
            pending, size, unit = [], 0, None
        if too_large:
            yield errors.too_large("data", len(data), limits.max_content_bytes)
            continue
        pending.append(data)
        size += len(data)
        unit = wanted if unit is None else unit
    if pending:
        yield batch(pending, options_for(unit or OffsetUnit.BYTES, options))


def _unit(content: Any) -> OffsetUnit | None:
    """None: ASCII text, of which either will do."""
    if isinstance(content, str) and content.isascii():
        return None
    return natural_unit(content)


def answers(message: content_pb2.ProcessContentBatchResponse
            ) -> Sequence[results.Result | errors.TrawlError]:
    """What became of the documents of one call."""
    shared = results.ruleset(message)
    return [errors.from_status(one.error) if one.HasField("error")
            else results.result([one.response], shared) for one in message.results]
