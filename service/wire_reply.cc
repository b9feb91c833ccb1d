#include "service/wire_reply.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace trawl::service {
namespace {

constexpr uint8_t Tag(int field, int wire_type) {
  return static_cast<uint8_t>(field << 3 | wire_type);
}
constexpr int kVarint = 0;
constexpr int kLengthDelimited = 2;

constexpr size_t kMaxVarint = 10;
// A finding, its value aside: tags, lengths, offsets, reasons.
constexpr size_t kMaxFindingOverhead =
    3 + 2 + 2 * (1 + kMaxVarint) + 2 * 3 + 2 + 2 + compute::kMaxReason;

size_t VarintSize(uint64_t value) { return (std::bit_width(value | 1) + 6) / 7; }

uint8_t* WriteVarint(uint64_t value, uint8_t* out) {
  while (value >= 0x80) {
    *out++ = static_cast<uint8_t>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<uint8_t>(value);
  return out;
}

uint8_t* WriteText(uint8_t tag, std::string_view text, uint8_t* out) {
  *out++ = tag;
  out = WriteVarint(text.size(), out);
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

size_t TextSize(std::string_view text) { return 1 + VarintSize(text.size()) + text.size(); }

// Memory that a worker writes parts in before it knows their size.
class Draft {
 public:
  uint8_t* Room(size_t size) {
    if (size > capacity_) {
      bytes_ = std::make_unique_for_overwrite<uint8_t[]>(size);
      capacity_ = size;
    }
    return bytes_.get();
  }

 private:
  std::unique_ptr<uint8_t[]> bytes_;
  size_t capacity_ = 0;
};

Draft& ThreadDraft() {
  thread_local Draft draft;
  return draft;
}

uint8_t* WriteFinding(const compute::Finding& finding, std::string_view value, uint8_t* out) {
  using v1::Finding;
  const std::string_view registrable = value.substr(value.size() - finding.registrable_size);
  const auto reasons = static_cast<size_t>(std::popcount(finding.reasons.bits()));
  const size_t size = 2 + 1 + VarintSize(finding.begin) + 1 + VarintSize(finding.end) +
                      (value.empty() ? 0 : TextSize(value)) +
                      (registrable.empty() ? 0 : TextSize(registrable)) + 2 +
                      (reasons == 0 ? 0 : 2 + reasons) - (finding.begin == 0 ? 2 : 0);
  *out++ = Tag(v1::ProcessContentResponse::kFindingsFieldNumber, kLengthDelimited);
  out = WriteVarint(size, out);
  *out++ = Tag(Finding::kKindFieldNumber, kVarint);
  *out++ = static_cast<uint8_t>(finding.kind);
  if (finding.begin != 0) {
    *out++ = Tag(Finding::kBeginFieldNumber, kVarint);
    out = WriteVarint(finding.begin, out);
  }
  *out++ = Tag(Finding::kEndFieldNumber, kVarint);
  out = WriteVarint(finding.end, out);
  if (!value.empty()) {
    out = WriteText(Tag(Finding::kValueFieldNumber, kLengthDelimited), value, out);
  }
  if (!registrable.empty()) {
    out =
        WriteText(Tag(Finding::kRegistrableDomainFieldNumber, kLengthDelimited), registrable, out);
  }
  *out++ = Tag(Finding::kConfidenceFieldNumber, kVarint);
  *out++ = static_cast<uint8_t>(finding.confidence);
  if (reasons > 0) {
    *out++ = Tag(Finding::kReasonsFieldNumber, kLengthDelimited);
    *out++ = static_cast<uint8_t>(reasons);
    for (uint64_t bits = finding.reasons.bits(); bits != 0; bits &= bits - 1) {
      *out++ = static_cast<uint8_t>(std::countr_zero(bits));
    }
  }
  return out;
}

// A column of `spans`: calls write(out) for its elements, which take `size` bytes.
template <typename WriteElements>
uint8_t* WriteColumn(int field, size_t size, uint8_t* out, WriteElements write) {
  *out++ = Tag(field, kLengthDelimited);
  return write(WriteVarint(size, out));
}

// The columns of `spans` but for the first begin, which depends on the chunk before.
uint8_t* WriteSpans(const compute::FindingList& findings, size_t count, uint8_t* out) {
  using v1::SpanColumns;
  size_t delta_bytes = 0;
  size_t length_bytes = 0;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) delta_bytes += VarintSize(findings[i].begin - findings[i - 1].begin);
    length_bytes += VarintSize(findings[i].end - findings[i].begin);
  }
  const size_t size = 4 + VarintSize(delta_bytes) + delta_bytes + VarintSize(length_bytes) +
                      length_bytes + 2 * (VarintSize(count) + count);
  *out++ = Tag(v1::ProcessContentResponse::kSpansFieldNumber, kLengthDelimited);
  out = WriteVarint(size, out);
  out = WriteColumn(SpanColumns::kBeginDeltasFieldNumber, delta_bytes, out, [&](uint8_t* to) {
    for (size_t i = 1; i < count; ++i) {
      to = WriteVarint(findings[i].begin - findings[i - 1].begin, to);
    }
    return to;
  });
  out = WriteColumn(SpanColumns::kLengthsFieldNumber, length_bytes, out, [&](uint8_t* to) {
    for (size_t i = 0; i < count; ++i) to = WriteVarint(findings[i].end - findings[i].begin, to);
    return to;
  });
  out = WriteColumn(SpanColumns::kKindsFieldNumber, count, out, [&](uint8_t* to) {
    for (size_t i = 0; i < count; ++i) *to++ = static_cast<uint8_t>(findings[i].kind);
    return to;
  });
  return WriteColumn(SpanColumns::kConfidencesFieldNumber, count, out, [&](uint8_t* to) {
    for (size_t i = 0; i < count; ++i) *to++ = static_cast<uint8_t>(findings[i].confidence);
    return to;
  });
}

constexpr size_t kMaxSpanBytes = kMaxVarint + 2 + 1 + 1;
constexpr size_t kMaxSpansOverhead = 1 + kMaxVarint + 4 * (1 + kMaxVarint);

// The first begin of a chunk's spans, as a message `spans` of its own.
grpc::Slice FirstDelta(uint64_t delta) {
  std::array<uint8_t, 4 + kMaxVarint> bytes;
  const size_t size = VarintSize(delta);
  bytes[0] = Tag(v1::ProcessContentResponse::kSpansFieldNumber, kLengthDelimited);
  bytes[1] = static_cast<uint8_t>(2 + size);
  bytes[2] = Tag(v1::SpanColumns::kBeginDeltasFieldNumber, kLengthDelimited);
  bytes[3] = static_cast<uint8_t>(size);
  const uint8_t* const end = WriteVarint(delta, &bytes[4]);
  return grpc::Slice(bytes.data(), static_cast<size_t>(end - bytes.data()));
}

}  // namespace

