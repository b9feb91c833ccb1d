// How many lines of one reason a log gets: so many in each second, and a count of those that it did
// not get. A caller that fails fifty thousand times a second leaves a few lines and a number.
//
//   if (const auto line = budget.Take("TOO_MANY_CALLS")) log.Info("call", {..., *line});
//
// Thread-safety: all members may be called from any thread.

#ifndef TRAWL_SERVICE_LINE_BUDGET_H_
#define TRAWL_SERVICE_LINE_BUDGET_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace trawl::service {

class LineBudget {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr uint64_t kLinesPerSecond = 10;

  // Whether there may be another line for `reason`, of which there are few; if so, how many were
  // suppressed since the last one.
  std::optional<uint64_t> Take(std::string_view reason, Clock::time_point now = Clock::now());

  // What was suppressed and is not told yet, by reason.
  std::map<std::string, uint64_t> suppressed() const;

 private:
  struct Window {
    Clock::time_point begun;
    uint64_t lines = 0;
    uint64_t suppressed = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_LINE_BUDGET_H_
