#include "compute/plain_neighbours.h"

#include "compute/surroundings.h"

namespace trawl::compute {
namespace {

bool IsUpperHex(char c) { return HexValue(c) >= 0 && !IsLower(c); }

// Whether a character that is not ASCII separates, and no more.
bool IsSeparator(CodePoint c) {
  return c.well_formed && HostClassOf(c.value) == HostClass::kSeparator;
}

// Whether `://` stands left of `begin` as most schemes have it; ReadLeft knows the others. What
// ends in a hexadecimal digit may be the end of an escape.
bool IsAfterScheme(std::string_view text, size_t begin) {
  const char last = text[begin - 4];
  return text.substr(begin - 3, 3) == "://" && IsAlphanumeric(last) && HexValue(last) < 0;
}

// False where what stands left of `begin` is not simple.
bool ReadPlainLeft(std::string_view document, size_t begin, Defang defang, Left& context) {
  const char left = document[begin - 1];
  switch (left) {
    case '/':
      if (IsAfterScheme(document, begin)) {
        context.context = LeftContext::kScheme;
        return true;
      }
      context = ReadLeft(document, begin, defang);
      return true;
    case '@':
      if (IsAfterLocalPart(document.data() + begin)) {
        context.context = LeftContext::kMailbox;
      } else {
        context = ReadLeft(document, begin, defang);
      }
      return true;
    case '[':
    case ';': {
      const char first = document[begin];
      return !IsDigit(first) && first != 'm' && first != 'K';
    }
    case '=':
      return !IsUpperHex(document[begin]) || !IsUpperHex(document[begin + 1]);
    case '!':
      return !IsTornFromHost(document, begin);
    default:
      return !IsAscii(left) && IsSeparator(DecodeBefore(document, begin)) &&
             !IsTornFromHost(document, begin);
  }
}

// False where what stands right of `end` is not simple.
bool IsPlainRight(std::string_view document, size_t end) {
  const char right = document[end];
  const char after = document[end + 1];
  if (right == '.') return (NeighbourOf(after) & kPlainAfterDot) != 0;
  if (right == '"') {
    return after != '@' && after != '%' && after != '[' && after != '(' && after != '{';
  }
  return !IsAscii(right) && IsSeparator(DecodeAt(document, end));
}

}  // namespace

bool JoinsRight(std::string_view document, size_t end) {
  const char right = document[end];
  const char after = document[end + 1];
  switch (right) {
    case '.':
      return !IsAscii(after) || after == ']';
    case '[':
    case '(':
    case '{':
      return after == '.' || (after | 0x20) == 'd';
    case '\\':
      return after == '.';
    default:
      return !IsAscii(right) && !IsSeparator(DecodeAt(document, end));
  }
}

PlainNeighbours ReadNeighbours(std::string_view document, size_t begin, size_t end, Defang defang) {
  const uint8_t right = NeighbourOf(document[end]);
  Left left;
  if ((NeighbourOf(document[begin - 1]) & kPlainLeft) == 0 &&
      !ReadPlainLeft(document, begin, defang, left)) {
    return PlainNeighbours::NotSimple();
  }
  Evidence evidence = Evidence::kNone;
  if ((right & kEvidenceRight) != 0) {
    evidence = ReadEvidence(document, end);
  } else if ((right & kPlainRight) == 0 && !IsPlainRight(document, end)) {
    return PlainNeighbours::NotSimple();
  }
  if (left.context == LeftContext::kScheme) {
    const bool dot = document[end] == '.';
    if ((dot || (right & kUserinfoRight) != 0) &&
        IsUserinfo(document, dot ? end + 1 : end, defang)) {
      return PlainNeighbours::NotSimple();
    }
  }
  return PlainNeighbours(left.context, left.defanged, evidence);
}

}  // namespace trawl::compute
