#include "service/finding_writer.h"

#include <bit>
#include <cstring>
#include <string_view>

#include "service/wire_format.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {
namespace {

// A finding, its value aside: tags, lengths, offsets, kind, confidence, reasons.
constexpr size_t kMaxFindingOverhead =
    2 * (1 + kMaxVarint) + 2 * (1 + kMaxVarint) + 2 * (1 + 3) + 2 + 2 + 2 + compute::kMaxReason;

constexpr size_t kMaxValueLength = 3;  // of 16 bits

// A delta, a length, a kind, a confidence.
constexpr size_t kMaxDelta = kMaxVarint;
constexpr size_t kMaxLength = 5;
constexpr size_t kMaxSpanSize = kMaxDelta + kMaxLength + 1 + 1;

uint8_t* WriteReasons(compute::Reasons reasons, uint8_t* out) {
  if (reasons.bits() == 0) return out;
  *out++ = Tag(v1::Finding::kReasonsFieldNumber, WireType::kLengthDelimited);
  uint8_t* const size = out++;
  for (uint64_t bits = reasons.bits(); bits != 0; bits &= bits - 1) {
    *out++ = static_cast<uint8_t>(std::countr_zero(bits));
  }
  *size = static_cast<uint8_t>(out - size - 1);
  return out;
}

// Of a finding's value, or what it ends in. Writes up to a round more than that.
constexpr size_t kRound = compute::FindingList::kReadableBeyond;

uint8_t* WriteElement(int field, std::string_view text, uint8_t* out) {
  *out++ = Tag(field, WireType::kLengthDelimited);
  out = WriteVarint(text.size(), out);
  if (!text.empty()) std::memcpy(out, text.data(), kRound);
  if (text.size() > kRound) std::memcpy(out + kRound, text.data() + kRound, text.size() - kRound);
  return out + text.size();
}

uint8_t* WriteText(int field, std::string_view text, uint8_t* out) {
  return text.empty() ? out : WriteElement(field, text, out);
}

uint8_t* WriteFinding(const compute::Finding& finding, std::string_view value, uint8_t* out) {
  using v1::Finding;
  out = WriteField(Finding::kKindFieldNumber, static_cast<uint64_t>(finding.kind), out);
  out = WriteField(Finding::kBeginFieldNumber, finding.begin, out);
  out = WriteField(Finding::kEndFieldNumber, finding.end, out);
  out = WriteText(Finding::kValueFieldNumber, value, out);
  out = WriteText(Finding::kRegistrableDomainFieldNumber, compute::RegistrablePart(finding, value),
                  out);
  out = WriteField(Finding::kConfidenceFieldNumber, static_cast<uint64_t>(finding.confidence), out);
  return WriteReasons(finding.reasons, out);
}

// Of those from number `first` on. Values lie one after the other.
size_t SizeOfValues(const compute::FindingList& findings, size_t first, size_t count) {
  const compute::Finding& last = findings[count - 1];
  return last.value_begin + last.value_size - findings[first].value_begin;
}

// A column of which `size` bytes were written to `from`, moved to where it belongs.
uint8_t* PlaceColumn(int field, const uint8_t* from, size_t size, uint8_t* out) {
  if (size == 0) return out;
  *out++ = Tag(field, WireType::kLengthDelimited);
  out = WriteVarint(size, out);
  std::memmove(out, from, size);
  return out + size;
}

}  // namespace

size_t MaxFindingsSize(const compute::FindingList& findings, size_t first, size_t count) {
  if (first == count) return 0;
  const size_t values = SizeOfValues(findings, first, count);
  return 2 * values + (count - first) * kMaxFindingOverhead + kRound;
}

size_t MaxSpansSize(size_t count) { return 5 * (1 + kMaxVarint) + count * kMaxSpanSize; }

size_t MaxValuesSize(const compute::FindingList& findings, size_t count) {
  if (count == 0) return 0;
  return SizeOfValues(findings, 0, count) + count * (1 + kMaxValueLength) + kRound;
}

