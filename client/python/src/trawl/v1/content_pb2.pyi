# Made from proto/ by client/python/generate: change it there.
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from trawl.google.rpc import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

CONFIDENCE_HIGH: Confidence
CONFIDENCE_LOW: Confidence
CONFIDENCE_MEDIUM: Confidence
CONFIDENCE_UNSPECIFIED: Confidence
DEFANG_MODE_AGGRESSIVE: DefangMode
DEFANG_MODE_OFF: DefangMode
DEFANG_MODE_ON: DefangMode
DEFANG_MODE_UNSPECIFIED: DefangMode
DESCRIPTOR: _descriptor.FileDescriptor
ENCODING_AUTO: Encoding
ENCODING_UNSPECIFIED: Encoding
ENCODING_UTF16BE: Encoding
ENCODING_UTF16LE: Encoding
ENCODING_UTF8: Encoding
KIND_DOMAIN: Kind
KIND_EMAIL: Kind
KIND_IPV4: Kind
KIND_IPV6: Kind
KIND_MD5: Kind
KIND_SHA1: Kind
KIND_SHA256: Kind
KIND_SHA512: Kind
KIND_UNSPECIFIED: Kind
KIND_URL: Kind
NESTING_ALL: Nesting
NESTING_DOMAINS_ONLY: Nesting
NESTING_OUTERMOST: Nesting
NESTING_UNSPECIFIED: Nesting
OFFSET_UNIT_BYTES: OffsetUnit
OFFSET_UNIT_CODE_POINTS: OffsetUnit
OFFSET_UNIT_UNSPECIFIED: OffsetUnit
OFFSET_UNIT_UTF16_UNITS: OffsetUnit
REASON_ANCHORED: Reason
REASON_AT_WITHOUT_LOCAL_PART: Reason
REASON_BARE: Reason
REASON_CODE: Reason
REASON_DEFANGED: Reason
REASON_DOTTED_WORDS: Reason
REASON_ESCAPED_DOT: Reason
REASON_EVIDENCE: Reason
REASON_FILE_TLD: Reason
REASON_HIDDEN: Reason
REASON_HYPHEN_CUT: Reason
REASON_LEFT_CUT: Reason
REASON_MESSAGE_ID: Reason
REASON_MIXED_SCRIPT: Reason
REASON_NEXT_TO_INVALID: Reason
REASON_NUMERIC_LABEL: Reason
REASON_OBFUSCATED: Reason
REASON_PATH: Reason
REASON_PUBLIC_SUFFIX: Reason
REASON_REPETITIVE: Reason
REASON_REVERSE_DNS: Reason
REASON_RIGHT_CUT: Reason
REASON_SCHEME_RELATIVE: Reason
REASON_SCRIPT_CUT: Reason
REASON_SHORT_LABEL: Reason
REASON_SPECIAL_USE: Reason
REASON_TITLE_CASE_TLD: Reason
REASON_TRAILING_DOT: Reason
REASON_TRUNCATED: Reason
REASON_UNDERSCORE_CUT: Reason
REASON_UNDERSCORE_TRIMMED: Reason
REASON_UNICODE_DOT: Reason
REASON_UNKNOWN_TLD: Reason
REASON_UNSPECIFIED: Reason
REASON_VERSION_LIKE: Reason
REASON_WILDCARD: Reason
REASON_WORD_TLD: Reason
RESULT_FORM_COUNTS: ResultForm
RESULT_FORM_DISTINCT: ResultForm
RESULT_FORM_FINDINGS: ResultForm
RESULT_FORM_SPANS: ResultForm
RESULT_FORM_UNSPECIFIED: ResultForm
UNKNOWN_TLD_IN_URLS: UnknownTld
UNKNOWN_TLD_NOWHERE: UnknownTld
UNKNOWN_TLD_UNSPECIFIED: UnknownTld
VERDICT_BELOW_MIN_CONFIDENCE: Verdict
VERDICT_DIGITS_AFTER_TLD: Verdict
VERDICT_FEWER_THAN_TWO_LABELS: Verdict
VERDICT_FINDING: Verdict
VERDICT_INVALID_REGISTRABLE_LABEL: Verdict
VERDICT_LOCAL_PART: Verdict
VERDICT_NO_DOT: Verdict
VERDICT_NO_TLD: Verdict
VERDICT_OUTSIDE_HOST: Verdict
VERDICT_PUBLIC_SUFFIX: Verdict
VERDICT_SEPARATOR: Verdict
VERDICT_SPECIAL_USE: Verdict
VERDICT_TAIL_TOO_LONG: Verdict
VERDICT_TOO_LONG: Verdict
VERDICT_UNKNOWN_TLD_NOT_IN_URL: Verdict
VERDICT_UNSPECIFIED: Verdict
VERDICT_USERINFO: Verdict

