"""Runs a service on loopback and prints its address as trawld does."""

import gc
import json
import os
import signal
import socket

import uvicorn


def serve(app, port, processes=1):
    """Until SIGTERM or SIGINT. Port 0: any free one. What processes may not share, as a channel, the
    app's lifespan makes."""
    listeners = listen(port, processes)
    print(json.dumps({"message": "listening",
                      "address": "127.0.0.1:%d" % listeners[0].getsockname()[1]}), flush=True)
    if processes > 1 and (children := fork(listeners)):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: [os.kill(child, number) for child in children])
        for child in children:
            os.waitpid(child, 0)
        return
    # What is there by now stays: collections need not look at it, nor processes have copies of it.
    gc.freeze()
    config = uvicorn.Config(app, log_level="warning", access_log=False, proxy_headers=False)
    uvicorn.Server(config).run(sockets=listeners)


def listen(port, processes):
    """A listener for each process, all on one port: the kernel spreads connections evenly over them.
    Of processes that share a listener, one would accept most of what comes at once."""
    listeners = []
    for _ in range(processes):
        # asyncio turns Nagle's algorithm off only where the socket names its protocol.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # One process alone is told when another has the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, processes > 1)
        listener.bind(("127.0.0.1", port))
        port = listener.getsockname()[1]
        listener.listen()  # so that whoever reads the address can connect
        listeners.append(listener)
    return listeners


def fork(listeners):
    """The new processes; in each of them, none, and `listeners` is its own one alone."""
    children = []
    for own in listeners:
        children.append(os.fork())
        if children[-1] == 0:
            for other in listeners:
                if other is not own:
                    other.close()
            listeners[:] = [own]
            return []
    for listener in listeners:
        listener.close()
    return children
