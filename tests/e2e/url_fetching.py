"""A trawld that fetches from the loopback interface, and a client of it."""

import contextlib

import trawl

from processes import PATIENCE, Server

LOOPBACK = "--url_allow_network=127.0.0.0/8,::1"


@contextlib.contextmanager
def fetching(*webs, flags=(LOOPBACK,), **twins):
    """A Server that fetches from the ports of `webs`, and a Client that tries nothing twice."""
    ports = ",".join(str(web.port) for web in webs) or "80"
    with Server("--enable_url_fetch=true", f"--url_port={ports}", *flags, **twins) as server, \
            trawl.Client(server.address, trawl.ClientOptions(max_attempts=1,
                                                             timeout=PATIENCE)) as client:
        yield server, client


def failure(client, url, *arguments, **options):
    """How the fetch fails: (code, reason, redirects followed)."""
    try:
        result = client.process_url(url, *arguments, **options)
    except trawl.TrawlError as error:
        text = f"{error.message} {error.metadata}"
        assert "127.0.0.1" not in text and "localhost" not in text, text
        return error.code.name, error.reason, error.metadata.get("redirects")
    raise AssertionError(f"{url} gave {result}")
