// Detectors with simple rules, for tests of what is around them.

#ifndef TRAWL_TESTS_SUPPORT_FAKE_DETECTORS_H_
#define TRAWL_TESTS_SUPPORT_FAKE_DETECTORS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "compute/detector.h"

namespace trawl::testing {

// Finds every `#` with the letter after it, anchored at the `#`; its value is that letter.
class HashDetector final : public compute::Detector {
 public:
  explicit HashDetector(compute::Kind kind = compute::Kind::kDomain) : kind_(kind) {}

  compute::Kind kind() const override { return kind_; }
  void Scan(std::string_view document, compute::Chunk chunk, const compute::ScanOptions&,
            compute::FindingList& findings) const override {
    for (uint64_t i = chunk.begin; i < chunk.end; ++i) {
      if (document[i] != '#' || i + 1 == document.size()) continue;
      if (!absl::ascii_isalpha(static_cast<unsigned char>(document[i + 1]))) continue;
      findings.Add({.begin = i, .end = i + 2, .kind = kind_}, document.substr(i + 1, 1));
    }
  }

 private:
  const compute::Kind kind_;
};

// Finds nothing, but tells `on_scan` of each chunk; what that throws leaves Scan.
class CallbackDetector final : public compute::Detector {
 public:
  using OnScan = std::function<void(std::string_view document, compute::Chunk chunk)>;

  explicit CallbackDetector(OnScan on_scan) : on_scan_(std::move(on_scan)) {}

  compute::Kind kind() const override { return compute::Kind::kDomain; }
  void Scan(std::string_view document, compute::Chunk chunk, const compute::ScanOptions&,
            compute::FindingList&) const override {
    ++scans_;
    on_scan_(document, chunk);
  }

  int scans() const { return scans_; }

 private:
  const OnScan on_scan_;
  mutable std::atomic<int> scans_ = 0;
};

}  // namespace trawl::testing

#endif  // TRAWL_TESTS_SUPPORT_FAKE_DETECTORS_H_
