"""The client for programs with an event loop: the methods of trawl.Client, to await."""

import asyncio
import inspect
import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from typing import Any

import grpc
import grpc.aio

from trawl import _batches, _wire, errors, results
from trawl._channel import (DEFAULT_TARGET, RESPONSES, SERVICE, STREAM, arguments, credentials,
                            deadline, headers, stream_arguments, target_of)
from trawl._content import (AsyncContent, AsyncParts, Document, Parts, checked, cut, cut_each,
                            document, is_file, natural_unit, open_file, options_for, refuse)
from trawl._stream import Answers, AsyncRoom, Requests
from trawl._wire import Buffer
from trawl.enums import OffsetUnit
from trawl.options import ClientOptions, FetchOptions, ProcessOptions
from trawl.turns import Turns
from trawl.v1 import content_pb2

# Decoding takes several times as long as what else is done with as many bytes.
_DECODING = 4


class AsyncFindingStream(AsyncIterator[results.Finding]):
    """Findings as soon as they are final, while content is still sent.

    After the last one, `result` has what else the answer says (its own `findings` are empty).
    Leaving it before the end cancels the call: use it with `async with`, or close() it.
    """

    def __init__(self, method: Any, parts: AsyncIterator[Buffer], options: bytes,
                 timeout: float | None, sent: Sequence[tuple[str, str]] = ()) -> None:
        self._answers = Answers()
        self._result: results.Result | None = None
        self._parts = parts
        self._error: BaseException | None = None
        self._room = room = AsyncRoom()
        self._call = method(self._requests(Requests(options)), timeout=timeout, metadata=sent)
        self._call.add_done_callback(lambda _: room.close())
        self._messages = aiter(self._call)

    @property
    def result(self) -> results.Result:
        """ValueError: before the last finding was taken."""
        if self._result is None:
            raise ValueError("the stream is not at its end")
        return self._result

    @property
    def scanned_until(self) -> int:
        """Every finding that begins before this offset has arrived."""
        return self._answers.scanned_until

    def close(self) -> None:
        """Ends the call, if it has not ended."""
        self._call.cancel()

    async def _requests(self, requests: Requests) -> AsyncIterator[bytes]:
        try:
            async for part in self._parts:
                if not await self._room.take(len(part)):
                    return
                yield requests.of(part)
            for last in requests.rest():
                yield last
        except Exception as error:  # of the caller's file or iterator: raised where it iterates
            self._error = error
            raise

    async def __anext__(self) -> results.Finding:
        while (found := self._answers.pop()) is None:
            try:
                message = await anext(self._messages)
                self._answers.add(message)
                self._room.free(message.searched_bytes)
            except StopAsyncIteration:
                if self._result is None:
                    self._result = self._answers.result()
                raise
            except (asyncio.CancelledError, grpc.RpcError) as error:
                if self._error is not None:
                    raise self._error from None
                if isinstance(error, asyncio.CancelledError):
                    raise
                raise errors.from_rpc_error(error) from None
        return found

    async def __aenter__(self) -> "AsyncFindingStream":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


