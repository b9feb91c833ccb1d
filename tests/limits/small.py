"""The group `small` of scripts/limits: Ping and 1 KiB documents beside documents of 32 MiB.

What is asked is how long the server makes them wait. So those who measure have its priority, and
those who send large documents the lowest one, send little at a time and give way after it
(polite.py): in life they are on machines of their own. Names of other scripts take the workers so
long that all are busy all the time and hardly anything is sent; prose takes less to search than to
receive, so that it is the poller who is busy. A call takes until Linux has the whole answer
(small_caller.py).
"""

import contextlib
import pathlib
import statistics
import tempfile
import time

from processes import Server
from program import Program, quantile

MEBIBYTE = 1 << 20
ROUNDS = 6
SECONDS = 4
LICENSE = pathlib.Path(__file__).resolve().parent.parent.parent / "LICENSE"
NAMES = "".join(f"{chr(0x3042 + i % 83)}{chr(0x30a2 + i % 79)}{chr(0x4e00 + i)}.com "
                for i in range(1 << 12)).encode()
KINDS = (("Ping", (), 1.5), ("1 KiB document", (1024,), 2))


def _measure(server):
    """Of each kind, how long its calls took."""
    with contextlib.ExitStack() as stack:
        callers = [Program("small_caller.py", server.address, *arguments)
                   for _, arguments, _ in KINDS]
        for caller in callers:
            stack.enter_context(caller)
        for caller in callers:
            caller.begin()
        callers[0].ends_within(SECONDS)  # which it does only where it fails
        return [caller.result() for caller in callers]


def _in_turns(server, file, callers):
    idle, busy, cpus = [], [], []
    for _ in range(ROUNDS):
        idle.append(_measure(server))
        with contextlib.ExitStack() as stack:
            large = [Program("polite_caller.py", server.address, file) for _ in range(callers)]
            for caller in large:
                stack.enter_context(caller)
            begin, before = time.monotonic(), server.cpu_seconds()
            busy.append(_measure(server))
            cpus.append((server.cpu_seconds() - before) / (time.monotonic() - begin))
    return idle, busy, statistics.median(cpus)


def beside(title, text, callers, show):
    print(f"beside {callers} callers with 32 MiB of {title}:")
    with tempfile.NamedTemporaryFile() as file, Server("--max_wait_ms=60000") as server:
        file.write((text * (MEBIBYTE * 32 // len(text) + 1))[:32 * MEBIBYTE])
        file.flush()
        idle, busy, cpus = _in_turns(server, file.name, callers)
    for index, (name, _, goal) in enumerate(KINDS):
        for what, title in (("answered", f"{name}: p99"), ("seen", "  until its caller had it")):
            before, after = ([one[index][what] for one in rounds] for rounds in (idle, busy))
            at_first, then = (statistics.median(quantile(one, 0.99) for one in rounds)
                              for rounds in (before, after))
            show(f"{title}, beside them / idle",
                 f"{then:.2f} / {at_first:.2f} ms = {then / at_first:.2f}", f"<= {goal}",
                 then / at_first <= goal)
            for when, rounds in (("idle", before), ("beside", after)):
                took = sorted(sum(rounds, []))
                shares = ", ".join(f"p{100 * share:g} {quantile(took, share):.2f}"
                                   for share in (0.5, 0.9, 0.99, 0.999))
                print(f"    {len(took)} {when}: {shares}, longest {took[-1]:.2f} ms")
    print(f"the server used {cpus:.2f} CPUs meanwhile")


def small(show):
    beside("names of other scripts", NAMES, 2, show)
    beside("prose", LICENSE.read_bytes(), 4, show)
