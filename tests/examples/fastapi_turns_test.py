"""How examples/fastapi keeps large requests from holding up small ones."""

import asyncio
import contextlib
import sys
import unittest

from fastapi_test import EXAMPLE, MISSING


@unittest.skipIf(MISSING, f"absent: {', '.join(MISSING)}; scripts/setup --dev installs them")
class TurnsTest(unittest.TestCase):
    def setUp(self):
        sys.path.insert(0, str(EXAMPLE))
        self.addCleanup(sys.path.remove, str(EXAMPLE))
        import app
        self.app = app

    def turns_of(self, sizes):
        """In which turn of the event loop each piece of work is done, when all ask at once."""
        async def count():
            self.turn = 0
            while True:
                await asyncio.sleep(0)
                self.turn += 1

        async def work(turns, size):
            await turns.take(size)
            return self.turn

        async def all_of_it():
            counting = asyncio.create_task(count())
            turns = self.app.Turns()
            done = await asyncio.gather(*(work(turns, size) for size in sizes))
            counting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await counting
            return done

        return asyncio.run(all_of_it())

    def test_large_pieces_of_work_never_share_a_turn_and_keep_their_order(self):
        done = self.turns_of([self.app.LARGE_BYTES + 1] * 20)
        self.assertEqual(done, sorted(set(done)))

    def test_small_pieces_of_work_wait_for_none(self):
        large = self.app.LARGE_BYTES + 1
        done = self.turns_of([large, large, self.app.LARGE_BYTES, large, 0])
        self.assertEqual((done[2], done[4]), (0, 0))
        self.assertGreater(min(done[0], done[1], done[3]), 0)

    def test_who_gives_up_waiting_holds_up_nobody(self):
        async def give_up():
            turns = self.app.Turns()
            waiting = [asyncio.create_task(turns.take(self.app.LARGE_BYTES + 1)) for _ in range(3)]
            await asyncio.sleep(0)
            waiting[0].cancel()
            waiting[1].cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            return [task.cancelled() for task in waiting]

        self.assertEqual(asyncio.run(asyncio.wait_for(give_up(), 60)), [True, True, False])