class AsyncClient:
    """trawl.Client for an event loop: the same arguments, results and errors.

    Made and used inside one running event loop, by any number of its tasks at once; cancelling a
    task cancels its call. Files are read by threads, so that a slow disk does not hold up the loop,
    but for those whose read() is a coroutine, which are awaited. Large requests are sent and large
    answers decoded in `turns`, one at a time, which is also for what a program itself does with
    large content in the loop, as parsing it: `await client.turns.take(size)` before it.
    """

    def __init__(self, target: str | Sequence[str] = DEFAULT_TARGET,
                 options: ClientOptions = ClientOptions()) -> None:
        self.turns = Turns()
        self._options = options
        self._target = target_of(target)
        self._credentials = credentials(options)
        self._headers = headers(options)
        self._channel = self._open(arguments(options))
        self._methods = {name: self._channel.unary_unary(f"/{SERVICE}/{name}")
                         for name in RESPONSES}
        self._stream_channel: grpc.aio.Channel | None = None
        self._limits: results.Capabilities | None = None

    async def extract(self, content: AsyncContent, options: ProcessOptions | None = None, *,
                      timeout: float | None = None) -> results.Result:
        """As trawl.Client.extract."""
        data = document(content)
        if data is not None:
            wire = options_for(natural_unit(content), options)
            if len(data) <= (await self._known_limits()).max_content_bytes:
                return await self._extract_unary([data], wire, timeout)
            parts = _each(cut(data, self._options.part_bytes))
            return await self._extract_parts(parts, wire, timeout)
        if isinstance(content, os.PathLike):
            file = await asyncio.to_thread(open_file, content)
            with file:
                return await self._extract_file(file, options, timeout)
        if is_file(content):
            return await self._extract_file(content, options, timeout)
        raise refuse(content)

    async def extract_batch(self, documents: Iterable[Document],
                            options: ProcessOptions | None = None, *, timeout: float | None = None
                            ) -> list[results.Result | errors.TrawlError]:
        """As trawl.Client.extract_batch."""
        answers: list[results.Result | errors.TrawlError] = []
        for request in _batches.requests(documents, options, await self._known_limits()):
            if isinstance(request, errors.TrawlError):
                answers.append(request)
            else:
                answers += _batches.answers(
                    await self._call("ProcessContentBatch", request, timeout))
        return answers

    def extract_stream(self, content: AsyncContent | Parts | AsyncParts,
                       options: ProcessOptions | None = None, *,
                       timeout: float | None = None) -> AsyncFindingStream:
        """As trawl.Client.extract_stream; `content` may also be an asynchronous iterable of bytes.
        Iterate the answer with `async for`."""
        size = self._options.part_bytes
        data = document(content)
        if data is not None:
            parts = _each(cut(data, size))
        elif isinstance(content, os.PathLike):
            parts = _read_path(content, size)
        elif is_file(content):
            parts = _read_parts(content, size)
        elif isinstance(content, AsyncIterable):
            parts = _cut_each(content, size)
        elif isinstance(content, Iterable):
            parts = _each(cut_each(content, size))  # type: ignore[arg-type]
        else:
            raise refuse(content)
        return self._open_stream(parts, options_for(natural_unit(content), options), timeout)

    async def add_content(self, text: str, *, timeout: float | None = None
                          ) -> results.AddedContent:
        """As trawl.Client.add_content."""
        request = _wire.text(text.encode())
        return results.added(await self._call("AddContent", request, timeout))

    async def process_url(self, url: str, options: ProcessOptions | None = None,
                          fetch: FetchOptions | None = None, *,
                          timeout: float | None = None) -> results.UrlResult:
        """As trawl.Client.process_url."""
        request = _wire.url(url, options, fetch)
        return results.url_result(await self._call("ProcessUrl", request, timeout))

    async def explain(self, content: Document, offset: int, options: ProcessOptions | None = None,
                      *, timeout: float | None = None) -> results.Explanation:
        """As trawl.Client.explain."""
        data = document(content)
        if data is None:
            raise refuse(content)
        request = _wire.explain(data, offset, options_for(natural_unit(content), options))
        return results.explanation(await self._call("Explain", request, timeout))

    async def ping(self, payload: bytes = b"", *, timeout: float | None = None) -> results.Pong:
        """As trawl.Client.ping."""
        request = content_pb2.PingRequest(payload=payload).SerializeToString()
        return results.pong(await self._call("Ping", request, timeout))

    async def capabilities(self, *, timeout: float | None = None) -> results.Capabilities:
        """As trawl.Client.capabilities."""
        return results.capabilities(await self._call("GetCapabilities", b"", timeout))

    async def close(self) -> None:
        """Ends the calls in flight and the connections."""
        await self._channel.close()
        if self._stream_channel is not None:
            await self._stream_channel.close()

    def _open(self, channel_arguments: list[tuple[str, int | str]]) -> grpc.aio.Channel:
        if self._credentials is None:
            return grpc.aio.insecure_channel(self._target, channel_arguments)
        return grpc.aio.secure_channel(self._target, self._credentials, channel_arguments)

    async def _known_limits(self) -> results.Capabilities:
        if self._limits is None:
            self._limits = await self.capabilities()
        return self._limits

    async def _extract_file(self, file: Any, options: ProcessOptions | None,
                            timeout: float | None) -> results.Result:
        wire = options_for(OffsetUnit.BYTES, options)
        limit = min(self._options.unary_bytes, (await self._known_limits()).max_content_bytes)
        first: list[Buffer] = []
        total = 0
        rest = _read_parts(file, self._options.part_bytes)
        async for part in rest:
            first.append(part)
            total += len(part)
            if total > limit:
                return await self._extract_parts(_chain(first, rest), wire, timeout)
        return await self._extract_unary(first, wire, timeout)

    async def _extract_unary(self, pieces: Sequence[Buffer], options: bytes,
                             timeout: float | None) -> results.Result:
        request = _wire.content(pieces, options)
        return results.result([await self._call("ProcessContent", request, timeout)])

    async def _extract_parts(self, parts: AsyncIterator[Buffer], options: bytes,
                             timeout: float | None) -> results.Result:
        async with self._open_stream(parts, options, timeout) as stream:
            found = tuple([finding async for finding in stream])
            return results.with_findings(stream.result, found)

    def _open_stream(self, parts: AsyncIterator[Buffer], options: bytes,
                     timeout: float | None) -> AsyncFindingStream:
        if self._stream_channel is None:
            self._stream_channel = self._open(stream_arguments(self._options))
        method = self._stream_channel.stream_stream(
            STREAM, None, content_pb2.ProcessContentStreamResponse.FromString)
        return AsyncFindingStream(method, parts, options,
                                  deadline(timeout, self._options.stream_timeout), self._headers)

    async def _call(self, method: str, request: bytes, timeout: float | None) -> Any:
        await self.turns.take(len(request))
        try:
            answer = await self._methods[method](request, metadata=self._headers,
                                                 timeout=deadline(timeout, self._options.timeout))
        except grpc.RpcError as error:
            raise errors.from_rpc_error(error) from None
        await self.turns.take(_DECODING * len(answer))
        return RESPONSES[method].FromString(answer)

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def _each(parts: Iterable[Buffer]) -> AsyncIterator[Buffer]:
    for part in parts:
        yield part


async def _cut_each(parts: AsyncParts, size: int) -> AsyncIterator[Buffer]:
    async for given in parts:
        for part in cut(checked(given), size):
            yield part


async def _chain(first: list[Buffer], rest: AsyncIterator[Buffer]) -> AsyncIterator[Buffer]:
    while first:
        yield first.pop(0)
    async for part in rest:
        yield part


async def _read_parts(file: Any, size: int) -> AsyncIterator[Buffer]:
    asynchronous = inspect.iscoroutinefunction(file.read)
    while True:
        part = await (file.read(size) if asynchronous else asyncio.to_thread(file.read, size))
        if not checked(part):
            return
        yield part


async def _read_path(path: "os.PathLike[str]", size: int) -> AsyncIterator[Buffer]:
    file = await asyncio.to_thread(open_file, path)
    with file:
        async for part in _read_parts(file, size):
            yield part
