// Counts the calls of one gRPC service: begun, ended by code, how long they took and waited, what
// was refused and what was cancelled. Metrics show it, and the log's last line: at the end of a
// drain it can be held against what the callers counted.
//
// A call is counted by what it ended with at its caller, as far as can be known here. Every call
// that did not end well is counted once more, as refused or as cancelled: how many those are is the
// number of calls that ended with another code than OK.
//
// Thread-safety: all members may be called from any thread.
// Lifetime: a Method lives as long as its CallCounts.

#ifndef TRAWL_SERVICE_CALL_COUNTS_H_
#define TRAWL_SERVICE_CALL_COUNTS_H_

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "service/duration_histogram.h"
#include "service/sharded.h"

namespace trawl::service {

// Who, or what, cancelled a call.
enum class Canceller : uint8_t {
  kClient,    // or its connection broke
  kDeadline,  // of the caller
  kIdle,      // a stream on which nothing moved
  kDelivery,  // an answer that was not taken
  kDrain,     // the server ended
};
inline constexpr std::array<const char*, 5> kCancellerNames = {"client", "deadline", "idle",
                                                               "delivery", "drain"};

class CallCounts {
 public:
  static constexpr size_t kCodes = 17;  // of gRPC, OK included

  class Method {
   public:
    struct Totals {
      uint64_t started = 0;
      uint64_t messages_received = 0;
      uint64_t messages_sent = 0;
      std::array<uint64_t, kCodes> ended{};  // by code
      DurationTotals duration{kCallBounds};

      uint64_t all_ended() const;
      uint64_t open() const { return started - std::min(started, all_ended()); }
    };

    explicit Method(const google::protobuf::MethodDescriptor& descriptor)
        : descriptor_(descriptor) {}

    const std::string& name() const { return descriptor_.name(); }
    bool is_stream() const {
      return descriptor_.client_streaming() || descriptor_.server_streaming();
    }

    void Begin() { cells_.OfThread().started.Add(); }
    void End(absl::StatusCode code, std::chrono::nanoseconds duration);

    // Messages of streams. Those of other calls follow from how many began and ended well.
    void MessageReceived() { cells_.OfThread().messages_received.Add(); }
    void MessageSent() { cells_.OfThread().messages_sent.Add(); }

    Totals totals() const;

   private:
    struct Cells {
      Count started;
      Count messages_received;
      Count messages_sent;
      std::array<Count, kCodes> ended;
      DurationHistogram<kCallBounds> duration;
    };

    const google::protobuf::MethodDescriptor& descriptor_;
    Sharded<Cells> cells_;
  };

  using Refusals = std::map<std::pair<absl::StatusCode, std::string>, uint64_t>;

  explicit CallCounts(const google::protobuf::ServiceDescriptor& service);

  const std::string& service_name() const { return service_.full_name(); }

  // All of the service's, in the order of the contract.
  const std::deque<Method>& methods() const { return methods_; }

  // `name` is one of them.
  Method& Of(std::string_view name);

  // By the path of a call, "/SERVICE/METHOD"; null where it is none of the service's.
  Method* AtPath(std::string_view path);

  // How long a call that was worked on had waited for that.
  void AddWait(std::chrono::nanoseconds wait) { waits_.OfThread().Add(wait); }
  DurationTotals waits() const;

  // `reason` is the ErrorInfo's, or empty. There are as many as the server's source names.
  void AddRefusal(absl::StatusCode code, std::string_view reason);
  Refusals refusals() const;

  void AddCancellation(Canceller by) { cancellations_[static_cast<size_t>(by)].Add(); }
  uint64_t cancellations(Canceller by) const {
    return cancellations_[static_cast<size_t>(by)].value();
  }

  // {"METHOD": {"CODE": COUNT}}, with what was counted.
  nlohmann::ordered_json ToJson() const;
  // {"REASON": COUNT}, alike.
  nlohmann::ordered_json CancellationsToJson() const;

 private:
  const google::protobuf::ServiceDescriptor& service_;
  std::deque<Method> methods_;
  Sharded<DurationHistogram<kCallBounds>> waits_;
  std::array<Count, kCancellerNames.size()> cancellations_;
  mutable std::mutex mutex_;
  Refusals refusals_;  // guarded by mutex_
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_CALL_COUNTS_H_
