// A row of 32 digits or more covers 16 bytes that lie at a multiple of 16, so only such groups that
// are all digits are looked at, which in most text there are none of.

#include "compute/digest_detector.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>

#include "compute/code_points.h"
#include "compute/context.h"
#include "compute/place_search.h"
#include "compute/word_context.h"

namespace trawl::compute {
namespace {

constexpr size_t kGroup = 16;
constexpr size_t kMaxRow = 128 + 2;        // digits of the longest digest, and of an escape
constexpr size_t kMinDifferentDigits = 6;  // of a digest; fewer are a pattern

size_t DigitsOf(Kind kind) {
  switch (kind) {
    case Kind::kMd5:
      return 32;
    case Kind::kSha1:
      return 40;
    case Kind::kSha256:
      return 64;
    default:
      return 128;
  }
}

bool IsHex(char c) { return HexValue(c) >= 0; }

// Whether few digits occur, or no letter, or the first half-group comes again and again.
bool IsRepetitive(std::string_view digits) {
  std::bitset<16> seen;
  for (char c : digits) seen.set(static_cast<size_t>(HexValue(c)));
  if (seen.count() < kMinDifferentDigits || std::all_of(digits.begin(), digits.end(), IsDigit)) {
    return true;
  }
  const std::string_view period = digits.substr(0, kGroup);
  return std::equal(digits.begin() + kGroup, digits.end(), digits.begin()) && !period.empty();
}

}  // namespace

DigestDetector::DigestDetector(Kind kind, const Kernel& kernel)
    : kind_(kind), digits_(DigitsOf(kind)), kernel_(PlaceKernel::Of(kernel)) {}

void DigestDetector::ScanRow(std::string_view document, size_t begin, size_t end, Chunk chunk,
                             const ScanOptions& options, FindingList& findings) const {
  if (end < document.size() && IsAlphanumeric(document[end])) return;
  if (begin > 0 && (IsAlphanumeric(document[begin - 1]) || end - begin != digits_)) {
    const std::optional<size_t> word = WordBegin(document, begin, 6);
    if (!word.has_value() || *word < begin) return;
    begin = *word;
  }
  if (end - begin != digits_ || begin < chunk.begin || begin >= chunk.end) return;
  std::array<char, kMaxRow> lower{};
  std::transform(document.begin() + static_cast<ptrdiff_t>(begin),
                 document.begin() + static_cast<ptrdiff_t>(end), lower.begin(), ToLower);
  const std::string_view value(lower.data(), digits_);
  Finding finding;
  finding.kind = kind_;
  finding.begin = begin;
  finding.end = end;
  finding.reasons = {ReasonOf(ReadLeft(document, begin, options.defang).context)};
  if (IsRepetitive(value)) {
    finding.reasons.Add(Reason::kRepetitive);
    finding.confidence = Confidence::kLow;
  }
  if (finding.confidence >= options.min_confidence) findings.Add(finding, value);
}

void DigestDetector::Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
                          FindingList& findings) const {
  const size_t last = std::min<size_t>(document.size(), chunk.end + kMaxRow);
  size_t done = 0;  // the rows left of it are decided
  PlaceSearch search(kernel_.hexadecimal, document, chunk.begin, last);
  while (search.NextBlock()) {
    for (size_t w = 0; w < search.words().size(); ++w) {
      uint64_t full = search.words()[w];
      for (size_t shift = 1; shift < kGroup; shift *= 2) full &= full >> shift;
      full &= 0x0001'0001'0001'0001;
      for (; full != 0; full &= full - 1) {
        const size_t place = search.base() + 64 * w + static_cast<size_t>(std::countr_zero(full));
        if (place < done) continue;
        size_t begin = place;
        while (begin > 0 && place - begin <= kMaxRow && IsHex(document[begin - 1])) --begin;
        size_t end = place + kGroup;
        while (end < document.size() && end - place <= kMaxRow && IsHex(document[end])) ++end;
        done = end;
        if (end - begin >= digits_ && end - begin <= kMaxRow) {
          ScanRow(document, begin, end, chunk, options, findings);
        }
      }
    }
  }
}

}  // namespace trawl::compute
