#include "service/call_counts.h"

#include <string>

namespace trawl::service {

void CallCounts::Add(std::string_view method, absl::StatusCode code) {
  std::lock_guard lock(mutex_);
  ++counts_[{method, code}];
}

nlohmann::ordered_json CallCounts::ToJson() const {
  std::lock_guard lock(mutex_);
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [ended, count] : counts_) {
    json[std::string(ended.first)][absl::StatusCodeToString(ended.second)] = count;
  }
  return json;
}

}  // namespace trawl::service
