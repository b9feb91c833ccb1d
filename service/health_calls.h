// grpc.health.v1.Health: whether the server serves, asked once or watched.
//
// gRPC has this service built in, but as one of its callback API, whose threads then poll beside
// ours and are given half of the connections. This one lives on our queues, so that its answer is
// also proof that they are polled.
// (https://github.com/grpc/grpc/blob/master/doc/health-checking.md)
//
// Thread-safety: Set, End and serving may be called from any thread.

#ifndef TRAWL_SERVICE_HEALTH_CALLS_H_
#define TRAWL_SERVICE_HEALTH_CALLS_H_

#include <mutex>
#include <set>
#include <string>

#include "absl/functional/any_invocable.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "service/rpc/call_tracker.h"
#include "service/rpc/detached.h"
#include "service/rpc/poller.h"

namespace trawl::service {

class HealthCalls {
 public:
  using GrpcService = grpc::health::v1::Health::AsyncService;

  // NOT_SERVING at first. `tracker`, which counts its calls too, outlives it.
  explicit HealthCalls(rpc::CallTracker& tracker) : tracker_(tracker) {}

  GrpcService& grpc_service() { return grpc_service_; }

  // Begins to accept calls from `poller`'s queue.
  void Accept(rpc::Poller& poller);

  // Of the server as a whole (the empty name) and of ContentService; others are unknown.
  void Set(bool serving);

  // Ends all streams, those to come as well.
  void End();

  bool serving() const;

 private:
  using Response = grpc::health::v1::HealthCheckResponse;

  // A stream that waits for something to happen.
  class Watcher {
   public:
    explicit Watcher(HealthCalls& calls);
    ~Watcher();
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    // Calls `resume` once: when there is something that Take did not see.
    void Wait(absl::AnyInvocable<void()> resume);
    // As if something had happened.
    void Wake();
    // What there is to see now; false where streams are to end.
    bool Take(bool& serving);

   private:
    friend class HealthCalls;

    HealthCalls& calls_;
    bool news_ = true;                   // guarded by calls_.mutex_, as is
    absl::AnyInvocable<void()> resume_;  // null where nothing waits
  };

  rpc::Detached Check(rpc::Poller& poller);
  rpc::Detached Watch(rpc::Poller& poller);
  void Tell();

  rpc::CallTracker& tracker_;
  mutable std::mutex mutex_;
  bool serving_ = false;
  bool ended_ = false;
  std::set<Watcher*> watchers_;
  GrpcService grpc_service_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_HEALTH_CALLS_H_
