"""How an event loop stays quick for others while large content is worked on in it."""

import asyncio

_LARGE = 128 << 10


class Turns:
    """Lets large pieces of work go one in a turn of the event loop, first come first served: what is
    small, as a ping, then waits for one of them and not for all. Used inside one event loop."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def take(self, size: int) -> None:
        """Returns when it is the turn of work on so many bytes, at once where they are few. The work
        is what is done until the next await."""
        if size > _LARGE:
            async with self._lock:
                await asyncio.sleep(0)
