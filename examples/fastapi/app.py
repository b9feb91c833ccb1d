"""The web service that people have, with Trawl behind it.

    python3 app.py --trawl localhost:50151 --port 8000

POST /addContent {"data": "..."} answers {"status", "domains_found", "count"}: every domain found, in
order. POST /upload takes a file of any size and answers the same, but with each domain once. GET
/ping answers at once.
"""

import argparse
import contextlib
import json
import math

import fastapi
import rapidjson
from starlette.requests import ClientDisconnect

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


async def read_body(request):
    """The parts of the body, or None where they are over the limit."""
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > MAX_BODY_BYTES:
            return None
    return parts


def text_of(parts):
    """What a body says is `data`. ValueError, RecursionError: it is no such body."""
    # Not by rapidjson, which brackets nested deep enough make crash.
    content = json.loads(b"".join(parts))
    if not (isinstance(content, dict) and isinstance(text := content.get("data"), str)):
        raise ValueError('the body is not {"data": "..."}')
    if not text.isascii():
        text.encode()  # JSON can hold halves of characters, which no text can
    return text


def answer(status, domains, count):
    # JSONResponse has json write it, which takes three times as long.
    return fastapi.Response(rapidjson.dumps(
        {"status": status, "domains_found": domains, "count": count}, ensure_ascii=False),
        media_type="application/json")


def failure(error):
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    headers = {}
    if status in (429, 503):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_delay or 0)))
    return fastapi.responses.JSONResponse(
        {"status": "error", "reason": error.reason or error.code.name, "detail": error.message},
        status, headers)


def service(target, options=trawl.ClientOptions()):
    # Without pages about itself, which would be looked for first with each request.
    app = fastapi.FastAPI(openapi_url=None)

    @contextlib.asynccontextmanager
    async def lifespan(_):
        # One channel for the life of the service, made in its event loop.
        async with trawl.AsyncClient(target, options) as client:
            app.state.trawl = client
            yield

    app.router.lifespan_context = lifespan

    @app.exception_handler(trawl.TrawlError)
    async def on_error(_, error):
        return failure(error)

    @app.exception_handler(ClientDisconnect)
    async def on_gone(*_):
        return fastapi.Response(status_code=400)  # for nobody, and no fault of the service

    async def add_content(request):
        parts = await read_body(request)
        if parts is None:
            return fastapi.responses.JSONResponse(
                {"status": "error", "reason": "BODY_TOO_LARGE",
                 "detail": f"the limit is {MAX_BODY_BYTES} bytes; use /upload"}, 413)
        size = sum(map(len, parts))
        # A large one in its own turn of the event loop, so that a ping waits for one, not for all.
        await app.state.trawl.turns.take(size)
        try:
            text = text_of(parts)
        except (ValueError, RecursionError) as error:
            # As FastAPI tells of it, without the body.
            fault = {"loc": ["body"], "msg": str(error), "type": "value_error"}
            return fastapi.responses.JSONResponse({"detail": [fault]}, 422)
        del parts
        added = await app.state.trawl.add_content(text)
        await app.state.trawl.turns.take(size)
        return answer(added.status, added.domains_found, added.count)

    # A route without parameters to make and check: the body is looked at above.
    app.add_route("/addContent", add_content, methods=["POST"])

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
