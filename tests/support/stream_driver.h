// Feeds a document to a StreamScanner part by part, and collects what each window gives.
//
// Thread-safety: belongs to one thread; Take is called by workers.

#ifndef TRAWL_TESTS_SUPPORT_STREAM_DRIVER_H_
#define TRAWL_TESTS_SUPPORT_STREAM_DRIVER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "compute/finding.h"
#include "compute/offset_map.h"
#include "compute/stream_scanner.h"

namespace trawl::testing {

class StreamDriver final : public compute::ChunkSink {
 public:
  // Called for each window that was searched, with its findings in order.
  using OnWindow = std::function<void(const compute::StreamScanner::Window&,
                                      const std::vector<compute::FindingList>&)>;

  StreamDriver(const compute::Engine& engine, compute::ProcessOptions options,
               std::optional<compute::Encoding> encoding, compute::Limits limits,
               OnWindow on_window);

  // Feeds `part` and searches all that it makes final.
  void Feed(std::string_view part);
  // As Feed, but searches nothing yet.
  void FeedOnly(std::string_view part) { scanner_.Feed(absl::Cord(View(part))); }
  void End();

  const compute::StreamScanner& scanner() const { return scanner_; }

  uint64_t Take(size_t document, size_t chunk, const compute::FindingList& findings) override;

 private:
  static absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }
  void ScanAll();

  compute::StreamScanner scanner_;
  const OnWindow on_window_;
  std::vector<compute::FindingList> chunks_;
};

}  // namespace trawl::testing

#endif  // TRAWL_TESTS_SUPPORT_STREAM_DRIVER_H_
