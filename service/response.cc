#include "service/response.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <algorithm>
#include <string>
#include <utility>

#include "compute/idna.h"
#include "compute/offset_map.h"
#include "service/convert.h"

namespace trawl::service {
namespace {

using google::protobuf::util::TimeUtil;

static_assert(static_cast<int>(compute::Kind::kDomain) == v1::KIND_DOMAIN);
static_assert(static_cast<int>(compute::Kind::kIpv6) == v1::KIND_IPV6);
static_assert(compute::kMaxKind == v1::Kind_MAX);
static_assert(static_cast<int>(compute::Confidence::kLow) == v1::CONFIDENCE_LOW);
static_assert(static_cast<int>(compute::Confidence::kHigh) == v1::CONFIDENCE_HIGH);
static_assert(static_cast<int>(compute::Reason::kAnchored) == v1::REASON_ANCHORED);
static_assert(static_cast<int>(compute::Reason::kLeftCut) == v1::REASON_LEFT_CUT);
static_assert(compute::kMaxReason == v1::Reason_MAX);
static_assert(static_cast<int>(compute::Verdict::kFinding) == v1::VERDICT_FINDING);
static_assert(static_cast<int>(compute::Verdict::kNoTld) == v1::VERDICT_NO_TLD);
static_assert(static_cast<int>(compute::Verdict::kUserinfo) == v1::VERDICT_USERINFO);
static_assert(compute::kMaxVerdict == v1::Verdict_MAX);

google::protobuf::Duration ToProto(std::chrono::nanoseconds time) {
  return TimeUtil::NanosecondsToDuration(time.count());
}

// A domain in U-labels.
std::string ToUnicode(std::string_view domain) {
  std::string unicode;
  for (size_t begin = 0; begin <= domain.size();) {
    const size_t end = std::min(domain.find('.', begin), domain.size());
    if (begin > 0) unicode.push_back('.');
    unicode += compute::LabelToUnicode(domain.substr(begin, end - begin));
    begin = end + 1;
  }
  return unicode;
}

// The part of a value that may have labels.
std::string_view HostIn(compute::Kind kind, std::string_view value) {
  if (kind == compute::Kind::kDomain) return value;
  if (kind == compute::Kind::kEmail) return value.substr(value.rfind('@') + 1);
  if (kind != compute::Kind::kUrl) return value.substr(0, 0);
  value.remove_prefix(value.find("://") + 3);
  std::string_view authority = value.substr(0, value.find_first_of("/?#"));
  authority.remove_prefix(authority.rfind('@') + 1);
  return authority.substr(0, authority.rfind(':'));
}

template <typename Proto>
void FillValue(compute::Kind kind, std::string_view value, std::string_view registrable_domain,
               const ContentOptions& options, Proto& proto) {
  proto.set_value(value.data(), value.size());
  proto.set_registrable_domain(registrable_domain.data(), registrable_domain.size());
  if (!options.unicode_values) return;
  const std::string_view host = HostIn(kind, value);
  const auto host_begin = static_cast<size_t>(host.data() - value.data());
  std::string unicode(value);
  unicode.replace(host_begin, host.size(), ToUnicode(host));
  if (unicode != value) proto.set_unicode_value(std::move(unicode));
}

// Gives places as the caller asked for them; one object per document.
class Writer {
 public:
  Writer(const Document& document, const ContentOptions& options)
      : document_(document),
        options_(options),
        offsets_(document.text, UnitOf(document, options)) {}

  // In the unit that was asked for. The last byte of UTF-16 of an odd size is half a unit.
  uint64_t Offset(uint64_t byte) {
    const uint64_t offset = offsets_(byte);
    return options_.offset_unit == v1::OFFSET_UNIT_BYTES ? std::min(offset, document_.bytes_sent)
                                                         : offset;
  }

  compute::Finding Placed(compute::Finding finding) {
    finding.begin = Offset(finding.begin);
    finding.end = Offset(finding.end);
    return finding;
  }

 private:
  const Document& document_;
  const ContentOptions& options_;
  compute::OffsetMap offsets_;
};

// Fills a response from a report; one object per document.
class Answer {
 public:
  Answer(const compute::Report& report, const Document& document, const ContentOptions& options,
         v1::ProcessContentResponse& response)
      : report_(report), options_(options), response_(response), writer_(document, options) {}

  // Each returns the byte of the text that the first finding begins at which max_findings leaves
  // out, or the text's end.
  uint64_t FillFindings() {
    response_.mutable_findings()->Reserve(
        static_cast<int>(std::min<uint64_t>(report_.total_count, options_.max_findings)));
    return ForFirst([this](const compute::FindingList& list, const compute::Finding& finding) {
      FillFinding(writer_.Placed(finding), list.value(finding), options_,
                  *response_.add_findings());
    });
  }

  uint64_t FillSpans() {
    v1::SpanColumns& spans = *response_.mutable_spans();
    uint64_t previous = 0;
    return ForFirst([&](const compute::FindingList&, const compute::Finding& finding) {
      const uint64_t begin = writer_.Offset(finding.begin);
      spans.add_begin_deltas(begin - previous);
      spans.add_lengths(static_cast<uint32_t>(writer_.Offset(finding.end) - begin));
      spans.add_kinds(static_cast<v1::Kind>(finding.kind));
      spans.add_confidences(static_cast<v1::Confidence>(finding.confidence));
      previous = begin;
    });
  }

