"""Both clients of the package behind one face, so that one test holds for both."""

import asyncio
import contextlib
import inspect

import trawl


class Awaited:
    """An AsyncClient, each of whose calls is waited for."""

    def __init__(self, loop, client):
        self._loop = loop
        self._client = client

    def __getattr__(self, name):
        method = getattr(self._client, name)

        def call(*arguments, **options):
            if inspect.iscoroutinefunction(method):
                return self._loop.run_until_complete(method(*arguments, **options))
            return AwaitedStream(self._loop, method, arguments, options)

        return call


class AwaitedStream:
    """An AsyncFindingStream, each of whose findings is waited for."""

    def __init__(self, loop, method, arguments, options):
        async def open_stream():
            return method(*arguments, **options)

        self._loop = loop
        self._stream = loop.run_until_complete(open_stream())

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return self._loop.run_until_complete(anext(self._stream))
        except StopAsyncIteration:
            raise StopIteration from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()

    def __getattr__(self, name):
        return getattr(self._stream, name)


@contextlib.contextmanager
def both(target, options=trawl.ClientOptions()):
    """The clients by name."""
    loop = asyncio.new_event_loop()

    async def make():
        return trawl.AsyncClient(target, options)

    with trawl.Client(target, options) as client, contextlib.closing(loop):
        asynchronous = loop.run_until_complete(make())
        try:
            yield {"Client": client, "AsyncClient": Awaited(loop, asynchronous)}
        finally:
            loop.run_until_complete(asynchronous.close())
