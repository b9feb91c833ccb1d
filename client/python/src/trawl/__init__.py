"""Finds domain names and other indicators in content, with a Trawl server.

    import trawl

    with trawl.Client("localhost:50151") as client:
        for finding in client.extract("see www.example.com").findings:
            print(finding.value)

Client is for programs with threads, AsyncClient for those with an event loop. ProcessOptions says
what to find and in what form, ClientOptions how to reach the servers; failed calls raise a
TrawlError. The messages of the contract itself are in trawl.v1.
"""

from trawl.aio import AsyncClient, AsyncFindingStream
from trawl.client import Client, FindingStream
from trawl.enums import (Confidence, DefangMode, Encoding, Kind, Nesting, OffsetUnit, Reason,
                         ResultForm, UnknownTld, Verdict)
from trawl.errors import (ContentTooLargeError, DeadlineExceededError, FieldViolation,
                          InvalidRequestError, OverloadedError, PermissionDeniedError, TrawlError,
                          UnauthenticatedError, UnavailableError)
from trawl.options import ClientOptions, FetchOptions, ProcessOptions, TlsOptions
from trawl.results import (AddedContent, Capabilities, ChunkError, DistinctValue, Explanation,
                           Finding, KindCount, KindReach, Pong, Result, Ruleset, Span, Stats,
                           UrlFetching, UrlResult)
from trawl.turns import Turns

__all__ = [
    "AddedContent", "AsyncClient", "AsyncFindingStream", "Capabilities", "ChunkError", "Client",
    "ClientOptions", "Confidence", "ContentTooLargeError", "DeadlineExceededError", "DefangMode",
    "DistinctValue", "Encoding", "Explanation", "FetchOptions", "FieldViolation", "Finding",
    "FindingStream", "InvalidRequestError", "Kind", "KindCount", "KindReach", "Nesting",
    "OffsetUnit", "OverloadedError", "PermissionDeniedError", "Pong", "ProcessOptions", "Reason",
    "Result", "ResultForm", "Ruleset", "Span", "Stats", "TlsOptions", "TrawlError",
    "Turns", "UnauthenticatedError", "UnavailableError", "UnknownTld", "UrlFetching", "UrlResult",
    "Verdict",
]