  uint64_t FillDistinct() {
    for (const compute::DistinctValue& value : compute::DistinctValues(report_)) {
      if (response_.distinct_size() == static_cast<int>(options_.max_findings)) {
        return value.first_begin;
      }
      FillDistinctValue(value, writer_.Offset(value.first_begin), options_,
                        *response_.add_distinct());
    }
    return report_.bytes;
  }

  uint64_t FillCounts() {
    FindingCounts counts;
    for (const compute::FindingList& list : report_.chunks) counts.Add(list);
    service::FillCounts(counts, options_, response_);
    return report_.bytes;
  }

 private:
  template <typename Add>
  uint64_t ForFirst(Add add) {
    uint32_t count = 0;
    for (const compute::FindingList& list : report_.chunks) {
      for (const compute::Finding& finding : list) {
        if (count++ == options_.max_findings) return finding.begin;
        add(list, finding);
      }
    }
    return report_.bytes;
  }

  const compute::Report& report_;
  const ContentOptions& options_;
  v1::ProcessContentResponse& response_;
  Writer writer_;
};

}  // namespace

void FillFinding(const compute::Finding& finding, std::string_view value,
                 const ContentOptions& options, v1::Finding& proto) {
  proto.set_kind(static_cast<v1::Kind>(finding.kind));
  proto.set_begin(finding.begin);
  proto.set_end(finding.end);
  FillValue(finding.kind, value, compute::RegistrablePart(finding, value), options, proto);
  proto.set_confidence(static_cast<v1::Confidence>(finding.confidence));
  for (int reason = 1; reason <= compute::kMaxReason; ++reason) {
    if (finding.reasons.Has(static_cast<compute::Reason>(reason))) {
      proto.add_reasons(static_cast<v1::Reason>(reason));
    }
  }
}

void FillDistinctValue(const compute::DistinctValue& value, uint64_t first_begin,
                       const ContentOptions& options, v1::DistinctValue& proto) {
  proto.set_kind(static_cast<v1::Kind>(value.kind));
  FillValue(value.kind, value.value, value.registrable_domain, options, proto);
  proto.set_count(value.count);
  proto.set_first_begin(first_begin);
  proto.set_highest_confidence(static_cast<v1::Confidence>(value.highest_confidence));
}

void FillStats(const compute::Report& report, uint64_t bytes_sent, std::string_view kernel,
               v1::Stats& stats) {
  stats.set_bytes(bytes_sent);
  stats.set_chunks(report.chunk_count);
  *stats.mutable_queue_time() = ToProto(report.queue_time);
  *stats.mutable_compute_time() = ToProto(report.compute_time);
  stats.set_kernel(kernel.data(), kernel.size());
}

void FillResponse(const compute::Report& report, const Document& document,
                  const ContentOptions& options, std::string_view kernel,
                  v1::ProcessContentResponse& response) {
  Answer answer(report, document, options, response);
  uint64_t filled_until = 0;
  if (options.result_form == v1::RESULT_FORM_DISTINCT) {
    filled_until = answer.FillDistinct();
  } else if (options.result_form == v1::RESULT_FORM_SPANS) {
    filled_until = answer.FillSpans();
  } else if (options.result_form == v1::RESULT_FORM_COUNTS) {
    filled_until = answer.FillCounts();
  } else {
    filled_until = answer.FillFindings();
  }
  Writer writer(document, options);
  response.set_total_count(report.total_count);
  response.set_complete(report.errors.empty() && filled_until == report.bytes);
  FillErrors(report, document, options, response);
  response.set_scanned_until(writer.Offset(std::min(filled_until, report.scanned_until())));
  FillStats(report, document.bytes_sent, kernel, *response.mutable_stats());
}

void FindingCounts::Add(const FindingCounts& other) {
  for (size_t kind = 0; kind < counts_.size(); ++kind) {
    for (size_t confidence = 0; confidence < counts_[kind].size(); ++confidence) {
      counts_[kind][confidence] += other.counts_[kind][confidence];
    }
  }
}

void FillCounts(const FindingCounts& counts, const ContentOptions& options,
                v1::ProcessContentResponse& response) {
  for (compute::Kind kind : options.process.wanted.kinds) {
    v1::KindCount& proto = *response.add_counts();
    proto.set_kind(static_cast<v1::Kind>(kind));
    proto.set_low(counts.Of(kind, compute::Confidence::kLow));
    proto.set_medium(counts.Of(kind, compute::Confidence::kMedium));
    proto.set_high(counts.Of(kind, compute::Confidence::kHigh));
    proto.set_count(proto.low() + proto.medium() + proto.high());
  }
}

void FillErrors(const compute::Report& report, const Document& document,
                const ContentOptions& options, v1::ProcessContentResponse& response) {
  Writer writer(document, options);
  for (const compute::ChunkError& error : report.errors) {
    v1::ChunkError& proto = *response.add_chunk_errors();
    proto.set_begin(writer.Offset(error.chunk.begin));
    proto.set_end(writer.Offset(error.chunk.end));
    *proto.mutable_status() = ToRpcStatus(error.status);
  }
}

void FillResponse(const compute::Explanation& explanation, const Document& document,
                  const ContentOptions& options, v1::ExplainResponse& response) {
  Writer writer(document, options);
  response.set_verdict(static_cast<v1::Verdict>(explanation.verdict));
  response.set_begin(writer.Offset(explanation.begin));
  if (explanation.host.has_value()) {
    FillFinding(writer.Placed(explanation.host->finding), explanation.host->value(), options,
                *response.mutable_finding());
  }
  response.set_end(writer.Offset(explanation.end));
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

grpc::ByteBuffer Serialize(const google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  bool own = false;
  grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(message, &bytes, &own);
  return bytes;
}

}  // namespace trawl::service
