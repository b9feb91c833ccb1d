"""What Trawl takes the place of: a web service in Python with a pool of processes.

    python3 python_service.py --workers 2

POST /addContent {"data": "..."} finds domains by a regular expression, a part of the content in
each process of the pool, which lives as long as the service; GET /ping answers at once. The service
prints its address as trawld does.
"""

import argparse
import asyncio
import concurrent.futures
import json
import re
import socket

import fastapi
import pydantic
import uvicorn

DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.IGNORECASE)

# A smaller part costs more to hand over than to search.
MIN_PART = 16 << 10


class Content(pydantic.BaseModel):
    data: str


def find(part):
    return DOMAIN.findall(part)


def cut(data, count):
    """At most `count` parts of about the same size, cut behind white space."""
    size = max(MIN_PART, -(-len(data) // count))
    parts, begin = [], 0
    while begin < len(data):
        end = min(begin + size, len(data))
        while end < len(data) and not data[end - 1].isspace():
            end += 1
        parts.append(data[begin:end])
        begin = end
    return parts


def service(pool, workers):
    app = fastapi.FastAPI()

    @app.post("/addContent")
    async def add_content(content: Content):
        loop = asyncio.get_running_loop()
        found = await asyncio.gather(*(loop.run_in_executor(pool, find, part)
                                       for part in cut(content.data, workers)))
        domains = [domain for part in found for domain in part]
        return fastapi.responses.JSONResponse(
            {"status": "ok", "count": len(domains), "domains_found": domains})

    @app.get("/ping")
    async def ping():
        return {"status": "ok"}

    return app


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=2)
    workers = parser.parse_args().workers
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        # All processes are there before the first call.
        list(pool.map(find, [""] * workers))
        # asyncio turns Nagle's algorithm off only where the socket names its protocol.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.bind(("127.0.0.1", 0))
        print(json.dumps({"message": "listening",
                          "address": "127.0.0.1:%d" % listener.getsockname()[1]}), flush=True)
        config = uvicorn.Config(service(pool, workers), log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
