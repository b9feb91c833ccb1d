// Any bytes: DomainDetector and the reference find the same, and so it does when the document is
// cut, and it explains what it finds. The first byte chooses options and kernel, the second where
// to cut, and whether the document is put after as much as makes a scan remember hosts.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "compute/domain_detector.h"
#include "tests/support/reference_detector.h"

namespace {

using trawl::compute::Chunk;
using trawl::compute::Confidence;
using trawl::compute::Defang;
using trawl::compute::DomainDetector;
using trawl::compute::FindingList;
using trawl::compute::Kernel;
using trawl::compute::Ruleset;
using trawl::compute::ScanOptions;
using trawl::compute::Verdict;
using trawl::test::ReferenceFinding;

void ExpectEqual(const std::vector<ReferenceFinding>& found,
                 const std::vector<ReferenceFinding>& expected, const char* what) {
  if (found == expected) return;
  std::cerr << what << "\nfound:\n";
  for (const auto& finding : found) std::cerr << "  " << finding << "\n";
  std::cerr << "expected:\n";
  for (const auto& finding : expected) std::cerr << "  " << finding << "\n";
  std::abort();
}

// Explain of the byte at `offset` says what Scan found there.
void ExpectExplained(const DomainDetector& detector, std::string_view document, uint64_t offset,
                     const ScanOptions& options, const FindingList& found) {
  const auto explanation = detector.Explain(document, offset, options);
  bool agrees = explanation.verdict != Verdict::kFinding;
  for (const auto& finding : found) {
    if (finding.begin > offset || finding.end <= offset) continue;
    agrees = explanation.verdict == Verdict::kFinding &&
             explanation.host->finding.begin == finding.begin &&
             explanation.host->value() == found.value(finding);
  }
  if (agrees) return;
  std::cerr << "verdict " << static_cast<int>(explanation.verdict) << " of byte " << offset << "\n";
  std::abort();
}

// As many plain hosts as a scan waits for before it remembers some, and one that is not plain,
// after which it does.
std::string MakePreface() {
  std::string preface;
  for (int i = 0; i < 70; ++i) preface += "a.com\n";
  return preface + "b_.a.com\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto ruleset = Ruleset::Load({});
  static const std::vector<DomainDetector> detectors = [] {
    std::vector<DomainDetector> all;
    for (const Kernel& kernel : Kernel::All()) all.emplace_back(*ruleset, kernel);
    return all;
  }();
  if (size < 2) return 0;
  const DomainDetector& detector = detectors[(data[0] >> 5) % detectors.size()];
  ScanOptions options;
  options.min_confidence = static_cast<Confidence>(1 + (data[0] & 1));
  options.defang = static_cast<Defang>((data[0] >> 1) % 3);
  options.special_use = (data[0] & 8) != 0;
  options.unknown_tld_in_urls = (data[0] & 16) != 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  static const std::string preface = MakePreface();
  const std::string document =
      (data[1] & 1) != 0 ? preface + std::string(bytes) : std::string(bytes);
  const uint64_t cut = document.size() * data[1] / 256;

  FindingList whole;
  detector.Scan(document, {0, document.size()}, options, whole);
  ExpectEqual(trawl::test::ToReference(whole),
              trawl::test::FindDomainsByReference(*ruleset, document, options), "the reference");
  FindingList parts;
  detector.Scan(document, {0, cut}, options, parts);
  detector.Scan(document, {cut, document.size()}, options, parts);
  ExpectEqual(trawl::test::ToReference(parts), trawl::test::ToReference(whole), "the parts");
  if (!document.empty()) ExpectExplained(detector, document, cut, options, whole);
  return 0;
}
