"""How channels are set up, the same for both clients."""

import ipaddress
import json
import math
import os
from collections.abc import Sequence
from typing import Any

import grpc

from trawl.options import ClientOptions
from trawl.v1 import content_pb2

DEFAULT_TARGET = "localhost:50151"
SERVICE = "trawl.v1.ContentService"
RESPONSES: dict[str, Any] = {
    "ProcessContent": content_pb2.ProcessContentResponse,
    "AddContent": content_pb2.AddContentResponse,
    "ProcessContentBatch": content_pb2.ProcessContentBatchResponse,
    "ProcessUrl": content_pb2.ProcessUrlResponse,
    "Explain": content_pb2.ExplainResponse,
    "Ping": content_pb2.PingResponse,
    "GetCapabilities": content_pb2.GetCapabilitiesResponse,
}
STREAM = f"/{SERVICE}/ProcessContentStream"

_UNLIMITED = -1
_ALL = 2**31 - 1
_KEEPALIVE_MS = 30_000
_KEEPALIVE_TIMEOUT_MS = 10_000


def target_of(targets: str | Sequence[str]) -> str:
    """The target for gRPC. Of several, each has its connection, and calls go to them in turn."""
    if isinstance(targets, str):
        return targets
    if len(targets) == 1:
        return targets[0]
    kinds = set()
    for target in targets:
        host, _, port = target.rpartition(":")
        try:
            address = ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            address = None
        if address is None or not port.isdecimal():
            raise ValueError(
                f"{target!r} is not IP:PORT, which several targets have to be; a name with several "
                "addresses is one target: 'dns:///NAME:PORT'")
        kinds.add(address.version)
    if len(kinds) != 1:
        raise ValueError("several targets have to be all of IPv4, or all of IPv6")
    return f"ipv{kinds.pop()}:{','.join(targets)}"


def arguments(options: ClientOptions) -> list[tuple[str, int | str]]:
    """Arguments for a channel."""
    made: list[tuple[str, int | str]] = [
        # Limits on messages are the server's, and checked before a message is sent.
        ("grpc.max_send_message_length", _UNLIMITED),
        ("grpc.max_receive_message_length", _UNLIMITED),
        # Else the clients of a process share connections, and so one queue of the server.
        ("grpc.use_local_subchannel_pool", 1),
        # A peer that is gone without a word ends its calls, also those without a deadline.
        ("grpc.keepalive_time_ms", _KEEPALIVE_MS),
        ("grpc.keepalive_timeout_ms", _KEEPALIVE_TIMEOUT_MS),
        ("grpc.service_config", _service_config(options)),
    ]
    if options.tls is not None and options.tls.server_name is not None:
        made.append(("grpc.default_authority", options.tls.server_name))
    if options.max_attempts > 1:
        # Beyond this buffer (256 KiB by default) gRPC gives up trying again, without a word.
        made.append(("grpc.per_rpc_retry_buffer_size", _ALL))
    else:
        made.append(("grpc.enable_retries", 0))
    return made


def _service_config(options: ClientOptions) -> str:
    config: dict[str, object] = {"loadBalancingConfig": [{"round_robin": {}}]}
    if options.max_attempts > 1:
        config["methodConfig"] = [{
            "name": [{"service": SERVICE, "method": method} for method in RESPONSES],
            "retryPolicy": {
                "maxAttempts": min(options.max_attempts, 5),
                "initialBackoff": f"{options.initial_backoff:.3f}s",
                "maxBackoff": f"{options.max_backoff:.3f}s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "CANCELLED"],
            },
        }]
    return json.dumps(config)


def stream_arguments(options: ClientOptions) -> list[tuple[str, int | str]]:
    """Arguments for a channel of streams: nothing that was sent is kept for another attempt."""
    kept = [(key, value) for key, value in arguments(options)
            if key not in ("grpc.per_rpc_retry_buffer_size", "grpc.enable_retries")]
    return [*kept, ("grpc.enable_retries", 0)]


def credentials(options: ClientOptions) -> grpc.ChannelCredentials | None:
    """None: plaintext. ValueError: options or files that do not do."""
    tls = options.tls
    if tls is None:
        return None
    if (tls.cert_file is None) != (tls.key_file is None):
        raise ValueError("cert_file and key_file go together")
    return grpc.ssl_channel_credentials(_read_pem(tls.ca_file), _read_pem(tls.key_file),
                                        _read_pem(tls.cert_file))


def _read_pem(path: str | os.PathLike[str] | None) -> bytes | None:
    if path is None:
        return None
    with open(path, "rb") as file:
        text = file.read()
    if b"-----BEGIN " not in text:
        raise ValueError(f"{os.fspath(path)} holds nothing in PEM")
    return text


def headers(options: ClientOptions) -> tuple[tuple[str, str], ...]:
    """Headers of each call. ValueError: a token that no header can hold; it is not shown."""
    if options.token is None:
        return ()
    if not (options.token.isascii() and options.token.isprintable() and options.token.strip()
            and " " not in options.token):
        raise ValueError("the token is empty, has spaces, or is no ASCII")
    return (("authorization", f"Bearer {options.token}"),)


def deadline(timeout: float | None, default: float | None) -> float | None:
    """Seconds for gRPC; None: no limit."""
    seconds = default if timeout is None else timeout
    return None if seconds == math.inf else seconds
