// VERSION-TRACEID-PARENTID-FLAGS, of 2, 32, 16 and 2 lower-case hexadecimal digits. Version ff is
// none, and of ids neither is all zeros. Version 00 ends there; later ones may go on after another
// dash.

#include "service/trace_parent.h"

#include <algorithm>
#include <cstddef>

namespace trawl::service {
namespace {

constexpr size_t kVersionEnd = 2;
constexpr size_t kTraceIdEnd = kVersionEnd + 1 + 32;
constexpr size_t kParentIdEnd = kTraceIdEnd + 1 + 16;
constexpr size_t kFlagsEnd = kParentIdEnd + 1 + 2;

bool IsDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool AreDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

bool IsId(std::string_view text) {
  return AreDigits(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

std::optional<TraceParent> ParseTraceParent(std::string_view header) {
  if (header.size() < kFlagsEnd) return std::nullopt;
  for (size_t dash : {kVersionEnd, kTraceIdEnd, kParentIdEnd}) {
    if (header[dash] != '-') return std::nullopt;
  }
  const std::string_view version = header.substr(0, kVersionEnd);
  const std::string_view trace_id = header.substr(kVersionEnd + 1, kTraceIdEnd - kVersionEnd - 1);
  const std::string_view parent_id = header.substr(kTraceIdEnd + 1, kParentIdEnd - kTraceIdEnd - 1);
  const std::string_view flags = header.substr(kParentIdEnd + 1, kFlagsEnd - kParentIdEnd - 1);
  if (!AreDigits(version) || version == "ff" || !IsId(trace_id) || !IsId(parent_id) ||
      !AreDigits(flags)) {
    return std::nullopt;
  }
  if (header.size() > kFlagsEnd && (version == "00" || header[kFlagsEnd] != '-')) {
    return std::nullopt;
  }
  return TraceParent{std::string(trace_id), std::string(parent_id)};
}

}  // namespace trawl::service
