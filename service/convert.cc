#include "service/convert.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/slice.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "compute/distinct.h"
#include "google/protobuf/unknown_field_set.h"
#include "google/protobuf/util/time_util.h"
#include "google/rpc/error_details.pb.h"
#include "service/error.h"

namespace trawl::service {
namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;
using google::protobuf::util::TimeUtil;

static_assert(static_cast<int>(compute::Kind::kDomain) == v1::KIND_DOMAIN);
static_assert(static_cast<int>(compute::Confidence::kLow) == v1::CONFIDENCE_LOW);
static_assert(static_cast<int>(compute::Confidence::kHigh) == v1::CONFIDENCE_HIGH);
static_assert(static_cast<int>(compute::Reason::kAnchored) == v1::REASON_ANCHORED);
static_assert(static_cast<int>(compute::Reason::kLeftCut) == v1::REASON_LEFT_CUT);
static_assert(compute::kMaxReason == v1::Reason_MAX);

// Field numbers that Parse walks by.
constexpr int kText = v1::ProcessContentRequest::kTextFieldNumber;
static_assert(kText == v1::BatchDocument::kTextFieldNumber);

bool ParseBytes(grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  return grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(&bytes,
                                                                                      &message)
      .ok();
}

// protobuf checks UTF-8 when it parses a string: the bytes are given the tag of one.
bool IsUtf8(const std::string& bytes) {
  v1::BatchDocument document;
  document.set_data(bytes);
  std::string wire = document.SerializeAsString();
  wire[0] = static_cast<char>(kText << 3 | 2);
  return document.ParseFromString(wire);
}

// Why a message with a `text` field did not parse: `wire` holds the same bytes as unknown fields.
absl::Status ExplainUnparsed(const UnknownFieldSet& wire, const std::string& path,
                             const std::string& type) {
  for (int i = 0; i < wire.field_count(); ++i) {
    const UnknownField& field = wire.field(i);
    if (field.number() == kText && field.type() == UnknownField::TYPE_LENGTH_DELIMITED &&
        !IsUtf8(field.length_delimited())) {
      return InvalidField("TEXT_NOT_UTF8", absl::StrCat(path, "text"),
                          "not valid UTF-8; send bytes of any other kind as data");
    }
  }
  return Malformed(type);
}

absl::Status CheckEnum(const std::string& field, int value, bool valid) {
  if (valid) return absl::OkStatus();
  return InvalidField("UNKNOWN_VALUE", field, absl::StrCat(value, " is no value of it"),
                      {{"value", absl::StrCat(value)}});
}

absl::Status Check(const v1::ProcessOptions& options, const RequestLimits& limits,
                   ContentOptions& checked) {
  if (options.kinds_size() > static_cast<int>(limits.max_kinds)) {
    return OverLimit("TOO_MANY_KINDS", "options.kinds", options.kinds_size(), limits.max_kinds,
                     "entries");
  }
  if (options.kinds_size() > 0) checked.process.kinds.clear();
  for (int i = 0; i < options.kinds_size(); ++i) {
    int kind = options.kinds(i);
    absl::Status status = CheckEnum(absl::StrCat("options.kinds[", i, "]"), kind,
                                    v1::Kind_IsValid(kind) && kind != v1::KIND_UNSPECIFIED);
    if (!status.ok()) return status;
    checked.process.kinds.push_back(static_cast<compute::Kind>(kind));
  }
  std::sort(checked.process.kinds.begin(), checked.process.kinds.end());
  checked.process.kinds.erase(
      std::unique(checked.process.kinds.begin(), checked.process.kinds.end()),
      checked.process.kinds.end());

  int confidence = options.min_confidence();
  absl::Status status =
      CheckEnum("options.min_confidence", confidence, v1::Confidence_IsValid(confidence));
  if (!status.ok()) return status;
  if (confidence != v1::CONFIDENCE_UNSPECIFIED) {
    checked.process.scan.min_confidence = static_cast<compute::Confidence>(confidence);
  }

  int form = options.result_form();
  status = CheckEnum("options.result_form", form, v1::ResultForm_IsValid(form));
  if (!status.ok()) return status;
  if (form != v1::RESULT_FORM_UNSPECIFIED) checked.result_form = options.result_form();

  if (options.chunk_count() > limits.max_chunk_count) {
    return OverLimit("CHUNK_COUNT_TOO_LARGE", "options.chunk_count", options.chunk_count(),
                     limits.max_chunk_count, "chunks");
  }
  checked.process.chunk_count = options.chunk_count();

  if (options.max_findings() > limits.max_findings) {
    return OverLimit("MAX_FINDINGS_TOO_LARGE", "options.max_findings", options.max_findings(),
                     limits.max_findings, "findings");
  }
  checked.max_findings = options.max_findings() == 0 ? limits.max_findings : options.max_findings();
  return absl::OkStatus();
}

template <typename Message>
std::string_view Content(const Message& message) {
  return message.has_text() ? message.text() : message.data();
}

google::protobuf::Duration ToProto(std::chrono::nanoseconds time) {
  return TimeUtil::NanosecondsToDuration(time.count());
}

void FillFinding(const compute::FindingList& list, const compute::Finding& finding,
                 v1::Finding& proto) {
  proto.set_kind(static_cast<v1::Kind>(finding.kind));
  proto.set_begin(finding.begin);
  proto.set_end(finding.end);
  std::string_view value = list.value(finding);
  proto.set_value(value.data(), value.size());
  std::string_view registrable = list.registrable_domain(finding);
  proto.set_registrable_domain(registrable.data(), registrable.size());
  proto.set_confidence(static_cast<v1::Confidence>(finding.confidence));
  for (int reason = 1; reason <= compute::kMaxReason; ++reason) {
    if (finding.reasons.Has(static_cast<compute::Reason>(reason))) {
      proto.add_reasons(static_cast<v1::Reason>(reason));
    }
  }
}

// Calls add(list, finding) for the first `most` findings. Returns where the first one that was
// left out begins, or the end of the document.
template <typename Add>
uint64_t ForFirst(const compute::Report& report, uint32_t most, Add add) {
  uint32_t count = 0;
  for (const compute::FindingList& list : report.chunks) {
    for (const compute::Finding& finding : list) {
      if (count++ == most) return finding.begin;
      add(list, finding);
    }
  }
  return report.bytes;
}

uint64_t FillFindings(const compute::Report& report, uint32_t most,
                      v1::ProcessContentResponse& response) {
  response.mutable_findings()->Reserve(
      static_cast<int>(std::min<uint64_t>(report.total_count, most)));
  return ForFirst(report, most,
                  [&](const compute::FindingList& list, const compute::Finding& finding) {
                    FillFinding(list, finding, *response.add_findings());
                  });
}

uint64_t FillSpans(const compute::Report& report, uint32_t most,
                   v1::ProcessContentResponse& response) {
  v1::SpanColumns& spans = *response.mutable_spans();
  uint64_t previous = 0;
  return ForFirst(report, most, [&](const compute::FindingList&, const compute::Finding& finding) {
    spans.add_begin_deltas(finding.begin - previous);
    spans.add_lengths(static_cast<uint32_t>(finding.end - finding.begin));
    spans.add_kinds(static_cast<v1::Kind>(finding.kind));
    spans.add_confidences(static_cast<v1::Confidence>(finding.confidence));
    previous = finding.begin;
  });
}

uint64_t FillDistinct(const compute::Report& report, uint32_t most,
                      v1::ProcessContentResponse& response) {
  for (const compute::DistinctValue& value : compute::DistinctValues(report)) {
    if (response.distinct_size() == static_cast<int>(most)) return value.first_begin;
    v1::DistinctValue& proto = *response.add_distinct();
    proto.set_kind(static_cast<v1::Kind>(value.kind));
    proto.set_value(value.value.data(), value.value.size());
    proto.set_registrable_domain(value.registrable_domain.data(), value.registrable_domain.size());
    proto.set_count(value.count);
    proto.set_first_begin(value.first_begin);
    proto.set_highest_confidence(static_cast<v1::Confidence>(value.highest_confidence));
  }
  return report.bytes;
}

uint64_t FillCounts(const compute::Report& report, const std::vector<compute::Kind>& kinds,
                    v1::ProcessContentResponse& response) {
  for (compute::Kind kind : kinds) {
    v1::KindCount& counts = *response.add_counts();
    counts.set_kind(static_cast<v1::Kind>(kind));
    for (const compute::FindingList& list : report.chunks) {
      for (const compute::Finding& finding : list) {
        if (finding.kind != kind) continue;
        counts.set_count(counts.count() + 1);
        if (finding.confidence == compute::Confidence::kLow) counts.set_low(counts.low() + 1);
        if (finding.confidence == compute::Confidence::kMedium) {
          counts.set_medium(counts.medium() + 1);
        }
        if (finding.confidence == compute::Confidence::kHigh) counts.set_high(counts.high() + 1);
      }
    }
  }
  return report.bytes;
}

}  // namespace

absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, ContentRequest& request) {
  grpc::ByteBuffer again(bytes);
  if (!ParseBytes(bytes, request.message)) {
    google::protobuf::Empty wire;
    ParseBytes(again, wire);
    return ExplainUnparsed(wire.GetReflection()->GetUnknownFields(wire), "",
                           "trawl.v1.ProcessContentRequest");
  }
  std::string_view content = Content(request.message);
  if (content.size() > limits.max_content_bytes) {
    return OverLimit("CONTENT_TOO_LARGE", request.message.has_text() ? "text" : "data",
                     content.size(), limits.max_content_bytes, "bytes");
  }
  request.contents = {content};
  return Check(request.message.options(), limits, request.options);
}

// The outer message is walked as unknown fields and each document parsed by itself, so that a
// document that is wrong does not take the others with it.
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, BatchRequest& request) {
  constexpr char kType[] = "trawl.v1.ProcessContentBatchRequest";
  google::protobuf::Empty wire;
  if (!ParseBytes(bytes, wire)) return Malformed(kType);
  const UnknownFieldSet& fields = wire.GetReflection()->GetUnknownFields(wire);

  uint64_t count = 0;
  v1::ProcessOptions options;
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    bool is_document = field.number() == v1::ProcessContentBatchRequest::kDocumentsFieldNumber;
    bool is_options = field.number() == v1::ProcessContentBatchRequest::kOptionsFieldNumber;
    if (!is_document && !is_options) continue;
    if (field.type() != UnknownField::TYPE_LENGTH_DELIMITED) return Malformed(kType);
    if (is_document) ++count;
    if (is_options && !options.MergeFromString(field.length_delimited())) return Malformed(kType);
  }
  if (count > limits.max_batch_documents) {
    return OverLimit("TOO_MANY_DOCUMENTS", "documents", count, limits.max_batch_documents,
                     "documents");
  }
  if (absl::Status status = Check(options, limits, request.options); !status.ok()) return status;

  request.documents.resize(count);
  request.errors.resize(count);
  uint64_t total = 0;
  for (int i = 0, d = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.number() != v1::ProcessContentBatchRequest::kDocumentsFieldNumber) continue;
    v1::BatchDocument& document = request.documents[d];
    if (!document.ParseFromString(field.length_delimited())) {
      document.Clear();
      google::protobuf::Empty inner;
      inner.ParseFromString(field.length_delimited());
      request.errors[d] =
          ExplainUnparsed(inner.GetReflection()->GetUnknownFields(inner),
                          absl::StrCat("documents[", d, "]."), "trawl.v1.BatchDocument");
    }
    request.contents.push_back(Content(document));
    total += request.contents.back().size();
    ++d;
  }
  if (total > limits.max_content_bytes) {
    return OverLimit("CONTENT_TOO_LARGE", "documents", total, limits.max_content_bytes, "bytes");
  }
  return absl::OkStatus();
}

absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, v1::PingRequest& request) {
  if (!ParseBytes(bytes, request)) return Malformed("trawl.v1.PingRequest");
  if (request.payload().size() > limits.max_ping_payload_bytes) {
    return OverLimit("PAYLOAD_TOO_LARGE", "payload", request.payload().size(),
                     limits.max_ping_payload_bytes, "bytes");
  }
  return absl::OkStatus();
}

absl::Status Parse(grpc::ByteBuffer& bytes, v1::GetCapabilitiesRequest& request) {
  if (!ParseBytes(bytes, request)) return Malformed("trawl.v1.GetCapabilitiesRequest");
  return absl::OkStatus();
}

grpc::ByteBuffer Serialize(const google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  bool own = false;
  grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(message, &bytes, &own);
  return bytes;
}

void FillResponse(const compute::Report& report, const ContentOptions& options,
                  std::string_view kernel, v1::ProcessContentResponse& response) {
  uint64_t filled_until = report.bytes;
  if (options.result_form == v1::RESULT_FORM_DISTINCT) {
    filled_until = FillDistinct(report, options.max_findings, response);
  } else if (options.result_form == v1::RESULT_FORM_SPANS) {
    filled_until = FillSpans(report, options.max_findings, response);
  } else if (options.result_form == v1::RESULT_FORM_COUNTS) {
    filled_until = FillCounts(report, options.process.kinds, response);
  } else {
    filled_until = FillFindings(report, options.max_findings, response);
  }
  response.set_total_count(report.total_count);
  response.set_scanned_until(std::min(filled_until, report.scanned_until()));
  response.set_complete(report.errors.empty() && filled_until == report.bytes);
  for (const compute::ChunkError& error : report.errors) {
    v1::ChunkError& proto = *response.add_chunk_errors();
    proto.set_begin(error.chunk.begin);
    proto.set_end(error.chunk.end);
    *proto.mutable_status() = ToRpcStatus(error.status);
  }
  v1::Stats& stats = *response.mutable_stats();
  stats.set_bytes(report.bytes);
  stats.set_chunks(static_cast<uint32_t>(report.chunks.size()));
  *stats.mutable_queue_time() = ToProto(report.queue_time);
  *stats.mutable_compute_time() = ToProto(report.compute_time);
  stats.set_kernel(kernel.data(), kernel.size());
}

