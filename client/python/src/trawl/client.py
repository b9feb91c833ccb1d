"""The client for programs with threads. `aio` has the one for programs with an event loop."""

import itertools
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any

import grpc

from trawl import _batches, _wire, errors, results
from trawl._channel import (DEFAULT_TARGET, RESPONSES, SERVICE, STREAM, arguments, credentials,
                            deadline, headers, stream_arguments, target_of)
from trawl._content import (Content, Document, Parts, cut, cut_each, document, is_file,
                            natural_unit, open_file, options_for, read_parts, read_path, read_up_to,
                            refuse)
from trawl._stream import Answers, Requests, Room
from trawl._wire import Buffer
from trawl.enums import OffsetUnit
from trawl.options import ClientOptions, FetchOptions, ProcessOptions
from trawl.v1 import content_pb2


class FindingStream(Iterator[results.Finding]):
    """Findings as soon as they are final, while content is still sent.

    After the last one, `result` has what else the answer says (its own `findings` are empty).
    Leaving it before the end cancels the call: use it as a context manager, or close() it.
    For one thread at a time; the content is read by a thread of gRPC's meanwhile.
    """

    def __init__(self, method: grpc.StreamStreamMultiCallable, parts: Iterator[Buffer],
                 options: bytes, timeout: float | None,
                 sent: Sequence[tuple[str, str]] = ()) -> None:
        self._answers = Answers()
        self._result: results.Result | None = None
        self._parts = parts
        self._error: BaseException | None = None
        self._started = threading.Event()
        self._room = Room()
        self._call = method(self._requests(Requests(options)), timeout=timeout, metadata=sent)
        if not self._call.add_callback(self._room.close):
            self._room.close()
        self._started.set()

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

    def _requests(self, requests: Requests) -> Iterator[bytes]:
        try:
            for part in self._parts:
                if not self._room.take(len(part)):
                    return
                yield requests.of(part)
            yield from requests.rest()
        except Exception as error:  # of the caller's file or iterator: raised where it iterates
            self._error = error
            self._started.wait()
            self._call.cancel()

    def __next__(self) -> results.Finding:
        while (found := self._answers.pop()) is None:
            try:
                message = next(self._call)
                self._answers.add(message)
                self._room.free(message.searched_bytes)
            except StopIteration:
                if self._result is None:
                    self._result = self._answers.result()
                raise
            except grpc.RpcError as error:
                if self._error is not None:
                    raise self._error from None
                raise errors.from_rpc_error(error) from None
        return found

    def __enter__(self) -> "FindingStream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Client:
    """Calls one server, or several in turn.

    target: "HOST:PORT", "unix:PATH", "dns:///NAME:PORT", or a list of "IP:PORT". Connections are
    made when first needed, and again when lost. All methods may be called from any thread; after a
    fork, a process makes its own client.

    `content` is text, bytes (or what has a buffer of bytes), a path, or a file opened to read
    bytes. `timeout` is in seconds; math.inf: none; left out: as ClientOptions says. Whatever fails
    raises a TrawlError; what reading the content raises is raised as it is.
    """

    def __init__(self, target: str | Sequence[str] = DEFAULT_TARGET,
                 options: ClientOptions = ClientOptions()) -> None:
        self._options = options
        self._target = target_of(target)
        self._credentials = credentials(options)
        self._headers = headers(options)
        self._channel = self._open(arguments(options))
        self._methods = {name: self._channel.unary_unary(f"/{SERVICE}/{name}", None,
                                                         response.FromString)
                         for name, response in RESPONSES.items()}
        self._lock = threading.Lock()
        self._stream_channel: grpc.Channel | None = None
        self._limits: results.Capabilities | None = None

    def extract(self, content: Content, options: ProcessOptions | None = None, *,
                timeout: float | None = None) -> results.Result:
        """What is in one document. It goes in one message where it is small enough, else in parts;
        the answer is the same. A large file is never held in memory as a whole."""
        data = document(content)
        if data is not None:
            wire = options_for(natural_unit(content), options)
            if len(data) <= self._known_limits().max_content_bytes:
                return self._extract_unary([data], wire, timeout)
            return self._extract_parts(cut(data, self._options.part_bytes), wire, timeout)
        if isinstance(content, os.PathLike):
            with open_file(content) as file:
                return self._extract_file(file, options, timeout)
        if is_file(content):
            return self._extract_file(content, options, timeout)
        raise refuse(content)

    def extract_batch(self, documents: Iterable[Document], options: ProcessOptions | None = None, *,
                      timeout: float | None = None) -> list[results.Result | errors.TrawlError]:
        """What is in many small documents, in order: a Result each, or the error of that document.
        A batch over the server's limits goes in several calls, each with this timeout."""
        answers: list[results.Result | errors.TrawlError] = []
        for request in _batches.requests(documents, options, self._known_limits()):
            if isinstance(request, errors.TrawlError):
                answers.append(request)
            else:
                answers += _batches.answers(
                    self._call("ProcessContentBatch", request, timeout))
        return answers

    def extract_stream(self, content: Content | Parts, options: ProcessOptions | None = None, *,
                       timeout: float | None = None) -> FindingStream:
        """Findings of content of any size, as soon as each is final. `content` may also be an
        iterable of bytes."""
        size = self._options.part_bytes
        data = document(content)
        parts: Iterator[Buffer]
        if data is not None:
            parts = cut(data, size)
        elif isinstance(content, os.PathLike):
            parts = read_path(content, size)
        elif is_file(content):
            parts = read_parts(content, size)  # type: ignore[arg-type]
        elif isinstance(content, Iterable):
            parts = cut_each(content, size)  # type: ignore[arg-type]
        else:
            raise refuse(content)
        return self._open_stream(parts, options_for(natural_unit(content), options), timeout)

    def add_content(self, text: str, *, timeout: float | None = None) -> results.AddedContent:
        """The values of all findings by the default options: less than extract() says, and quicker
        to read, in Python most of all. The server's limit for one message holds."""
        request = _wire.text(text.encode())
        return results.added(self._call("AddContent", request, timeout))

    def process_url(self, url: str, options: ProcessOptions | None = None,
                    fetch: FetchOptions | None = None, *,
                    timeout: float | None = None) -> results.UrlResult:
        """What is in the document at a URL, which the server fetches, where it is allowed to:
        capabilities().url_fetching. Offsets count bytes of the body, unless the options say."""
        request = _wire.url(url, options, fetch)
        return results.url_result(self._call("ProcessUrl", request, timeout))

    def explain(self, content: Document, offset: int, options: ProcessOptions | None = None, *,
                timeout: float | None = None) -> results.Explanation:
        """Why content[offset] is, or is not, part of a finding."""
        data = document(content)
        if data is None:
            raise refuse(content)
        request = _wire.explain(data, offset, options_for(natural_unit(content), options))
        return results.explanation(self._call("Explain", request, timeout))

    def ping(self, payload: bytes = b"", *, timeout: float | None = None) -> results.Pong:
        """A round trip past the workers: quick whatever the load."""
        request = content_pb2.PingRequest(payload=payload).SerializeToString()
        return results.pong(self._call("Ping", request, timeout))

    def capabilities(self, *, timeout: float | None = None) -> results.Capabilities:
        """What the server can do, within which limits."""
        return results.capabilities(self._call("GetCapabilities", b"", timeout))

    def close(self) -> None:
        """Ends the calls in flight and the connections."""
        self._channel.close()
        with self._lock:
            if self._stream_channel is not None:
                self._stream_channel.close()

    def _open(self, channel_arguments: list[tuple[str, int | str]]) -> grpc.Channel:
        if self._credentials is None:
            return grpc.insecure_channel(self._target, channel_arguments)
        return grpc.secure_channel(self._target, self._credentials, channel_arguments)

    def _known_limits(self) -> results.Capabilities:
        if self._limits is None:
            self._limits = self.capabilities()
        return self._limits

    def _extract_file(self, file: Any, options: ProcessOptions | None,
                      timeout: float | None) -> results.Result:
        wire = options_for(OffsetUnit.BYTES, options)
        limit = min(self._options.unary_bytes, self._known_limits().max_content_bytes)
        parts, all_read = read_up_to(file, limit, self._options.part_bytes)
        if all_read:
            return self._extract_unary(parts, wire, timeout)
        rest = read_parts(file, self._options.part_bytes)
        return self._extract_parts(itertools.chain(parts, rest), wire, timeout)

    def _extract_unary(self, pieces: Sequence[Buffer], options: bytes,
                       timeout: float | None) -> results.Result:
        request = _wire.content(pieces, options)
        return results.result([self._call("ProcessContent", request, timeout)])

    def _extract_parts(self, parts: Iterator[Buffer], options: bytes,
                       timeout: float | None) -> results.Result:
        with self._open_stream(parts, options, timeout) as stream:
            found = tuple(stream)
            return results.with_findings(stream.result, found)

    def _open_stream(self, parts: Iterator[Buffer], options: bytes,
                     timeout: float | None) -> FindingStream:
        with self._lock:
            if self._stream_channel is None:
                self._stream_channel = self._open(stream_arguments(self._options))
        method = self._stream_channel.stream_stream(
            STREAM, None, content_pb2.ProcessContentStreamResponse.FromString)
        return FindingStream(method, parts, options,
                             deadline(timeout, self._options.stream_timeout), self._headers)

    def _call(self, method: str, request: bytes, timeout: float | None) -> Any:
        try:
            return self._methods[method](request, metadata=self._headers,
                                         timeout=deadline(timeout, self._options.timeout))
        except grpc.RpcError as error:
            raise errors.from_rpc_error(error) from None

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self.close()
