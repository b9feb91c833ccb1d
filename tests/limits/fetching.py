"""The group `fetch` of scripts/limits: a thousand slow pages at once, and large files beside curl."""

import asyncio
import multiprocessing
import os
import statistics
import tempfile
import time

import grpc
from trawl.v1 import content_pb2

import nginx
from certificates import Authority
from processes import Server

FETCHES = 1000
PAGE = b"GET http://www.example.com/ from mail.example.org\n" * 20
METHOD = "/trawl.v1.ContentService/ProcessUrl"


async def _serve_slowly(ports, seconds):
    async def answer(reader, writer):
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(seconds)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2 * FETCHES)
    ports.put(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _slow_server(ports, seconds):
    asyncio.run(_serve_slowly(ports, seconds))


async def _fetch_all(address, url, count):
    """Seconds until all are answered, and how many found what is there."""
    request = content_pb2.ProcessUrlRequest(url=url).SerializeToString()
    channels = [grpc.aio.insecure_channel(address, [("grpc.use_local_subchannel_pool", 1)])
                for _ in range(10)]  # 128 calls each
    calls = [channel.unary_unary(METHOD, None, content_pb2.ProcessUrlResponse.FromString)
             for channel in channels]
    await asyncio.gather(*(channel.channel_ready() for channel in channels))
    begin = time.monotonic()
    answers = await asyncio.gather(*(calls[i % 10](request, timeout=60) for i in range(count)))
    seconds = time.monotonic() - begin
    for channel in channels:
        await channel.close()
    return seconds, sum(answer.content.total_count == 40 for answer in answers)


def _threads(server):
    return len(os.listdir(f"/proc/{server.pid}/task"))


def slow_pages(show, load, p99):
    ports = multiprocessing.Queue()
    web = multiprocessing.Process(target=_slow_server, args=(ports, 1.0), daemon=True)
    web.start()
    port = ports.get()
    url = f"http://127.0.0.1:{port}/"
    with Server("--enable_url_fetch=true", f"--url_port={port}", "--url_max_fetches=2000",
                "--url_max_fetches_per_host=2000", "--url_allow_network=127.0.0.0/8") as server:
        with load(server, "--method=ping", "--rate=200", "--duration=6") as pings:
            idle = pings()
        threads, before = _threads(server), server.cpu_seconds()
        runs, most_threads = [], 0
        with load(server, "--method=ping", "--rate=200", "--duration=6") as pings, \
                load(server, "--size=1KiB", "--rate=100", "--duration=6") as documents:
            time.sleep(0.5)
            end = time.monotonic() + 5
            while time.monotonic() < end:
                runs.append(asyncio.run(_fetch_all(server.address, url, FETCHES)))
                most_threads = max(most_threads, _threads(server))
            busy, documents = pings(), documents()
        cpu = (server.cpu_seconds() - before) / len(runs)
    web.terminate()
    slowest = max(seconds for seconds, _ in runs)
    answered = min(found for _, found in runs)
    show(f"{FETCHES} fetches of a page that takes 1 s, slowest of {len(runs)} runs",
         f"{slowest:.2f} s", "< 3 s", slowest < 3)
    show("answered with all there is", str(answered), str(FETCHES), answered == FETCHES)
    show("threads meanwhile / before", f"{most_threads} / {threads}", "none for a fetch",
         most_threads < threads + 8)
    show("Ping: p99 meanwhile / idle",
         f"{p99(busy):.2f} / {p99(idle):.2f} ms = {p99(busy) / p99(idle):.2f}", "<= 3",
         p99(busy) / p99(idle) <= 3)
    errors = sum(documents["errors"].values())
    show("1 KiB documents meanwhile: errors", str(errors), "0", errors == 0)
    print(f"their p99 {p99(documents):.2f} ms; the server took {cpu:.2f} s of CPU for each run")


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
