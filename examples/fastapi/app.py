"""The web service that people have, with Trawl behind it.

    python3 app.py --trawl localhost:50151 --port 8000

POST /addContent {"data": "..."} answers {"status", "domains_found", "count"}: every domain found, in
order. POST /upload takes a file of any size and answers the same, but with each domain once. GET
/ping answers at once.
"""

import argparse
import asyncio
import contextlib
import math

import fastapi
import pydantic

import trawl
from serve import serve

OPTIONS = trawl.ProcessOptions(result_form=trawl.ResultForm.DISTINCT)
# A body of JSON is in memory as a whole; what is larger is for /upload.
MAX_BODY_BYTES = 32 << 20

# What a caller is told, and with which status. The first class that fits.
STATUSES = (
    (trawl.OverloadedError, 429),
    (trawl.ContentTooLargeError, 413),
    (trawl.InvalidRequestError, 422),
    (trawl.DeadlineExceededError, 504),
    (trawl.UnavailableError, 503),
    (trawl.TrawlError, 502),
)


class Content(pydantic.BaseModel):
    data: str


async def read_body(request):
    """The body, or None where it is over the limit."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def answer(status, domains, count):
    return fastapi.responses.JSONResponse(
        {"status": status, "domains_found": domains, "count": count})


def failure(error):
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    headers = {}
    if status in (429, 503):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_delay or 0)))
    return fastapi.responses.JSONResponse(
        {"status": "error", "reason": error.reason or error.code.name, "detail": error.message},
        status, headers)


def service(target, options=trawl.ClientOptions()):
    app = fastapi.FastAPI()

    @contextlib.asynccontextmanager
    async def lifespan(_):
        # One channel for the life of the service, made in its event loop.
        async with trawl.AsyncClient(target, options) as client:
            app.state.trawl = client
            # Bodies are parsed one at a time, so that a ping waits for one and not for all.
            app.state.turn = asyncio.Lock()
            yield

    app.router.lifespan_context = lifespan

    @app.exception_handler(trawl.TrawlError)
    async def on_error(_, error):
        return failure(error)

    @app.post("/addContent")
    async def add_content(request: fastapi.Request):
        body = await read_body(request)
        if body is None:
            return fastapi.responses.JSONResponse(
                {"status": "error", "reason": "BODY_TOO_LARGE",
                 "detail": f"the limit is {MAX_BODY_BYTES} bytes; use /upload"}, 413)
        async with app.state.turn:
            try:
                content = Content.parse_raw(body)
            except pydantic.ValidationError as error:
                return fastapi.responses.JSONResponse({"detail": error.errors()}, 422)
            del body
            await asyncio.sleep(0)
        added = await app.state.trawl.add_content(content.data)
        return answer(added.status, added.domains_found, added.count)

    @app.post("/upload")
    async def upload(file: fastapi.UploadFile):
        found = await app.state.trawl.extract(file, OPTIONS)
        return answer("ok" if found.complete else "incomplete",
                      [distinct.value for distinct in found.distinct], found.total_count)

    @app.get("/ping")
    async def ping():
        return {"status": "ok"}

    return app


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trawl", default="localhost:50151", metavar="HOST:PORT")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds for each call")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--attempts", type=int, default=4, help="of each call")
    options = parser.parse_args()
    serve(service(options.trawl, trawl.ClientOptions(
        timeout=options.timeout, max_attempts=options.attempts)), options.port, options.processes)


if __name__ == "__main__":
    main()
