"""What calls give back: plain values that never change and can be compared, hashed and pickled."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from trawl import errors
from trawl._open_enum import OpenEnum
from trawl.enums import Confidence, Kind, Reason, ResultForm, Verdict
from trawl.v1 import content_pb2


@dataclass(frozen=True, slots=True)
class Finding:
    """One occurrence: content[begin:end] is what was found, `value` the same normalised."""

    kind: Kind
    begin: int
    end: int
    value: str
    registrable_domain: str
    confidence: Confidence
    reasons: tuple[Reason, ...] = ()
    unicode_value: str | None = None


@dataclass(frozen=True, slots=True)
class DistinctValue:
    """One value, how often it occurs, where first, and how sure the surest occurrence is."""

    kind: Kind
    value: str
    registrable_domain: str
    count: int
    first_begin: int
    highest_confidence: Confidence
    unicode_value: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """One occurrence without its value."""

    kind: Kind
    begin: int
    end: int
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class KindCount:
    """Numbers of findings of one kind: all, and by confidence."""

    kind: Kind
    count: int
    low: int
    medium: int
    high: int


@dataclass(frozen=True, slots=True)
class ChunkError:
    """Bytes that could not be worked on, and why. The rest of the answer stands."""

    begin: int
    end: int
    error: errors.TrawlError


@dataclass(frozen=True, slots=True)
class Stats:
    """What the work took."""

    bytes: int
    chunks: int
    queue_time: timedelta
    compute_time: timedelta
    kernel: str


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The data that the rules ran with."""

    version: str
    public_suffix_source: str
    public_suffix_date: date | None
    unicode_version: str


@dataclass(frozen=True, slots=True)
class Result:
    """What is in one document. One of findings, distinct, spans and counts is filled, as the
    options asked; the fields are those of trawl.v1.ProcessContentResponse."""

    findings: tuple[Finding, ...]
    distinct: tuple[DistinctValue, ...]
    spans: tuple[Span, ...]
    counts: tuple[KindCount, ...]
    total_count: int
    complete: bool
    scanned_until: int
    chunk_errors: tuple[ChunkError, ...]
    stats: Stats
    ruleset: Ruleset | None


@dataclass(frozen=True, slots=True)
class AddedContent:
    """The values of what is in one text, in order, and nothing else of them. `status` is "ok", or
    "incomplete" where Result.complete would be False; `count` is Result.total_count."""

    status: str
    domains_found: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class UrlResult:
    """What is in the document at a URL, as `content`, and how it came. An answer with an HTTP error
    is one, too; the fields are those of trawl.v1.ProcessUrlResponse."""

    content: Result
    http_status: int
    media_type: str
    final_url: str
    redirects: int
    received_bytes: int
    body_bytes: int
    http_version: str
    body: bytes
    body_whole: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a byte is, or is not, part of a finding."""

    verdict: Verdict
    begin: int
    end: int
    finding: Finding | None
    ruleset: Ruleset | None


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a ping: what the server is busy with."""

    payload: bytes
    uptime: timedelta
    calls_in_flight: int
    bytes_in_flight: int
    chunks_queued: int


@dataclass(frozen=True, slots=True)
class KindReach:
    """How far a finding of one kind reaches, in bytes: what it depends on left and right of its
    begin, and how long it can be."""

    kind: Kind
    left: int
    right: int
    longest: int


