"""What Trawl takes the place of: a web service in Python with a pool of processes.

    python3 before.py --pool life --workers 2

POST /addContent {"data": "..."} finds domains by a regular expression, a part of the content in
each process of the pool; GET /ping answers at once. The pool lives as long as the service
(`life`), or is made for each request (`request`).
"""

import argparse
import asyncio
import concurrent.futures
import contextlib
import re

import fastapi
import pydantic

from serve import serve

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


def service(pool_for_request, workers):
    """`pool_for_request()`: a context that gives the pool."""
    app = fastapi.FastAPI()

    @app.post("/addContent")
    async def add_content(content: Content):
        loop = asyncio.get_running_loop()
        with pool_for_request() as pool:
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
    parser.add_argument("--pool", choices=("life", "request"), default="life")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    if options.pool == "request":
        serve(service(lambda: concurrent.futures.ProcessPoolExecutor(options.workers),
                      options.workers), options.port)
        return
    with concurrent.futures.ProcessPoolExecutor(options.workers) as pool:
        # All processes are there before the first call.
        list(pool.map(find, [""] * options.workers))
        serve(service(lambda: contextlib.nullcontext(pool), options.workers), options.port)


if __name__ == "__main__":
    main()
