// Findings in wire format, as a message has them in a field `repeated Finding`, `SpanColumns` or
// `repeated string`, written without a message being made.
//
//   std::vector<uint8_t> bytes(MaxFindingsSize(findings, findings.size()));
//   uint8_t* end = WriteFindings(findings, findings.size(), kFindingsFieldNumber, bytes.data());
//
// protobuf merges what is concatenated: repeated fields are appended to, messages merged field by
// field (https://protobuf.dev/programming-guides/encoding/#last-one-wins). So what is written of
// several lists, one after the other, is one message's, whoever wrote it.
//
// Thread-safety: functions of their arguments.

#ifndef TRAWL_SERVICE_FINDING_WRITER_H_
#define TRAWL_SERVICE_FINDING_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "compute/finding.h"

namespace trawl::service {

// Room that the first `count` of `findings` need at most, or those of them from number `first` on.
size_t MaxFindingsSize(const compute::FindingList& findings, size_t first, size_t count);
inline size_t MaxFindingsSize(const compute::FindingList& findings, size_t count) {
  return MaxFindingsSize(findings, 0, count);
}
size_t MaxSpansSize(size_t count);
size_t MaxValuesSize(const compute::FindingList& findings, size_t count);

// Write the first `count` of `findings` to `out`, as the field numbered `field`, below 16. Return
// where they end, and may have written beyond it within the room that they were given.
uint8_t* WriteFindings(const compute::FindingList& findings, size_t count, int field, uint8_t* out);

// As WriteFindings, from number `next` on as many as are sure to have room in `room` bytes; moves
// `next` on by as many.
uint8_t* WriteFindingsWithin(const compute::FindingList& findings, size_t& next, size_t count,
                             int field, uint8_t* out, size_t room);

// Their values alone, as a field `repeated string`.
uint8_t* WriteValues(const compute::FindingList& findings, size_t count, int field, uint8_t* out);

// Offsets count from `previous_begin`, where the finding before these begins. Where it is not known
// yet the first one is left out, which WriteFirstDelta then writes before the others.
uint8_t* WriteSpans(const compute::FindingList& findings, size_t count,
                    std::optional<uint64_t> previous_begin, int field, uint8_t* out);

inline constexpr size_t kMaxFirstDeltaSize = 14;
uint8_t* WriteFirstDelta(uint64_t delta, int field, uint8_t* out);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_FINDING_WRITER_H_