bool WireReply::Serves(const ContentOptions& options, const Document& document) {
  return options.result_form != v1::RESULT_FORM_DISTINCT && !document.utf16 &&
         options.offset_unit == v1::OFFSET_UNIT_BYTES &&
         (!options.unicode_values || options.result_form != v1::RESULT_FORM_FINDINGS);
}

WireReply::WireReply(compute::Extraction& extraction, const ContentOptions& options)
    : extraction_(extraction), options_(options), parts_(extraction.chunk_count()) {
  extraction.SetSink(this);
}

void WireReply::Take(size_t, size_t chunk, const compute::FindingList& findings) {
  parts_[chunk] = Write(findings, findings.size());
}

WireReply::Part WireReply::Write(const compute::FindingList& findings, size_t count) const {
  Part part;
  part.findings = count;
  if (count == 0) return part;
  part.first_begin = findings[0].begin;
  part.last_begin = findings[count - 1].begin;
  if (options_.result_form == v1::RESULT_FORM_COUNTS) {
    part.counts.Add(findings);
    return part;
  }
  uint8_t* begin = nullptr;
  uint8_t* end = nullptr;
  if (options_.result_form == v1::RESULT_FORM_SPANS) {
    begin = ThreadDraft().Room(kMaxSpansOverhead + count * kMaxSpanBytes);
    end = WriteSpans(findings, count, begin);
  } else {
    const compute::Finding& last = findings[count - 1];
    const size_t text = last.value_begin + last.value_size;
    begin = ThreadDraft().Room(2 * text + count * kMaxFindingOverhead);
    end = begin;
    for (size_t i = 0; i < count; ++i) {
      end = WriteFinding(findings[i], findings.value(findings[i]), end);
    }
  }
  part.bytes = grpc::Slice(begin, static_cast<size_t>(end - begin));
  return part;
}

void WireReply::Append(const Part& part, uint64_t& previous_begin) {
  if (part.findings == 0) return;
  if (options_.result_form == v1::RESULT_FORM_SPANS) {
    slices_.push_back(FirstDelta(part.first_begin - previous_begin));
    previous_begin = part.last_begin;
  }
  slices_.push_back(part.bytes);
}

// Returns the byte that the first finding begins at which max_findings leaves out, or `bytes`.
uint64_t WireReply::AppendFindings(uint64_t bytes) {
  uint64_t left = options_.max_findings;
  uint64_t previous_begin = 0;
  for (size_t chunk = 0; chunk < parts_.size(); ++chunk) {
    const Part& part = parts_[chunk];
    if (part.findings <= left) {
      Append(part, previous_begin);
      left -= part.findings;
      continue;
    }
    compute::FindingList findings;
    extraction_.FindAgain(0, chunk, findings);
    Append(Write(findings, left), previous_begin);
    return findings[left].begin;
  }
  return bytes;
}

grpc::ByteBuffer WireReply::Finish(const compute::Report& report, const Document& document,
                                   std::string_view kernel, const grpc::Slice& ruleset) {
  google::protobuf::Arena arena;
  auto& rest = *google::protobuf::Arena::CreateMessage<v1::ProcessContentResponse>(&arena);
  uint64_t filled_until = report.bytes;
  if (options_.result_form == v1::RESULT_FORM_COUNTS) {
    FindingCounts counts;
    for (const Part& part : parts_) counts.Add(part.counts);
    FillCounts(counts, options_, rest);
  } else {
    if (options_.result_form == v1::RESULT_FORM_SPANS) rest.mutable_spans();
    filled_until = AppendFindings(report.bytes);
  }
  FillRest(report, document, options_, kernel, filled_until, rest);
  grpc::Slice last(rest.ByteSizeLong());
  rest.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(last.begin()));
  slices_.push_back(std::move(last));
  slices_.push_back(ruleset);
  return grpc::ByteBuffer(slices_.data(), slices_.size());
}

}  // namespace trawl::service
