#include "service/call_counts.h"

#include <algorithm>
#include <numeric>

namespace trawl::service {
namespace {

// What a server under too much load refuses with. They are shown from the start, at 0: a rate needs
// two values.
constexpr std::array<const char*, 3> kOverloadReasons = {"TOO_MANY_CALLS", "TOO_MANY_BYTES",
                                                         "WAIT_TOO_LONG"};

}  // namespace

uint64_t CallCounts::Method::Totals::all_ended() const {
  return std::accumulate(ended.begin(), ended.end(), uint64_t{0});
}

void CallCounts::Method::End(absl::StatusCode code, std::chrono::nanoseconds duration) {
  Cells& cells = cells_.OfThread();
  cells.ended[static_cast<size_t>(code)].Add();
  cells.duration.Add(duration);
}

// What ended is read before what began, so that never more have ended.
CallCounts::Method::Totals CallCounts::Method::totals() const {
  Totals totals;
  cells_.ForEach([&](const Cells& cells) {
    for (size_t code = 0; code < kCodes; ++code) totals.ended[code] += cells.ended[code].value();
    cells.duration.AddTo(totals.duration);
    totals.messages_received += cells.messages_received.value();
    totals.messages_sent += cells.messages_sent.value();
  });
  cells_.ForEach([&](const Cells& cells) { totals.started += cells.started.value(); });
  if (!is_stream()) {
    totals.messages_received = totals.started;
    totals.messages_sent = totals.ended[static_cast<size_t>(absl::StatusCode::kOk)];
  }
  return totals;
}

CallCounts::CallCounts(const google::protobuf::ServiceDescriptor& service) : service_(service) {
  for (int i = 0; i < service.method_count(); ++i) methods_.emplace_back(*service.method(i));
  for (const char* reason : kOverloadReasons) {
    refusals_[{absl::StatusCode::kResourceExhausted, reason}] = 0;
  }
}

CallCounts::Method& CallCounts::Of(std::string_view name) {
  return *std::find_if(methods_.begin(), methods_.end(),
                       [&](const Method& method) { return method.name() == name; });
}

CallCounts::Method* CallCounts::AtPath(std::string_view path) {
  const std::string prefix = "/" + service_name() + "/";
  if (!path.starts_with(prefix)) return nullptr;
  const auto found = std::find_if(methods_.begin(), methods_.end(), [&](const Method& method) {
    return method.name() == path.substr(prefix.size());
  });
  return found != methods_.end() ? &*found : nullptr;
}

DurationTotals CallCounts::waits() const {
  DurationTotals totals(kCallBounds);
  waits_.ForEach([&](const auto& part) { part.AddTo(totals); });
  return totals;
}

void CallCounts::AddRefusal(absl::StatusCode code, std::string_view reason) {
  std::lock_guard lock(mutex_);
  ++refusals_[{code, std::string(reason)}];
}

CallCounts::Refusals CallCounts::refusals() const {
  std::lock_guard lock(mutex_);
  return refusals_;
}

nlohmann::ordered_json CallCounts::ToJson() const {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const Method& method : methods_) {
    const Method::Totals totals = method.totals();
    for (size_t code = 0; code < kCodes; ++code) {
      if (totals.ended[code] == 0) continue;
      json[method.name()][absl::StatusCodeToString(static_cast<absl::StatusCode>(code))] =
          totals.ended[code];
    }
  }
  return json;
}

nlohmann::ordered_json CallCounts::CancellationsToJson() const {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (size_t i = 0; i < kCancellerNames.size(); ++i) {
    if (cancellations_[i].value() > 0) json[kCancellerNames[i]] = cancellations_[i].value();
  }
  return json;
}

}  // namespace trawl::service
