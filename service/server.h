// The server: everything put together, started and drained.
//
//   absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(options, components, log);
//   ...
//   absl::Status drained = (*server)->Drain(hurry);
//
// Thread-safety: Start and Drain are called by one thread, not by one of gRPC's or the server's.

#ifndef TRAWL_SERVICE_SERVER_H_
#define TRAWL_SERVICE_SERVER_H_

#include <grpcpp/server.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "compute/engine.h"
#include "compute/executor.h"
#include "compute/ruleset.h"
#include "service/content_calls.h"
#include "service/health_calls.h"
#include "service/log.h"
#include "service/metrics_server.h"
#include "service/options.h"
#include "service/rpc/poller.h"
#include "service/security.h"
#include "service/url_fetcher.h"
#include "service/watchdog.h"
#include "service/work_counts.h"

namespace trawl::service {

class Server {
 public:
  // What the server works with. `detectors` may point into `ruleset`.
  struct Components {
    std::unique_ptr<const compute::Ruleset> ruleset;
    std::vector<std::unique_ptr<const compute::Detector>> detectors;
  };

  // The detectors of this build with the data that `options` name.
  static absl::StatusOr<Components> LoadComponents(const Options& options);

  // Serves when it returns. `log` outlives the server. INVALID_ARGUMENT when certificates or tokens
  // cannot be used, UNAVAILABLE when it cannot listen.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Options& options,
                                                       Components components, Log& log);

  // Drains in a hurry if that was not done.
  ~Server();

  // Where it listens, with the port that it got.
  const std::string& address() const { return address_; }

  // Where metrics are, with the port; empty: nowhere.
  std::string metrics_address() const;

  // Of the calls of ContentService, so far.
  const CallEnds& call_ends() const { return calls_.ends(); }

  // Ends service without losing a call that was accepted, and returns when all are answered.
  // `hurry` may come at any time: it ends the delay and cancels the calls in flight. Calls that do
  // not end within 5 seconds after they were cancelled (a detector that hangs) give
  // DEADLINE_EXCEEDED; then the process can only be ended, or Drain be called again.
  absl::Status Drain(std::stop_token hurry = {});

 private:
  Server(const Options& options, Components components, Log& log);
  absl::Status Secure();
  absl::Status Listen();
  absl::Status ServeMetrics();

  const Options options_;
  Log& log_;
  const Components components_;
  WorkCounts work_;
  compute::Executor executor_;
  compute::Engine engine_;
  std::unique_ptr<UrlFetcher> fetcher_;  // null where no URL is fetched
  ContentCalls calls_;
  HealthCalls health_{calls_.tracker()};
  std::unique_ptr<Security> security_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::unique_ptr<rpc::Poller>> pollers_;
  std::optional<Watchdog> watchdog_;
  std::unique_ptr<MetricsServer> metrics_server_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_SERVER_H_
