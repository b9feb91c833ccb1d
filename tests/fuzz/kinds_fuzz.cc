// Any bytes: the detectors of all kinds and the reference find the same, and so they do when the
// document is cut. The first byte chooses options and kernel, the second nesting and where to cut.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string_view>
#include <vector>

#include "tests/support/kind_scan.h"
#include "tests/support/reference_kinds.h"

namespace {

using trawl::compute::Confidence;
using trawl::compute::Defang;
using trawl::compute::Kernel;
using trawl::compute::Nesting;
using trawl::compute::Ruleset;
using trawl::compute::ScanOptions;
using trawl::test::AllKindsScan;
using trawl::test::KindFinding;

void ExpectEqual(const std::vector<KindFinding>& found, const std::vector<KindFinding>& expected,
                 const char* what) {
  if (found == expected) return;
  std::cerr << what << "\nfound:\n";
  for (const auto& finding : found) std::cerr << "  " << finding << "\n";
  std::cerr << "expected:\n";
  for (const auto& finding : expected) std::cerr << "  " << finding << "\n";
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto ruleset = Ruleset::Load({});
  static const auto& scans = *[] {
    auto* all = new std::vector<std::unique_ptr<AllKindsScan>>;
    for (const Kernel& kernel : Kernel::All()) {
      all->push_back(std::make_unique<AllKindsScan>(*ruleset, kernel));
    }
    return all;
  }();
  if (size < 2) return 0;
  const AllKindsScan& scan = *scans[(data[0] >> 5) % scans.size()];
  ScanOptions options;
  options.min_confidence = static_cast<Confidence>(1 + (data[0] & 1));
  options.defang = static_cast<Defang>((data[0] >> 1) % 3);
  options.special_use = (data[0] & 8) != 0;
  options.unknown_tld_in_urls = (data[0] & 16) != 0;
  const auto nesting = static_cast<Nesting>(data[1] % 3);
  const std::string_view document(reinterpret_cast<const char*>(data) + 2, size - 2);
  const uint64_t cut = document.size() * data[1] / 256;

  const auto wanted = trawl::test::AllKinds(nesting);
  const auto whole = scan.Run(document, options, wanted, {{0, document.size()}});
  ExpectEqual(whole, trawl::test::FindKindsByReference(*ruleset, document, options, nesting),
              "the reference");
  ExpectEqual(scan.Run(document, options, wanted, {{0, cut}, {cut, document.size()}}), whole,
              "the parts");
  return 0;
}