v1::Ruleset ToProto(const compute::Ruleset& ruleset) {
  v1::Ruleset proto;
  proto.set_version(ruleset.version);
  proto.set_public_suffix_source(ruleset.public_suffix_source);
  if (ruleset.public_suffix_date.has_value()) {
    *proto.mutable_public_suffix_date() =
        TimeUtil::SecondsToTimestamp(absl::ToUnixSeconds(*ruleset.public_suffix_date));
  }
  proto.set_unicode_version(ruleset.unicode_version);
  return proto;
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status proto;
  proto.set_code(static_cast<int>(status.code()));
  proto.set_message(std::string(status.message()));
  bool has_info = false;
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    google::protobuf::Any& detail = *proto.add_details();
    detail.set_type_url(std::string(type_url));
    detail.set_value(std::string(payload));
    has_info = has_info || detail.Is<google::rpc::ErrorInfo>();
  });
  if (!status.ok() && !has_info) {
    google::rpc::ErrorInfo info;
    info.set_reason(absl::StatusCodeToString(status.code()));
    info.set_domain(kErrorDomain);
    proto.add_details()->PackFrom(info);
  }
  std::sort(proto.mutable_details()->begin(), proto.mutable_details()->end(),
            [](const auto& a, const auto& b) { return a.type_url() < b.type_url(); });
  return proto;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      ToRpcStatus(status).SerializeAsString());
}

std::chrono::steady_clock::time_point ToSteadyClock(
    std::chrono::system_clock::time_point deadline) {
  auto now = std::chrono::system_clock::now();
  if (deadline > now + std::chrono::hours(24 * 365)) {
    return std::chrono::steady_clock::time_point::max();
  }
  return std::chrono::steady_clock::now() + (deadline - now);
}

}  // namespace trawl::service
