"""How those who load a server on their own machine keep out of the way of those who measure it.

The lowest priority is not enough. Where Linux does not preempt its own code, a thread is taken off
its processor for another only where it leaves the kernel, or at a tick of the clock, up to 4 ms
later; and only where the other has the shorter slice or this one's is over. So what loads a server
has the lowest priority and a short slice, and gives way whenever it has done a little.
"""

import ctypes
import os
import struct

import http2

_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}
_SLICE_NS = 100_000


def schedule(nice):
    """Of this process and those that it starts: its niceness, and the shortest slice there is."""
    number = _SCHED_SETATTR[os.uname().machine]
    attributes = struct.pack("=IIQiIQQQ", 48, 0, 0, nice, 0, _SLICE_NS, 0, 0)
    if ctypes.CDLL(None, use_errno=True).syscall(number, 0, attributes, 0) != 0:
        raise OSError(ctypes.get_errno(), "sched_setattr")


class Connection(http2.Connection):
    """One that gives way after each piece that it sent or took."""

    def send(self, octets):
        super().send(octets)
        os.sched_yield()

    def read(self):
        super().read()
        os.sched_yield()
