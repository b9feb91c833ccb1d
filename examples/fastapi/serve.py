"""Runs a service on loopback and prints its address as trawld does."""

import json
import socket

import uvicorn


def serve(app, port):
    """Until SIGTERM or SIGINT. Port 0: any free one."""
    # asyncio turns Nagle's algorithm off only where the socket names its protocol.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()  # so that whoever reads the address can connect
    print(json.dumps({"message": "listening",
                      "address": "127.0.0.1:%d" % listener.getsockname()[1]}), flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])
