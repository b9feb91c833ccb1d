#include "compute/word_context.h"

#include "compute/code_points.h"
#include "compute/notation.h"

namespace trawl::compute {

std::optional<size_t> WordBegin(std::string_view text, size_t position, size_t max_bytes) {
  size_t begin = position;
  while (begin > 0 && IsAlphanumeric(text[begin - 1])) {
    if (position - begin == max_bytes) return std::nullopt;
    --begin;
  }
  return begin + CutEscape(text, begin, text.size()).size;
}

Reason ReasonOf(LeftContext context) {
  switch (context) {
    case LeftContext::kScheme:
    case LeftContext::kMailbox:
      return Reason::kAnchored;
    case LeftContext::kSchemeRelative:
      return Reason::kSchemeRelative;
    case LeftContext::kPath:
      return Reason::kPath;
    default:
      return Reason::kBare;
  }
}

}  // namespace trawl::compute
