// Any bytes in any parts: a stream finds what the engine finds in the whole document, at the same
// places in every unit, and what it calls final never changes.
//
// The first byte chooses the scan's options, the second the kinds, the encoding and the unit of
// places, the third how often the content is repeated and how long chunks are, the fourth how many
// bytes of framing follow: the sizes of the parts, in turn.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compute/engine.h"
#include "compute/offset_map.h"
#include "compute/stream_offsets.h"
#include "compute/stream_scanner.h"
#include "compute/utf16.h"
#include "tests/support/kind_scan.h"
#include "tests/support/reference_kinds.h"
#include "tests/support/stream_driver.h"

namespace {

using trawl::compute::Encoding;
using trawl::compute::Engine;
using trawl::compute::FindingList;
using trawl::compute::OffsetMap;
using trawl::compute::OffsetUnit;
using trawl::compute::ProcessOptions;
using trawl::compute::StreamOffsets;
using trawl::compute::StreamScanner;
using trawl::test::KindFinding;

constexpr size_t kHeaderBytes = 4;
constexpr int kMaxCopies = 8;

// Parts grow with their number, so that not too many windows are searched.
constexpr size_t kPartsOfOneSize = 16;

[[noreturn]] void Fail(const char* what, const std::vector<KindFinding>& found,
                       const std::vector<KindFinding>& expected) {
  std::cerr << what << "\nfound:\n";
  for (const auto& finding : found) std::cerr << "  " << finding << "\n";
  std::cerr << "expected:\n";
  for (const auto& finding : expected) std::cerr << "  " << finding << "\n";
  std::abort();
}

// One input, taken apart.
struct Input {
  ProcessOptions options;
  std::optional<Encoding> encoding;
  OffsetUnit unit = OffsetUnit::kBytes;
  uint64_t chunk_bytes = 0;
  std::string_view framing;
  std::string content;

  Input(const uint8_t* data, size_t size) {
    options.scan.min_confidence = static_cast<trawl::compute::Confidence>(1 + (data[0] & 1));
    options.scan.defang = static_cast<trawl::compute::Defang>((data[0] >> 1) % 3);
    options.scan.special_use = (data[0] & 8) != 0;
    options.scan.unknown_tld_in_urls = (data[0] & 16) != 0;
    const auto nesting = static_cast<trawl::compute::Nesting>((data[0] >> 5) % 3);
    if ((data[1] & 15) > trawl::compute::kMaxKind) {
      options.wanted = trawl::test::AllKinds(nesting);
    } else if ((data[1] & 15) > 0) {
      options.wanted.kinds = {static_cast<trawl::compute::Kind>(data[1] & 15)};
      options.wanted.nesting = nesting;
    }
    const auto encoding_number = (data[1] >> 4) & 3;
    if (encoding_number > 0) encoding = static_cast<Encoding>(encoding_number - 1);
    unit = static_cast<OffsetUnit>(data[1] >> 6);
    const int copies = 1 + data[2] % kMaxCopies;
    chunk_bytes = uint64_t{1} << (8 + (data[2] >> 3) % 11);
    std::string_view rest(reinterpret_cast<const char*>(data) + kHeaderBytes, size - kHeaderBytes);
    framing = rest.substr(0, data[3] & 31);
    rest.remove_prefix(framing.size());
    for (int i = 0; i < copies; ++i) content += rest;
  }

  // As the detectors see it.
  std::string Text() const {
    const Encoding known = encoding.value_or(trawl::compute::EncodingByMark(content));
    if (known == Encoding::kUtf8) return content;
    return trawl::compute::FromUtf16(content, known == Encoding::kUtf16Be);
  }

  // A part may be empty, all of them may not.
  size_t PartSize(size_t number) const {
    const bool some = std::any_of(framing.begin(), framing.end(), [](char c) { return c != 0; });
    if (!some) return content.size();
    const auto byte = static_cast<unsigned char>(framing[number % framing.size()]);
    return byte * (1 + number / kPartsOfOneSize);
  }
};

// What came out of the windows so far, and what should.
class Findings {
 public:
  Findings(const std::vector<KindFinding>& expected, std::string_view text, OffsetUnit unit)
      : expected_(expected), whole_(text, unit), offsets_(unit) {}

  void Add(const StreamScanner::Window& window, const std::vector<FindingList>& lists) {
    offsets_.SetText(window.text, window.text_begin);
    for (size_t i = 0; i < window.chunks.size(); ++i) {
      const auto& chunk = window.chunks[i];
      if (!chunk.status.ok()) Fail("a chunk failed", found_, expected_);
      if (chunk.range.begin != searched_) Fail("chunks do not follow", found_, expected_);
      searched_ = chunk.range.end;
      for (const auto& finding : trawl::test::ToKindFindings(lists[i])) {
        found_.push_back(finding);
        if (offsets_(finding.begin) != whole_(finding.begin)) Fail("a begin", found_, expected_);
        if (offsets_(finding.end) != whole_(finding.end)) Fail("an end", found_, expected_);
      }
    }
    if (found_.size() < expected_.size() && expected_[found_.size()].begin < window.final_until) {
      Fail("what is final", found_, expected_);
    }
    offsets_.MoveTo(window.final_until);
    last_windows_ += window.last ? 1 : 0;
  }

  void ExpectAll(uint64_t text_bytes) const {
    if (found_ != expected_) Fail("the stream", found_, expected_);
    if (searched_ != text_bytes || last_windows_ != 1) Fail("the end", found_, expected_);
  }

 private:
  const std::vector<KindFinding>& expected_;
  OffsetMap whole_;
  StreamOffsets offsets_;
  std::vector<KindFinding> found_;
  uint64_t searched_ = 0;
  int last_windows_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto ruleset = trawl::compute::Ruleset::Load({});
  static const auto& scan = *new trawl::test::AllKindsScan(*ruleset);
  static auto& executor = *new trawl::compute::Executor({.workers = 0});
  if (size < kHeaderBytes) return 0;
  const Input input(data, size);

  const std::string text = input.Text();
  std::vector<KindFinding> expected;
  const Engine engine(executor, scan.detectors(), {});
  const auto report = engine.Process(text, input.options);
  for (const FindingList& list : report->chunks) {
    for (const auto& finding : trawl::test::ToKindFindings(list)) expected.push_back(finding);
  }

  const Engine in_windows(executor, scan.detectors(), {.max_chunk_bytes = input.chunk_bytes});
  Findings findings(expected, text, input.unit);
  trawl::testing::StreamDriver driver(
      in_windows, input.options, input.encoding, {},
      [&](const auto& window, const auto& lists) { findings.Add(window, lists); });
  const std::string_view content = input.content;
  for (size_t at = 0, number = 0; at < content.size(); ++number) {
    const std::string part(content.substr(at, input.PartSize(number)));
    driver.Feed(part);
    at += part.size();
  }
  driver.End();
  findings.ExpectAll(text.size());
  if (driver.scanner().buffered_bytes() != 0) Fail("bytes are left", expected, expected);
  return 0;
}
