"""Large work in an event loop goes one piece in a turn."""

import asyncio
import unittest
import unittest.mock

import trawl
import trawl.aio
from trawl.v1 import content_pb2

LARGE = (128 << 10) + 1


class TurnsTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.turn = 0
        counting = asyncio.create_task(self.count_turns())
        self.addCleanup(counting.cancel)

    async def count_turns(self):
        while True:
            await asyncio.sleep(0)
            self.turn += 1

    async def turns_of(self, sizes):
        """In which turn each piece of work is done, when all ask at once."""
        turns = trawl.Turns()

        async def work(size):
            await turns.take(size)
            return self.turn

        return await asyncio.gather(*(work(size) for size in sizes))

    async def test_large_pieces_never_share_a_turn_and_keep_their_order(self):
        done = await self.turns_of([LARGE] * 20)
        self.assertEqual(done, sorted(set(done)))

    async def test_small_pieces_wait_for_none(self):
        done = await self.turns_of([LARGE, LARGE, LARGE - 1, LARGE, 0])
        self.assertEqual(done[2], done[4])
        self.assertGreater(min(done[0], done[1], done[3]), done[2])

    async def test_who_gives_up_waiting_holds_up_nobody(self):
        turns = trawl.Turns()
        waiting = [asyncio.create_task(turns.take(LARGE)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        waiting[1].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        self.assertEqual([task.cancelled() for task in waiting], [True, True, False])

    async def test_a_client_sends_and_decodes_what_is_large_in_turns(self):
        sent, decoded, all_are_sent = [], [], asyncio.Event()
        answer = content_pb2.AddContentResponse(
            status="ok", domains_found=["www.example.com"] * 10_000).SerializeToString()
        count = 8

        async def call(*_, **__):
            sent.append(self.turn)
            if len(sent) == count:
                all_are_sent.set()
            await all_are_sent.wait()
            return answer

        class Response:
            @staticmethod
            def FromString(wire):
                decoded.append(self.turn)
                return content_pb2.AddContentResponse.FromString(wire)

        async with trawl.AsyncClient("127.0.0.1:1") as client:
            client._methods["AddContent"] = call
            with unittest.mock.patch.dict(trawl.aio.RESPONSES, AddContent=Response):
                added = await asyncio.gather(*(client.add_content("x" * LARGE)
                                               for _ in range(count)))
        self.assertEqual([len(one.domains_found) for one in added], [10_000] * count)
        self.assertEqual(sent, sorted(set(sent)))
        self.assertEqual(decoded, sorted(set(decoded)))
