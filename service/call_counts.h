// Counts the calls that ended, by method and by what they ended with at the caller. What it says
// at the end of a drain can be held against what the callers counted.
//
// Thread-safety: all members may be called from any thread.

#ifndef TRAWL_SERVICE_CALL_COUNTS_H_
#define TRAWL_SERVICE_CALL_COUNTS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "absl/status/status.h"

namespace trawl::service {

class CallCounts {
 public:
  // `method` lives as long as the program.
  void Add(std::string_view method, absl::StatusCode code);

  // {"METHOD": {"CODE": COUNT}}, with what was counted.
  nlohmann::ordered_json ToJson() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string_view, absl::StatusCode>, uint64_t> counts_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_CALL_COUNTS_H_