@dataclass(frozen=True, slots=True)
class UrlFetching:
    """How a server fetches URLs; the fields are those of trawl.v1.UrlFetching."""

    max_timeout_ms: int
    max_body_bytes: int
    max_redirects: int
    max_included_body_bytes: int
    max_url_bytes: int
    max_header_bytes: int
    max_fetches: int
    max_fetches_per_host: int
    user_agent: str
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a server can do, within which limits. url_fetching: None where it fetches none."""

    version: str
    kinds: tuple[Kind, ...]
    result_forms: tuple[ResultForm, ...]
    max_content_bytes: int
    max_batch_documents: int
    max_chunk_count: int
    max_findings: int
    max_chunk_bytes: int
    max_calls_in_flight: int
    max_bytes_in_flight: int
    workers: int
    kernel: str
    context_bytes: int
    max_stream_buffer_bytes: int
    stream_idle_seconds: int
    max_wait_ms: int
    url_fetching: UrlFetching | None
    reaches: tuple[KindReach, ...]
    ruleset: Ruleset | None


class _Members(dict[int, Any]):
    """The members of an enum by number. As Enum(number), and several times as quick."""

    def __init__(self, members: type[OpenEnum]) -> None:
        super().__init__((member.value, member) for member in members)
        self._members = members

    def __missing__(self, number: int) -> OpenEnum:
        return self._members(number)


_KINDS = _Members(Kind)
_CONFIDENCES = _Members(Confidence)
_REASONS = _Members(Reason)


def finding(message: content_pb2.Finding) -> Finding:
    return Finding(
        _KINDS[message.kind], message.begin, message.end, message.value, message.registrable_domain,
        _CONFIDENCES[message.confidence], tuple([_REASONS[r] for r in message.reasons]),
        message.unicode_value or None)


Answer = content_pb2.ProcessContentResponse | content_pb2.ProcessContentStreamResponse


def result(messages: Iterable[Answer], ruleset_of_batch: Ruleset | None = None) -> Result:
    """Of an answer that came in one message, or of a stream in several."""
    found: list[Finding] = []
    distinct: list[DistinctValue] = []
    spans: list[Span] = []
    chunk_errors: list[ChunkError] = []
    last: Answer = content_pb2.ProcessContentResponse()
    for last in messages:
        found.extend(map(finding, last.findings))
        distinct.extend(map(_distinct, last.distinct))
        _add_spans(last.spans, spans)
        chunk_errors.extend(ChunkError(e.begin, e.end, errors.from_status(e.status))
                            for e in last.chunk_errors)
    return Result(
        tuple(found), tuple(distinct), tuple(spans),
        tuple(KindCount(_KINDS[c.kind], c.count, c.low, c.medium, c.high) for c in last.counts),
        last.total_count, last.complete, last.scanned_until,
        tuple(chunk_errors),
        Stats(last.stats.bytes, last.stats.chunks, _duration(last.stats.queue_time),
              _duration(last.stats.compute_time), last.stats.kernel),
        ruleset(last) or ruleset_of_batch)


def added(message: content_pb2.AddContentResponse) -> AddedContent:
    return AddedContent(message.status, tuple(message.domains_found), message.count)


def url_result(message: content_pb2.ProcessUrlResponse) -> UrlResult:
    same = {field.name: getattr(message, field.name) for field in fields(UrlResult)
            if field.name != "content"}
    return UrlResult(content=result([message.content]), **same)


def explanation(message: content_pb2.ExplainResponse) -> Explanation:
    return Explanation(
        Verdict(message.verdict), message.begin, message.end,
        finding(message.finding) if message.HasField("finding") else None, ruleset(message))


def pong(message: content_pb2.PingResponse) -> Pong:
    return Pong(message.payload, _duration(message.uptime), message.calls_in_flight,
                message.bytes_in_flight, message.chunks_queued)


def capabilities(message: content_pb2.GetCapabilitiesResponse) -> Capabilities:
    same = {field.name: getattr(message, field.name) for field in fields(Capabilities)
            if field.name not in ("kinds", "result_forms", "reaches", "ruleset", "url_fetching")}
    reaches = tuple(KindReach(_KINDS[reach.kind], reach.left, reach.right, reach.longest)
                    for reach in message.reaches)
    return Capabilities(kinds=tuple(map(Kind, message.kinds)),
                        result_forms=tuple(map(ResultForm, message.result_forms)),
                        reaches=reaches, ruleset=ruleset(message),
                        url_fetching=_url_fetching(message), **same)


def _url_fetching(message: content_pb2.GetCapabilitiesResponse) -> UrlFetching | None:
    if not message.HasField("url_fetching"):
        return None
    limits = message.url_fetching
    same = {field.name: getattr(limits, field.name) for field in fields(UrlFetching)
            if field.name != "ports"}
    return UrlFetching(ports=tuple(limits.ports), **same)


def ruleset(message: Any) -> Ruleset | None:
    """Of any answer that may have one."""
    if not message.HasField("ruleset"):
        return None
    rules = message.ruleset
    day = None
    if rules.HasField("public_suffix_date"):
        day = datetime.fromtimestamp(rules.public_suffix_date.seconds, timezone.utc).date()
    return Ruleset(rules.version, rules.public_suffix_source, day, rules.unicode_version)


def _distinct(message: content_pb2.DistinctValue) -> DistinctValue:
    return DistinctValue(
        _KINDS[message.kind], message.value, message.registrable_domain, message.count,
        message.first_begin, _CONFIDENCES[message.highest_confidence],
        message.unicode_value or None)


def _add_spans(columns: content_pb2.SpanColumns, spans: list[Span]) -> None:
    begin = spans[-1].begin if spans else 0
    for delta, length, kind, confidence in zip(
            columns.begin_deltas, columns.lengths, columns.kinds, columns.confidences):
        begin += delta
        spans.append(Span(_KINDS[kind], begin, begin + length, _CONFIDENCES[confidence]))


def _duration(message: Any) -> timedelta:
    return timedelta(seconds=message.seconds, microseconds=message.nanos // 1000)


def with_findings(rest: Result, found: tuple[Finding, ...]) -> Result:
    """The whole answer of a stream whose findings were taken one by one."""
    return replace(rest, findings=found)
