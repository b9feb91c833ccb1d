"""What a failed call raises.

Every error is a TrawlError and says what the server said: `code` as gRPC has it, `reason` for
programs, which `field` was wrong, `value` and `limit` where a number was over a limit, and
`retry_delay` where it makes sense to try again. The classes are for `except`:

    TrawlError
      InvalidRequestError     INVALID_ARGUMENT, OUT_OF_RANGE: the same call will fail again
        ContentTooLargeError  its content is over a limit of the server
      OverloadedError         RESOURCE_EXHAUSTED: try again after retry_delay
      UnavailableError        UNAVAILABLE: no server, or one that shuts down
      DeadlineExceededError   DEADLINE_EXCEEDED: the call's timeout is over
      UnauthenticatedError    UNAUTHENTICATED: the server wants a token, or does not know this one
      PermissionDeniedError   PERMISSION_DENIED: the token may not call this method

Errors can be pickled, so they travel through multiprocessing and Celery.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import grpc

from trawl.google.rpc import error_details_pb2, status_pb2

_CODES = {code.value[0]: code for code in grpc.StatusCode}
_DETAILS = "grpc-status-details-bin"


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """A field of a request, as "options.chunk_count", and what is wrong with it."""

    field: str
    description: str


class TrawlError(Exception):
    """A call, a document of a batch, or a chunk that failed.

    code: a grpc.StatusCode. message: for people; never holds content. reason, domain, metadata: of
    google.rpc.ErrorInfo, empty where the failure is not Trawl's own. field_violations: of
    BadRequest. retry_delay: seconds, of RetryInfo, or None.
    """

    def __init__(self, code: grpc.StatusCode, message: str, *, reason: str = "", domain: str = "",
                 metadata: Mapping[str, str] | None = None,
                 field_violations: tuple[FieldViolation, ...] = (),
                 retry_delay: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason
        self.domain = domain
        self.metadata = dict(metadata or {})
        self.field_violations = field_violations
        self.retry_delay = retry_delay

    @property
    def field(self) -> str | None:
        """The first wrong field, or None."""
        return self.field_violations[0].field if self.field_violations else None

    @property
    def value(self) -> int | None:
        """What was over `limit`, or None."""
        return self._number("value")

    @property
    def limit(self) -> int | None:
        """The limit of the server that `value` was over, or None."""
        return self._number("limit")

    def _number(self, key: str) -> int | None:
        text = self.metadata.get(key, "")
        return int(text) if text.isdecimal() else None

    def __str__(self) -> str:
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.code.name}: {self.message}{reason}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code.name, self.message, {
            "reason": self.reason, "domain": self.domain, "metadata": self.metadata,
            "field_violations": self.field_violations, "retry_delay": self.retry_delay})


class InvalidRequestError(TrawlError):
    """The request is wrong, and will be the next time."""


class ContentTooLargeError(InvalidRequestError):
    """The content has `value` bytes (or documents), and the server takes `limit`."""


class OverloadedError(TrawlError):
    """The server has as much to do as it takes; `retry_delay` says when to ask again."""


class UnavailableError(TrawlError):
    """No server answers, or the one that does is shutting down."""


class DeadlineExceededError(TrawlError):
    """The timeout passed before the answer came."""


class UnauthenticatedError(TrawlError):
    """The server wants a token that it knows: ClientOptions.token."""


class PermissionDeniedError(TrawlError):
    """The token may not call this method."""


_CLASSES: dict[grpc.StatusCode, type[TrawlError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidRequestError,
    grpc.StatusCode.OUT_OF_RANGE: InvalidRequestError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: OverloadedError,
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceededError,
    grpc.StatusCode.UNAUTHENTICATED: UnauthenticatedError,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDeniedError,
}
_TOO_LARGE = ("CONTENT_TOO_LARGE", "TOO_MANY_DOCUMENTS")


def _rebuild(kind: type[TrawlError], code: str, message: str,
             details: dict[str, Any]) -> TrawlError:
    return kind(grpc.StatusCode[code], message, **details)


def from_status(status: status_pb2.Status) -> TrawlError:
    """The error of one document (BatchResult.error) or one chunk (ChunkError.status)."""
    details: dict[str, Any] = {}
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        request = error_details_pb2.BadRequest()
        retry = error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            details.update(reason=info.reason, domain=info.domain, metadata=dict(info.metadata))
        elif detail.Unpack(request):
            details["field_violations"] = tuple(
                FieldViolation(violation.field, violation.description)
                for violation in request.field_violations)
        elif detail.Unpack(retry):
            details["retry_delay"] = retry.retry_delay.ToNanoseconds() / 1e9
    code = _CODES.get(status.code, grpc.StatusCode.UNKNOWN)
    kind = _CLASSES.get(code, TrawlError)
    if details.get("reason") in _TOO_LARGE:
        kind = ContentTooLargeError
    return kind(code, status.message, **details)


def from_rpc_error(error: Any) -> TrawlError:
    """The error of a call: of grpc.RpcError, sync or aio. Details that are missing or unreadable
    leave their fields empty."""
    status = status_pb2.Status()
    for key, value in error.trailing_metadata() or ():
        if key == _DETAILS:
            try:
                status = status_pb2.Status.FromString(value)
            except ValueError:  # DecodeError is one
                pass
    status.code = error.code().value[0]
    status.message = error.details() or ""
    return from_status(status)


def too_large(field: str, value: int, limit: int) -> ContentTooLargeError:
    """What the server would say, without sending it what it would refuse."""
    description = f"{value} bytes, the limit is {limit} bytes"
    return ContentTooLargeError(
        grpc.StatusCode.INVALID_ARGUMENT, f"{field}: {description}", reason="CONTENT_TOO_LARGE",
        domain="trawl.v1", metadata={"value": str(value), "limit": str(limit)},
        field_violations=(FieldViolation(field, description),))
