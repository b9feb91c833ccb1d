"""The group `fetch` of scripts/limits: a thousand slow pages at once, and large files beside curl.

The server and who pings it have normal priority. The callers of ProcessUrl and the web server that
they name have the lowest one and give way whenever they have done a little (polite.py): in life they
are on machines of their own, and a thousand answers of Python's in one moment are more work than
what the server does for them. Pings are sent by one process (small_caller.py), in turn while nothing
else goes on and while fetches do, so that both were measured on the machine as it was then.
"""

import asyncio
import multiprocessing
import os
import statistics
import tempfile
import time

import grpc
from trawl.v1 import content_pb2

import nginx
import polite
from certificates import Authority
from processes import Server
from program import Program, quantile

FETCHES = 1000
TURNS = 4
ROUNDS = 5  # of fetches, in each turn
IDLE_SECONDS = 6
PAGE = b"GET http://www.example.com/ from mail.example.org\n" * 20
FOUND = 40
METHOD = "/trawl.v1.ContentService/ProcessUrl"


async def _serve_slowly(ports, seconds):
    async def answer(reader, writer):
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(seconds)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE)
                os.sched_yield()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2 * FETCHES)
    ports.put(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _slow_server(ports, seconds):
    polite.schedule(nice=19)
    asyncio.run(_serve_slowly(ports, seconds))


def _threads(server):
    return len(os.listdir(f"/proc/{server.pid}/task"))


def _fetch_in_turns(server, url, load):
    """Pings of idle turns and of others, what the callers say of their rounds, most threads, and
    documents beside the pings of all turns."""
    idle, busy, rounds, documents, most_threads = [], [], [], [], 0
    for _ in range(TURNS):
        with Program("small_caller.py", server.address) as pings, \
                load(server, "--size=1KiB", "--rate=100", f"--duration={IDLE_SECONDS}") as small:
            pings.begin()
            documents.append(small())
            idle += pings.result()["seen"]
        with Program("small_caller.py", server.address) as pings, Program(
                "fetch_caller.py", server.address, url, FETCHES, ROUNDS, FOUND) as fetches, \
                load(server, "--size=1KiB", "--rate=100", f"--duration={ROUNDS}") as small:
            pings.begin()
            fetches.begin()
            while not fetches.ends_within(0.1):
                most_threads = max(most_threads, _threads(server))
            rounds.append(fetches.result())
            busy += pings.result()["seen"]
            documents.append(small())
    return idle, busy, rounds, most_threads, documents


def slow_pages(show, load):
    ports = multiprocessing.Queue()
    web = multiprocessing.Process(target=_slow_server, args=(ports, 1.0), daemon=True)
    web.start()
    port = ports.get()
    with Server("--enable_url_fetch=true", f"--url_port={port}", "--url_max_fetches=2000",
                "--url_max_fetches_per_host=2000", "--url_allow_network=127.0.0.0/8") as server:
        threads, before = _threads(server), server.cpu_seconds()
        idle, busy, rounds, most_threads, documents = _fetch_in_turns(
            server, f"http://127.0.0.1:{port}/", load)
        cpu = (server.cpu_seconds() - before) / (TURNS * ROUNDS)
    web.terminate()
    slowest = max(seconds for one in rounds for seconds in one["seconds"])
    answered = min(found for one in rounds for found in one["answered"])
    show(f"{FETCHES} fetches of a page that takes 1 s, slowest of {TURNS * ROUNDS} rounds",
         f"{slowest:.2f} s", "< 3 s", slowest < 3)
    show("answered with all there is, at least", str(answered), str(FETCHES), answered == FETCHES)
    show("threads meanwhile / before", f"{most_threads} / {threads}", "none for a fetch",
         most_threads < threads + 8)
    after, at_first = quantile(busy, 0.99), quantile(idle, 0.99)
    show("Ping: p99 meanwhile / idle", f"{after:.2f} / {at_first:.2f} ms = {after / at_first:.2f}",
         "<= 3", after / at_first <= 3)
    for name, pings in (("idle", idle), ("meanwhile", busy)):
        shares = ", ".join(f"p{100 * share:g} {quantile(pings, share):.2f}"
                           for share in (0.5, 0.9, 0.95, 0.99, 0.999))
        print(f"{len(pings)} pings {name}: {shares}, longest {max(pings):.2f} ms")
    errors = sum(count for one in documents for count in one["errors"].values())
    show("1 KiB documents meanwhile: errors", str(errors), "0", errors == 0)
    print(f"the server took {cpu:.2f} s of CPU for each round")


def large_files(show):
    """A file of a web log from nginx, in turn by curl and by ProcessUrl."""
    if nginx.binary() is None:
        print("nginx is absent: scripts/setup --dev")
        return
    size = 512 << 20
    line = b'10.1.2.3 - - "GET /a/b.html HTTP/1.1" 200 512 "http://www.example.com/" "Mozilla/5.0"\n'
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(folder)
        with nginx.Nginx(folder, authority) as web, Server(
                "--enable_url_fetch=true", f"--url_port={web.plain},{web.tls}",
                "--url_allow_network=127.0.0.0/8", f"--url_ca_file={authority.ca}",
                f"--url_max_body_bytes={size}") as server, \
                grpc.insecure_channel(server.address) as channel:
            with open(web.pages / "log", "wb") as file:
                file.write((line * (size // len(line) + 1))[:size])
            call = channel.unary_unary(METHOD, None, content_pb2.ProcessUrlResponse.FromString)
            for name, url in (("HTTP/1.1", web.url("/plain/log")),
                              ("HTTP/2 over TLS", web.secure_url("/plain/log"))):
                request = content_pb2.ProcessUrlRequest(url=url)
                request.options.result_form = content_pb2.RESULT_FORM_COUNTS
                rates = {"curl": [], "trawld": []}
                for _ in range(5):
                    begin = time.monotonic()
                    os.spawnvp(os.P_WAIT, "curl", ["curl", "--silent", "--cacert",
                                                   str(authority.ca), "--output", "/dev/null", url])
                    rates["curl"].append(size / (time.monotonic() - begin))
                    begin = time.monotonic()
                    answer = call(request.SerializeToString(), timeout=60)
                    rates["trawld"].append(size / (time.monotonic() - begin))
                    assert answer.content.total_count == size // len(line), answer
                curl, own = (statistics.median(rates[who]) for who in ("curl", "trawld"))
                show(f"a file of {size >> 20} MiB by {name}, with findings / curl alone",
                     f"{own / 1e9:.2f} / {curl / 1e9:.2f} GB/s = {own / curl:.2f}", ">= 0.5",
                     own / curl >= 0.5)