class AddContentRequest(_message.Message):
    __slots__ = ["data"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: str
    def __init__(self, data: _Optional[str] = ...) -> None: ...

class AddContentResponse(_message.Message):
    __slots__ = ["count", "domains_found", "status"]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    DOMAINS_FOUND_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    count: int
    domains_found: _containers.RepeatedScalarFieldContainer[str]
    status: str
    def __init__(self, status: _Optional[str] = ..., domains_found: _Optional[_Iterable[str]] = ..., count: _Optional[int] = ...) -> None: ...

class BatchDocument(_message.Message):
    __slots__ = ["data", "text"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    text: str
    def __init__(self, data: _Optional[bytes] = ..., text: _Optional[str] = ...) -> None: ...

class BatchResult(_message.Message):
    __slots__ = ["error", "response"]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    error: _status_pb2.Status
    response: ProcessContentResponse
    def __init__(self, response: _Optional[_Union[ProcessContentResponse, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class ChunkError(_message.Message):
    __slots__ = ["begin", "end", "status"]
    BEGIN_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    begin: int
    end: int
    status: _status_pb2.Status
    def __init__(self, begin: _Optional[int] = ..., end: _Optional[int] = ..., status: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class DistinctValue(_message.Message):
    __slots__ = ["count", "first_begin", "highest_confidence", "kind", "registrable_domain", "unicode_value", "value"]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    FIRST_BEGIN_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REGISTRABLE_DOMAIN_FIELD_NUMBER: _ClassVar[int]
    UNICODE_VALUE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    count: int
    first_begin: int
    highest_confidence: Confidence
    kind: Kind
    registrable_domain: str
    unicode_value: str
    value: str
    def __init__(self, kind: _Optional[_Union[Kind, str]] = ..., value: _Optional[str] = ..., registrable_domain: _Optional[str] = ..., count: _Optional[int] = ..., first_begin: _Optional[int] = ..., highest_confidence: _Optional[_Union[Confidence, str]] = ..., unicode_value: _Optional[str] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ["data", "offset", "options", "text"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    offset: int
    options: ProcessOptions
    text: str
    def __init__(self, data: _Optional[bytes] = ..., text: _Optional[str] = ..., options: _Optional[_Union[ProcessOptions, _Mapping]] = ..., offset: _Optional[int] = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ["begin", "end", "finding", "ruleset", "verdict"]
    BEGIN_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    RULESET_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    begin: int
    end: int
    finding: Finding
    ruleset: Ruleset
    verdict: Verdict
    def __init__(self, verdict: _Optional[_Union[Verdict, str]] = ..., begin: _Optional[int] = ..., end: _Optional[int] = ..., finding: _Optional[_Union[Finding, _Mapping]] = ..., ruleset: _Optional[_Union[Ruleset, _Mapping]] = ...) -> None: ...

class FetchOptions(_message.Message):
    __slots__ = ["accept_media_types", "include_body", "max_body_bytes", "max_included_body_bytes", "max_redirects", "timeout_ms", "user_agent"]
    ACCEPT_MEDIA_TYPES_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_BODY_FIELD_NUMBER: _ClassVar[int]
    MAX_BODY_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_INCLUDED_BODY_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_REDIRECTS_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    USER_AGENT_FIELD_NUMBER: _ClassVar[int]
    accept_media_types: _containers.RepeatedScalarFieldContainer[str]
    include_body: bool
    max_body_bytes: int
    max_included_body_bytes: int
    max_redirects: int
    timeout_ms: int
    user_agent: str
    def __init__(self, timeout_ms: _Optional[int] = ..., max_body_bytes: _Optional[int] = ..., max_redirects: _Optional[int] = ..., user_agent: _Optional[str] = ..., accept_media_types: _Optional[_Iterable[str]] = ..., include_body: bool = ..., max_included_body_bytes: _Optional[int] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ["begin", "confidence", "end", "kind", "reasons", "registrable_domain", "unicode_value", "value"]
    BEGIN_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    REGISTRABLE_DOMAIN_FIELD_NUMBER: _ClassVar[int]
    UNICODE_VALUE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    begin: int
    confidence: Confidence
    end: int
    kind: Kind
    reasons: _containers.RepeatedScalarFieldContainer[Reason]
    registrable_domain: str
    unicode_value: str
    value: str
    def __init__(self, kind: _Optional[_Union[Kind, str]] = ..., begin: _Optional[int] = ..., end: _Optional[int] = ..., value: _Optional[str] = ..., registrable_domain: _Optional[str] = ..., confidence: _Optional[_Union[Confidence, str]] = ..., reasons: _Optional[_Iterable[_Union[Reason, str]]] = ..., unicode_value: _Optional[str] = ...) -> None: ...

class GetCapabilitiesRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GetCapabilitiesResponse(_message.Message):
    __slots__ = ["context_bytes", "defaults", "kernel", "kinds", "max_batch_documents", "max_bytes_in_flight", "max_calls_in_flight", "max_chunk_bytes", "max_chunk_count", "max_content_bytes", "max_findings", "max_stream_buffer_bytes", "max_wait_ms", "reaches", "result_forms", "ruleset", "stream_idle_seconds", "url_fetching", "version", "workers"]
    CONTEXT_BYTES_FIELD_NUMBER: _ClassVar[int]
    DEFAULTS_FIELD_NUMBER: _ClassVar[int]
    KERNEL_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    MAX_BATCH_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    MAX_BYTES_IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
    MAX_CALLS_IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
    MAX_CHUNK_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_CHUNK_COUNT_FIELD_NUMBER: _ClassVar[int]
    MAX_CONTENT_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_FINDINGS_FIELD_NUMBER: _ClassVar[int]
    MAX_STREAM_BUFFER_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_WAIT_MS_FIELD_NUMBER: _ClassVar[int]
    REACHES_FIELD_NUMBER: _ClassVar[int]
    RESULT_FORMS_FIELD_NUMBER: _ClassVar[int]
    RULESET_FIELD_NUMBER: _ClassVar[int]
    STREAM_IDLE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    URL_FETCHING_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WORKERS_FIELD_NUMBER: _ClassVar[int]
    context_bytes: int
    defaults: ProcessOptions
    kernel: str
    kinds: _containers.RepeatedScalarFieldContainer[Kind]
    max_batch_documents: int
    max_bytes_in_flight: int
    max_calls_in_flight: int
    max_chunk_bytes: int
    max_chunk_count: int
    max_content_bytes: int
    max_findings: int
    max_stream_buffer_bytes: int
    max_wait_ms: int
    reaches: _containers.RepeatedCompositeFieldContainer[KindReach]
    result_forms: _containers.RepeatedScalarFieldContainer[ResultForm]
    ruleset: Ruleset
    stream_idle_seconds: int
    url_fetching: UrlFetching
    version: str
    workers: int
    def __init__(self, version: _Optional[str] = ..., kinds: _Optional[_Iterable[_Union[Kind, str]]] = ..., result_forms: _Optional[_Iterable[_Union[ResultForm, str]]] = ..., defaults: _Optional[_Union[ProcessOptions, _Mapping]] = ..., max_content_bytes: _Optional[int] = ..., max_batch_documents: _Optional[int] = ..., max_chunk_count: _Optional[int] = ..., max_findings: _Optional[int] = ..., max_chunk_bytes: _Optional[int] = ..., max_calls_in_flight: _Optional[int] = ..., max_bytes_in_flight: _Optional[int] = ..., workers: _Optional[int] = ..., kernel: _Optional[str] = ..., context_bytes: _Optional[int] = ..., ruleset: _Optional[_Union[Ruleset, _Mapping]] = ..., max_stream_buffer_bytes: _Optional[int] = ..., stream_idle_seconds: _Optional[int] = ..., max_wait_ms: _Optional[int] = ..., url_fetching: _Optional[_Union[UrlFetching, _Mapping]] = ..., reaches: _Optional[_Iterable[_Union[KindReach, _Mapping]]] = ...) -> None: ...

class KindCount(_message.Message):
    __slots__ = ["count", "high", "kind", "low", "medium"]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    MEDIUM_FIELD_NUMBER: _ClassVar[int]
    count: int
    high: int
    kind: Kind
    low: int
    medium: int
    def __init__(self, kind: _Optional[_Union[Kind, str]] = ..., count: _Optional[int] = ..., low: _Optional[int] = ..., medium: _Optional[int] = ..., high: _Optional[int] = ...) -> None: ...

class KindReach(_message.Message):
    __slots__ = ["kind", "left", "longest", "right"]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    LONGEST_FIELD_NUMBER: _ClassVar[int]
    RIGHT_FIELD_NUMBER: _ClassVar[int]
    kind: Kind
    left: int
    longest: int
    right: int
    def __init__(self, kind: _Optional[_Union[Kind, str]] = ..., left: _Optional[int] = ..., right: _Optional[int] = ..., longest: _Optional[int] = ...) -> None: ...

class PingRequest(_message.Message):
    __slots__ = ["payload"]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    payload: bytes
    def __init__(self, payload: _Optional[bytes] = ...) -> None: ...

class PingResponse(_message.Message):
    __slots__ = ["bytes_in_flight", "calls_in_flight", "chunks_queued", "payload", "uptime"]
    BYTES_IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
    CALLS_IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_QUEUED_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    UPTIME_FIELD_NUMBER: _ClassVar[int]
    bytes_in_flight: int
    calls_in_flight: int
    chunks_queued: int
    payload: bytes
    uptime: _duration_pb2.Duration
    def __init__(self, payload: _Optional[bytes] = ..., uptime: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., calls_in_flight: _Optional[int] = ..., bytes_in_flight: _Optional[int] = ..., chunks_queued: _Optional[int] = ...) -> None: ...

class ProcessContentBatchRequest(_message.Message):
    __slots__ = ["documents", "options"]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[BatchDocument]
    options: ProcessOptions
    def __init__(self, documents: _Optional[_Iterable[_Union[BatchDocument, _Mapping]]] = ..., options: _Optional[_Union[ProcessOptions, _Mapping]] = ...) -> None: ...

class ProcessContentBatchResponse(_message.Message):
    __slots__ = ["results", "ruleset"]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    RULESET_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchResult]
    ruleset: Ruleset
    def __init__(self, results: _Optional[_Iterable[_Union[BatchResult, _Mapping]]] = ..., ruleset: _Optional[_Union[Ruleset, _Mapping]] = ...) -> None: ...

class ProcessContentRequest(_message.Message):
    __slots__ = ["data", "options", "text"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    options: ProcessOptions
    text: str
    def __init__(self, data: _Optional[bytes] = ..., text: _Optional[str] = ..., options: _Optional[_Union[ProcessOptions, _Mapping]] = ...) -> None: ...

class ProcessContentResponse(_message.Message):
    __slots__ = ["chunk_errors", "complete", "counts", "distinct", "findings", "ruleset", "scanned_until", "spans", "stats", "total_count"]
    CHUNK_ERRORS_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    DISTINCT_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    RULESET_FIELD_NUMBER: _ClassVar[int]
    SCANNED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    STATS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    chunk_errors: _containers.RepeatedCompositeFieldContainer[ChunkError]
    complete: bool
    counts: _containers.RepeatedCompositeFieldContainer[KindCount]
    distinct: _containers.RepeatedCompositeFieldContainer[DistinctValue]
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    ruleset: Ruleset
    scanned_until: int
    spans: SpanColumns
    stats: Stats
    total_count: int
    def __init__(self, findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., distinct: _Optional[_Iterable[_Union[DistinctValue, _Mapping]]] = ..., spans: _Optional[_Union[SpanColumns, _Mapping]] = ..., counts: _Optional[_Iterable[_Union[KindCount, _Mapping]]] = ..., total_count: _Optional[int] = ..., complete: bool = ..., scanned_until: _Optional[int] = ..., chunk_errors: _Optional[_Iterable[_Union[ChunkError, _Mapping]]] = ..., stats: _Optional[_Union[Stats, _Mapping]] = ..., ruleset: _Optional[_Union[Ruleset, _Mapping]] = ...) -> None: ...

class ProcessContentStreamRequest(_message.Message):
    __slots__ = ["data", "options"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    options: ProcessOptions
    def __init__(self, options: _Optional[_Union[ProcessOptions, _Mapping]] = ..., data: _Optional[bytes] = ...) -> None: ...

class ProcessContentStreamResponse(_message.Message):
    __slots__ = ["chunk_errors", "complete", "counts", "distinct", "findings", "ruleset", "scanned_until", "searched_bytes", "spans", "stats", "total_count"]
    CHUNK_ERRORS_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    DISTINCT_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    RULESET_FIELD_NUMBER: _ClassVar[int]
    SCANNED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    SEARCHED_BYTES_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    STATS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    chunk_errors: _containers.RepeatedCompositeFieldContainer[ChunkError]
    complete: bool
    counts: _containers.RepeatedCompositeFieldContainer[KindCount]
    distinct: _containers.RepeatedCompositeFieldContainer[DistinctValue]
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    ruleset: Ruleset
    scanned_until: int
    searched_bytes: int
    spans: SpanColumns
    stats: Stats
    total_count: int
    def __init__(self, findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., distinct: _Optional[_Iterable[_Union[DistinctValue, _Mapping]]] = ..., spans: _Optional[_Union[SpanColumns, _Mapping]] = ..., counts: _Optional[_Iterable[_Union[KindCount, _Mapping]]] = ..., total_count: _Optional[int] = ..., complete: bool = ..., scanned_until: _Optional[int] = ..., chunk_errors: _Optional[_Iterable[_Union[ChunkError, _Mapping]]] = ..., stats: _Optional[_Union[Stats, _Mapping]] = ..., ruleset: _Optional[_Union[Ruleset, _Mapping]] = ..., searched_bytes: _Optional[int] = ...) -> None: ...

class ProcessOptions(_message.Message):
    __slots__ = ["chunk_count", "defang", "encoding", "kinds", "max_findings", "min_confidence", "nesting", "offset_unit", "result_form", "special_use", "unicode_values", "unknown_tld"]
    CHUNK_COUNT_FIELD_NUMBER: _ClassVar[int]
    DEFANG_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    MAX_FINDINGS_FIELD_NUMBER: _ClassVar[int]
    MIN_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    NESTING_FIELD_NUMBER: _ClassVar[int]
    OFFSET_UNIT_FIELD_NUMBER: _ClassVar[int]
    RESULT_FORM_FIELD_NUMBER: _ClassVar[int]
    SPECIAL_USE_FIELD_NUMBER: _ClassVar[int]
    UNICODE_VALUES_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_TLD_FIELD_NUMBER: _ClassVar[int]
    chunk_count: int
    defang: DefangMode
    encoding: Encoding
    kinds: _containers.RepeatedScalarFieldContainer[Kind]
    max_findings: int
    min_confidence: Confidence
    nesting: Nesting
    offset_unit: OffsetUnit
    result_form: ResultForm
    special_use: bool
    unicode_values: bool
    unknown_tld: UnknownTld
    def __init__(self, kinds: _Optional[_Iterable[_Union[Kind, str]]] = ..., min_confidence: _Optional[_Union[Confidence, str]] = ..., result_form: _Optional[_Union[ResultForm, str]] = ..., chunk_count: _Optional[int] = ..., max_findings: _Optional[int] = ..., defang: _Optional[_Union[DefangMode, str]] = ..., special_use: bool = ..., unknown_tld: _Optional[_Union[UnknownTld, str]] = ..., offset_unit: _Optional[_Union[OffsetUnit, str]] = ..., encoding: _Optional[_Union[Encoding, str]] = ..., unicode_values: bool = ..., nesting: _Optional[_Union[Nesting, str]] = ...) -> None: ...

class ProcessUrlRequest(_message.Message):
    __slots__ = ["fetch", "options", "url"]
    FETCH_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    fetch: FetchOptions
    options: ProcessOptions
    url: str
    def __init__(self, url: _Optional[str] = ..., options: _Optional[_Union[ProcessOptions, _Mapping]] = ..., fetch: _Optional[_Union[FetchOptions, _Mapping]] = ...) -> None: ...

class ProcessUrlResponse(_message.Message):
    __slots__ = ["body", "body_bytes", "body_whole", "content", "final_url", "http_status", "http_version", "media_type", "received_bytes", "redirects"]
    BODY_BYTES_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    BODY_WHOLE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    FINAL_URL_FIELD_NUMBER: _ClassVar[int]
    HTTP_STATUS_FIELD_NUMBER: _ClassVar[int]
    HTTP_VERSION_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_BYTES_FIELD_NUMBER: _ClassVar[int]
    REDIRECTS_FIELD_NUMBER: _ClassVar[int]
    body: bytes
    body_bytes: int
    body_whole: bool
    content: ProcessContentResponse
    final_url: str
    http_status: int
    http_version: str
    media_type: str
    received_bytes: int
    redirects: int
    def __init__(self, content: _Optional[_Union[ProcessContentResponse, _Mapping]] = ..., http_status: _Optional[int] = ..., media_type: _Optional[str] = ..., final_url: _Optional[str] = ..., redirects: _Optional[int] = ..., received_bytes: _Optional[int] = ..., body_bytes: _Optional[int] = ..., http_version: _Optional[str] = ..., body: _Optional[bytes] = ..., body_whole: bool = ...) -> None: ...

class Ruleset(_message.Message):
    __slots__ = ["public_suffix_date", "public_suffix_source", "unicode_version", "version"]
    PUBLIC_SUFFIX_DATE_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_SUFFIX_SOURCE_FIELD_NUMBER: _ClassVar[int]
    UNICODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    public_suffix_date: _timestamp_pb2.Timestamp
    public_suffix_source: str
    unicode_version: str
    version: str
    def __init__(self, version: _Optional[str] = ..., public_suffix_source: _Optional[str] = ..., public_suffix_date: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., unicode_version: _Optional[str] = ...) -> None: ...

class SpanColumns(_message.Message):
    __slots__ = ["begin_deltas", "confidences", "kinds", "lengths"]
    BEGIN_DELTAS_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCES_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    LENGTHS_FIELD_NUMBER: _ClassVar[int]
    begin_deltas: _containers.RepeatedScalarFieldContainer[int]
    confidences: _containers.RepeatedScalarFieldContainer[Confidence]
    kinds: _containers.RepeatedScalarFieldContainer[Kind]
    lengths: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, begin_deltas: _Optional[_Iterable[int]] = ..., lengths: _Optional[_Iterable[int]] = ..., kinds: _Optional[_Iterable[_Union[Kind, str]]] = ..., confidences: _Optional[_Iterable[_Union[Confidence, str]]] = ...) -> None: ...

class Stats(_message.Message):
    __slots__ = ["bytes", "chunks", "compute_time", "kernel", "queue_time"]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    COMPUTE_TIME_FIELD_NUMBER: _ClassVar[int]
    KERNEL_FIELD_NUMBER: _ClassVar[int]
    QUEUE_TIME_FIELD_NUMBER: _ClassVar[int]
    bytes: int
    chunks: int
    compute_time: _duration_pb2.Duration
    kernel: str
    queue_time: _duration_pb2.Duration
    def __init__(self, bytes: _Optional[int] = ..., chunks: _Optional[int] = ..., queue_time: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., compute_time: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., kernel: _Optional[str] = ...) -> None: ...

class UrlFetching(_message.Message):
    __slots__ = ["max_body_bytes", "max_fetches", "max_fetches_per_host", "max_header_bytes", "max_included_body_bytes", "max_redirects", "max_timeout_ms", "max_url_bytes", "ports", "user_agent"]
    MAX_BODY_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_FETCHES_FIELD_NUMBER: _ClassVar[int]
    MAX_FETCHES_PER_HOST_FIELD_NUMBER: _ClassVar[int]
    MAX_HEADER_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_INCLUDED_BODY_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_REDIRECTS_FIELD_NUMBER: _ClassVar[int]
    MAX_TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_URL_BYTES_FIELD_NUMBER: _ClassVar[int]
    PORTS_FIELD_NUMBER: _ClassVar[int]
    USER_AGENT_FIELD_NUMBER: _ClassVar[int]
    max_body_bytes: int
    max_fetches: int
    max_fetches_per_host: int
    max_header_bytes: int
    max_included_body_bytes: int
    max_redirects: int
    max_timeout_ms: int
    max_url_bytes: int
    ports: _containers.RepeatedScalarFieldContainer[int]
    user_agent: str
    def __init__(self, max_timeout_ms: _Optional[int] = ..., max_body_bytes: _Optional[int] = ..., max_redirects: _Optional[int] = ..., max_included_body_bytes: _Optional[int] = ..., max_url_bytes: _Optional[int] = ..., max_header_bytes: _Optional[int] = ..., max_fetches: _Optional[int] = ..., max_fetches_per_host: _Optional[int] = ..., user_agent: _Optional[str] = ..., ports: _Optional[_Iterable[int]] = ...) -> None: ...

class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Nesting(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Confidence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ResultForm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class DefangMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class UnknownTld(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class OffsetUnit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Encoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Reason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
