#include "service/line_budget.h"

#include <utility>

namespace trawl::service {

std::optional<uint64_t> LineBudget::Take(std::string_view reason, Clock::time_point now) {
  std::lock_guard lock(mutex_);
  auto place = windows_.find(reason);
  if (place == windows_.end()) place = windows_.emplace(reason, Window{now}).first;
  Window& window = place->second;
  if (now - window.begun >= std::chrono::seconds(1)) {
    window.begun = now;
    window.lines = 0;
  }
  if (window.lines == kLinesPerSecond) {
    ++window.suppressed;
    return std::nullopt;
  }
  ++window.lines;
  return std::exchange(window.suppressed, 0);
}

std::map<std::string, uint64_t> LineBudget::suppressed() const {
  std::lock_guard lock(mutex_);
  std::map<std::string, uint64_t> counts;
  for (const auto& [reason, window] : windows_) {
    if (window.suppressed > 0) counts[reason] = window.suppressed;
  }
  return counts;
}

}  // namespace trawl::service
