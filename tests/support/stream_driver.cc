#include "tests/support/stream_driver.h"

#include <cstdlib>
#include <latch>
#include <utility>

namespace trawl::testing {

StreamDriver::StreamDriver(const compute::Engine& engine, compute::ProcessOptions options,
                           std::optional<compute::Encoding> encoding, compute::Limits limits,
                           OnWindow on_window)
    : scanner_(engine, std::move(options), encoding, std::move(limits), *this),
      on_window_(std::move(on_window)),
      chunks_(scanner_.max_chunks()) {}

void StreamDriver::Feed(std::string_view part) {
  FeedOnly(part);
  ScanAll();
}

void StreamDriver::End() {
  scanner_.End();
  ScanAll();
}

uint64_t StreamDriver::Take(size_t document, size_t chunk, const compute::FindingList& findings) {
  if (document != 0) std::abort();
  compute::FindingList& copy = chunks_.at(chunk);
  copy.Clear();
  for (const compute::Finding& finding : findings) copy.Add(finding, findings.value(finding));
  return copy.memory();
}

void StreamDriver::ScanAll() {
  while (scanner_.CanScan()) {
    for (compute::FindingList& chunk : chunks_) chunk.Clear();
    std::latch finished(1);
    scanner_.Scan([&finished] { finished.count_down(); });
    finished.wait();
    if (scanner_.status().ok()) on_window_(scanner_.window(), chunks_);
    scanner_.EndWindow();
  }
}

}  // namespace trawl::testing
