"""What a caller can ask for: of a client, and of one call."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from trawl.enums import (Confidence, DefangMode, Encoding, Kind, Nesting, OffsetUnit, ResultForm,
                         UnknownTld)
from trawl.v1 import content_pb2


@dataclass(frozen=True, slots=True)
class ProcessOptions:
    """How to work on content. What is left out is the server's default, but for `offset_unit`.

    The fields are those of trawl.v1.ProcessOptions, where each is described in full. offset_unit
    left out: offsets count what the content is made of, so that content[f.begin:f.end] is the
    finding: code points of a str, bytes of everything else.
    """

    kinds: Sequence[Kind] = ()
    min_confidence: Confidence | None = None
    result_form: ResultForm | None = None
    chunk_count: int = 0
    max_findings: int = 0
    defang: DefangMode | None = None
    special_use: bool = False
    unknown_tld: UnknownTld | None = None
    offset_unit: OffsetUnit | None = None
    encoding: Encoding | None = None
    unicode_values: bool = False
    nesting: Nesting | None = None

    def to_message(self) -> content_pb2.ProcessOptions:
        """The message of the contract. ValueError: a number that its field cannot hold."""
        message = content_pb2.ProcessOptions()
        message.kinds.extend(self.kinds)
        for option in fields(self):
            value = getattr(self, option.name)
            if option.name != "kinds" and value is not None:
                setattr(message, option.name, value)
        return message


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How a server is to fetch a URL. What is left out is the server's limit or default.

    The fields are those of trawl.v1.FetchOptions, where each is described in full.
    """

    timeout_ms: int = 0
    max_body_bytes: int = 0
    max_redirects: int | None = None
    user_agent: str = ""
    accept_media_types: Sequence[str] = ()
    include_body: bool = False
    max_included_body_bytes: int = 0

    def to_message(self) -> content_pb2.FetchOptions:
        """The message of the contract. ValueError: a number that its field cannot hold."""
        message = content_pb2.FetchOptions()
        message.accept_media_types.extend(self.accept_media_types)
        for option in fields(self):
            value = getattr(self, option.name)
            if option.name != "accept_media_types" and value is not None:
                setattr(message, option.name, value)
        return message


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """How a connection by TLS is made. Files are in PEM, and read when the client is made.

    ca_file: CAs that the server's certificate may come from; None: those that gRPC brings.
    cert_file, key_file: what the client shows of itself. server_name: the name that the server's
    certificate has to have; None: the host of the target. Several targets need it.
    """

    ca_file: str | os.PathLike[str] | None = None
    cert_file: str | os.PathLike[str] | None = None
    key_file: str | os.PathLike[str] | None = None
    server_name: str | None = None


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How a client reaches its servers.

    timeout: seconds for each call over all its attempts; None: no limit. stream_timeout: the same
    for content that is streamed, which takes as long as it is large.
    max_attempts: of each unary call, the first included: 1 (never again) to 5. What is tried again:
    calls that failed with UNAVAILABLE, RESOURCE_EXHAUSTED or CANCELLED (what a server says that
    shuts down), after a random part of the backoff, which doubles, or when the server says. A
    stream is not tried again: its parts are gone.
    unary_bytes: files of up to so many bytes go in one message, larger ones are streamed.
    part_bytes: of the messages of a stream.
    tls: None: plaintext, for loopback addresses and trusted networks. token: a bearer token, sent
    with each call, and never shown by repr.
    """

    timeout: float | None = 30.0
    stream_timeout: float | None = None
    max_attempts: int = 4
    initial_backoff: float = 0.1
    max_backoff: float = 2.0
    unary_bytes: int = 4 << 20
    part_bytes: int = 256 << 10
    tls: TlsOptions | None = None
    token: str | None = field(default=None, repr=False)
