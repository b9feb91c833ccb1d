// The W3C trace context that a caller may send as metadata `traceparent`
// (https://www.w3.org/TR/trace-context/#traceparent-header): the trace that a call belongs to, and
// the caller's part of it. Taken over into the log, so that its lines are found from a trace.
//
// Read strictly, as the standard demands: what is not of its form, byte by byte, is as if it were
// not there. So nothing but hexadecimal digits gets from the metadata into the log.
//
// Thread-safety: plain data.

#ifndef TRAWL_SERVICE_TRACE_PARENT_H_
#define TRAWL_SERVICE_TRACE_PARENT_H_

#include <optional>
#include <string>
#include <string_view>

namespace trawl::service {

inline constexpr char kTraceParentKey[] = "traceparent";

struct TraceParent {
  std::string trace_id;   // 32 digits
  std::string parent_id;  // 16 digits
};

std::optional<TraceParent> ParseTraceParent(std::string_view header);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_TRACE_PARENT_H_
