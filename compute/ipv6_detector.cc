#include "compute/ipv6_detector.h"

#include <algorithm>
#include <optional>

#include "compute/code_points.h"
#include "compute/context.h"
#include "compute/ip_address.h"
#include "compute/place_search.h"
#include "compute/word_context.h"

namespace trawl::compute {
namespace {

constexpr size_t kMaxRow = 64;  // of bytes that addresses have
constexpr size_t kMaxWord = 8;  // of an escape left of a row

bool IsRowByte(char c) { return HexValue(c) >= 0 || c == ':' || c == '.'; }

struct Row {
  size_t begin = 0;
  size_t end = 0;
};

// The row around `place`, trimmed; `end` is where the untrimmed row ends. Empty where it is longer
// than kMaxRow.
Row RowAround(std::string_view text, size_t place, size_t& end) {
  Row row{place, place};
  while (row.begin > 0 && place - row.begin <= kMaxRow && IsRowByte(text[row.begin - 1])) {
    --row.begin;
  }
  while (row.end < text.size() && row.end - place <= kMaxRow && IsRowByte(text[row.end])) ++row.end;
  end = row.end;
  if (row.end - row.begin > kMaxRow) return {place, place};
  while (row.end > row.begin && text[row.end - 1] == '.') --row.end;
  if (row.end - row.begin >= 2 && text[row.end - 1] == ':' && text[row.end - 2] != ':') --row.end;
  while (row.begin < row.end && text[row.begin] == '.') ++row.begin;
  if (row.end - row.begin >= 2 && text[row.begin] == ':' && text[row.begin + 1] != ':') {
    ++row.begin;
  }
  return row;
}

// Whether nothing that runs into the row from either side makes it part of a longer word.
bool StandsAlone(std::string_view text, Row& row) {
  if (row.end < text.size() && IsAlphanumeric(text[row.end])) return false;
  if (row.begin == 0) return true;
  const char before = text[row.begin - 1];
  if (!IsAlphanumeric(before) && before != '%') return true;
  const std::optional<size_t> word = WordBegin(text, row.begin, kMaxWord);
  if (!word.has_value() || *word < row.begin || *word >= row.end) return false;
  row.begin = *word;
  return true;
}

struct Shape {
  size_t longest_group = 0;  // digits
  bool has_digit = false;    // 0 to 9
  bool has_only_pairs = true;
  size_t groups = 0;
};

Shape ShapeOf(std::string_view written) {
  Shape shape;
  size_t group = 0;
  for (size_t i = 0; i <= written.size(); ++i) {
    if (i < written.size() && HexValue(written[i]) >= 0) {
      shape.has_digit = shape.has_digit || IsDigit(written[i]);
      ++group;
      continue;
    }
    if (group > 0) ++shape.groups;
    shape.longest_group = std::max(shape.longest_group, group);
    shape.has_only_pairs = shape.has_only_pairs && group == 2;
    group = 0;
  }
  return shape;
}

}  // namespace

void Ipv6Detector::Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
                        FindingList& findings) const {
  size_t done = 0;  // the rows left of it are decided
  const size_t end = std::min<size_t>(document.size(), chunk.end + kMaxRow);
  PlaceSearch(kernel_.ipv6, document, chunk.begin, end).ForEach([&](size_t place) {
    if (place < done) return;
    Row row = RowAround(document, place, done);
    if (row.begin == row.end || !StandsAlone(document, row)) return;
    if (row.begin < chunk.begin || row.begin >= chunk.end) return;
    const std::string_view written = document.substr(row.begin, row.end - row.begin);
    const Shape shape = ShapeOf(written);
    // Eight pairs are the address of a network card.
    if (shape.groups == 0 || shape.has_only_pairs) return;
    const std::optional<Ipv6> address = ReadIpv6(written);
    if (!address.has_value()) return;

    Finding finding;
    finding.kind = Kind::kIpv6;
    finding.begin = row.begin;
    finding.end = row.end;
    const bool bracketed = row.begin > 0 && document[row.begin - 1] == '[' &&
                           row.end < document.size() && document[row.end] == ']';
    const Left left = ReadLeft(document, bracketed ? row.begin - 1 : row.begin, options.defang);
    finding.reasons = {ReasonOf(left.context)};
    const bool evidence =
        ReadEvidence(document, bracketed ? row.end + 1 : row.end) != Evidence::kNone;
    if (evidence) finding.reasons.Add(Reason::kEvidence);
    const bool anchored = left.context == LeftContext::kScheme;
    const bool looks_like_code = shape.longest_group < 3 || !shape.has_digit;
    if (looks_like_code && !anchored && !evidence && written != "::1") {
      finding.reasons.Add(Reason::kCode);
      finding.confidence = Confidence::kLow;
    }
    if (finding.confidence >= options.min_confidence) findings.Add(finding, ToText(*address));
  });
}

}  // namespace trawl::compute
