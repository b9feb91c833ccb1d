"""Runs a service on loopback and prints its address as trawld does."""

import gc
import json
import os
import signal
import socket

import uvicorn


def serve(app, port, processes=1):
    """Until SIGTERM or SIGINT. Port 0: any free one. Several processes accept from one socket; what
    a process may not share, as a channel, the app's lifespan makes."""
    # asyncio turns Nagle's algorithm off only where the socket names its protocol.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()  # so that whoever reads the address can connect
    print(json.dumps({"message": "listening",
                      "address": "127.0.0.1:%d" % listener.getsockname()[1]}), flush=True)
    # A process of libuv would else accept all connections that come at once, and the others none.
    os.environ.setdefault("UV_TCP_SINGLE_ACCEPT", "1")
    if processes > 1 and (children := fork(processes)):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: [os.kill(child, number) for child in children])
        for child in children:
            os.waitpid(child, 0)
        return
    # What is there by now stays: collections need not look at it, nor processes have copies of it.
    gc.freeze()
    config = uvicorn.Config(app, log_level="warning", access_log=False, proxy_headers=False)
    uvicorn.Server(config).run(sockets=[listener])


def fork(processes):
    """The new processes; in each of them, none."""
    children = []
    for _ in range(processes):
        children.append(os.fork())
        if children[-1] == 0:
            return []
    return children
