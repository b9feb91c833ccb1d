// The RPCs of trawl.v1.ContentService: one coroutine each, in content_calls.cc, stream_calls.cc
// and url_calls.cc, that tells the whole life of a call from top to bottom.
//
// All methods are raw: the request arrives as bytes and is parsed in request.h, so that a malformed
// one is answered well and a large one is parsed on a compute thread. Small calls (Ping,
// GetCapabilities) stay on the poller's thread throughout.
//
// Lifetime: made before the server, destroyed after it and its queues. Accept is called once per
// poller and queue, after the server was built.

#ifndef TRAWL_SERVICE_CONTENT_CALLS_H_
#define TRAWL_SERVICE_CONTENT_CALLS_H_

#include <chrono>
#include <cstdint>

#include "absl/status/status.h"
#include "compute/domain_detector.h"
#include "compute/engine.h"
#include "compute/ruleset.h"
#include "service/admission.h"
#include "service/call_counts.h"
#include "service/call_end.h"
#include "service/content_work.h"
#include "service/deliveries.h"
#include "service/log.h"
#include "service/peer_limits.h"
#include "service/request.h"
#include "service/rpc/call_tracker.h"
#include "service/rpc/detached.h"
#include "service/rpc/poller.h"
#include "service/url_fetcher.h"
#include "trawl/v1/content.grpc.pb.h"

namespace trawl::service {

class ContentCalls {
 public:
  using GrpcService = v1::ContentService::WithRawMethod_ProcessContent<
      v1::ContentService::WithRawMethod_ProcessContentBatch<
          v1::ContentService::WithRawMethod_Explain<v1::ContentService::WithRawMethod_Ping<
              v1::ContentService::WithRawMethod_GetCapabilities<
                  v1::ContentService::WithRawMethod_AddContent<
                      v1::ContentService::WithRawMethod_ProcessContentStream<
                          v1::ContentService::WithRawMethod_ProcessUrl<
                              v1::ContentService::Service>>>>>>>>;

  // The references outlive it. Without `fetcher`, no URL is fetched; with it, `limits.url` is set.
  ContentCalls(const compute::Engine& engine, const compute::Ruleset& ruleset,
               const RequestLimits& limits, const Admission::Options& admission,
               const PeerLimits::Options& peer_limits, std::chrono::milliseconds delivery_patience,
               std::chrono::milliseconds slow_call, UrlFetcher* fetcher, Log& log);

  GrpcService& grpc_service() { return grpc_service_; }
  rpc::CallTracker& tracker() { return tracker_; }
  CallEnds& ends() { return ends_; }
  const CallEnds& ends() const { return ends_; }
  const Admission& admission() const { return admission_; }

  // Begins to accept calls from `poller`'s queue.
  void Accept(rpc::Poller& poller);

 private:
  // Of content that a poller works on in a turn.
  static constexpr uint64_t kTurnBytes = 64 << 10;

  // Calls that are admitted and worked on, here or by workers; `Work` is of content_work.h.
  template <typename Work, auto kRequestCall>
  rpc::Detached Process(rpc::Poller& poller, CallCounts::Method& method);
  // In stream_calls.cc and url_calls.cc.
  rpc::Detached ProcessStream(rpc::Poller& poller, CallCounts::Method& method);
  rpc::Detached ProcessUrl(rpc::Poller& poller, CallCounts::Method& method);
  // Calls that are answered where and when they arrive.
  template <typename Request, auto kRequestCall>
  rpc::Detached Reply(rpc::Poller& poller, CallCounts::Method& method);

  v1::PingResponse Answer(v1::PingRequest& request) const;
  const v1::GetCapabilitiesResponse& Answer(v1::GetCapabilitiesRequest&) const {
    return capabilities_;
  }

  // Whether a call with so many bytes, which waited so long already, waits too long for a worker.
  absl::Status CheckWait(std::chrono::nanoseconds waited, uint64_t request_bytes,
                         const compute::Limits& limits);

  // The call's place among those of its peer.
  absl::Status AdmitPeer(const grpc::ServerContext& context, uint64_t bytes,
                         PeerLimits::Ticket& place);

  const compute::Engine& engine_;
  const RequestLimits limits_;
  const RulesetMessages ruleset_;
  const v1::GetCapabilitiesResponse capabilities_;
  const compute::DomainDetector domains_;
  const WorkTools tools_{engine_, domains_, limits_, ruleset_};
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  UrlFetcher* const fetcher_;
  Admission admission_;
  PeerLimits peer_limits_;
  Deliveries deliveries_;
  CallEnds ends_;
  rpc::CallTracker tracker_;
  GrpcService grpc_service_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_CONTENT_CALLS_H_