uint8_t* WriteFindings(const compute::FindingList& findings, size_t count, int field,
                       uint8_t* out) {
  for (size_t i = 0; i < count; ++i) {
    const compute::Finding& finding = findings[i];
    out = WriteMessage(field, out, [&](uint8_t* to) {
      return WriteFinding(finding, findings.value(finding), to);
    });
  }
  return out;
}

uint8_t* WriteFindingsWithin(const compute::FindingList& findings, size_t& next, size_t count,
                             int field, uint8_t* out, size_t room) {
  const uint8_t* const end = out + room;
  for (; next < count; ++next) {
    const compute::Finding& finding = findings[next];
    const size_t size = 2 * size_t{finding.value_size} + kMaxFindingOverhead + kRound;
    if (static_cast<size_t>(end - out) < size) break;
    out = WriteMessage(field, out, [&](uint8_t* to) {
      return WriteFinding(finding, findings.value(finding), to);
    });
  }
  return out;
}

uint8_t* WriteValues(const compute::FindingList& findings, size_t count, int field, uint8_t* out) {
  for (size_t i = 0; i < count; ++i) {
    out = WriteElement(field, findings.value(findings[i]), out);
  }
  return out;
}

// The columns are written beside each other in one pass, each with room for its longest elements
// and the tags and lengths before it, and then moved together.
uint8_t* WriteSpans(const compute::FindingList& findings, size_t count,
                    std::optional<uint64_t> previous_begin, int field, uint8_t* out) {
  using v1::SpanColumns;
  if (count == 0) return out;
  uint8_t* const deltas = out + 2 * (1 + kMaxVarint);
  uint8_t* const lengths = deltas + count * kMaxDelta + 1 + kMaxVarint;
  uint8_t* const kinds = lengths + count * kMaxLength + 1 + kMaxVarint;
  uint8_t* const confidences = kinds + count + 1 + kMaxVarint;

  uint8_t* delta = deltas;
  uint8_t* length = lengths;
  uint64_t previous = previous_begin.value_or(findings[0].begin);
  for (size_t i = 0; i < count; ++i) {
    const compute::Finding& finding = findings[i];
    delta = WriteVarint(finding.begin - previous, delta);
    length = WriteVarint(static_cast<uint32_t>(finding.end - finding.begin), length);
    kinds[i] = static_cast<uint8_t>(finding.kind);
    confidences[i] = static_cast<uint8_t>(finding.confidence);
    previous = finding.begin;
  }

  // The delta of a first finding whose predecessor is not known is 0, which takes one byte.
  const uint8_t* const first_delta = previous_begin.has_value() ? deltas : deltas + 1;
  const auto delta_size = static_cast<size_t>(delta - first_delta);
  const auto length_size = static_cast<size_t>(length - lengths);
  const auto column_size = [](size_t size) { return size == 0 ? 0 : 1 + VarintSize(size) + size; };
  *out++ = Tag(field, WireType::kLengthDelimited);
  out =
      WriteVarint(column_size(delta_size) + column_size(length_size) + 2 * column_size(count), out);
  out = PlaceColumn(SpanColumns::kBeginDeltasFieldNumber, first_delta, delta_size, out);
  out = PlaceColumn(SpanColumns::kLengthsFieldNumber, lengths, length_size, out);
  out = PlaceColumn(SpanColumns::kKindsFieldNumber, kinds, count, out);
  return PlaceColumn(SpanColumns::kConfidencesFieldNumber, confidences, count, out);
}

uint8_t* WriteFirstDelta(uint64_t delta, int field, uint8_t* out) {
  return WriteMessage(field, out, [delta](uint8_t* message) {
    return WriteMessage(v1::SpanColumns::kBeginDeltasFieldNumber, message,
                        [delta](uint8_t* column) { return WriteVarint(delta, column); });
  });
}

}  // namespace trawl::service
