// Fetches URLs: one thread for all of them, on libcurl's multi interface over epoll.
//
// The thread never waits for a host: sockets are non-blocking, and names are looked up by threads
// of libcurl's own, each of which lives for one lookup and counts as its fetch until it ends, also
// where that was given up. So no more of them run than fetches may.
//
// Connections are kept for the next fetch from the same host, one fetch on each at a time: on a
// shared one, a call whose workers are behind would hold up the others.
//
// Thread-safety: all members may be called from any thread. Lifetime: from before the first fetch
// until after the end of the last.

#ifndef TRAWL_SERVICE_URL_FETCHER_H_
#define TRAWL_SERVICE_URL_FETCHER_H_

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "compute/thread_priority.h"
#include "service/request.h"
#include "service/url_fetch.h"
#include "service/url_policy.h"
#include "service/url_transfer.h"

namespace trawl::service {

class UrlFetcher {
 public:
  using Clock = std::chrono::steady_clock;

  // `ca_file`: whom to trust, as a file of certificates; empty: as the system does.
  UrlFetcher(UrlPolicy policy, const UrlLimits& limits, std::string ca_file,
             compute::ThreadPriority priority);
  ~UrlFetcher();
  UrlFetcher(const UrlFetcher&) = delete;
  UrlFetcher& operator=(const UrlFetcher&) = delete;

  // For UrlFetch, by an id of its own each. What comes for one that has ended is ignored.
  uint64_t NewId() { return next_id_.fetch_add(1, std::memory_order_relaxed); }
  void Start(uint64_t id, UrlFetch& fetch, UrlRequest request, Clock::time_point deadline);
  void GoOn(uint64_t id);
  void Abort(uint64_t id);

 private:
  struct Command {
    enum class Kind { kStart, kGoOn, kAbort, kStop };
    Kind kind;
    uint64_t id = 0;
    std::unique_ptr<UrlTransfer> transfer = nullptr;
  };
  using Transfers = std::map<uint64_t, std::unique_ptr<UrlTransfer>>;

  static int OnSocket(CURL* handle, curl_socket_t socket, int what, void* self, void* of_socket);
  static int OnTimer(CURLM* multi, long timeout_ms, void* self);

  void Post(Command command);

  // All below belongs to the thread.
  void Run();
  int TimeoutMs() const;
  // False: to stop.
  bool TakeCommands();
  void Begin(std::unique_ptr<UrlTransfer> transfer);
  absl::Status AddHop(UrlTransfer& transfer);
  void RemoveHop(UrlTransfer& transfer);
  void EndFinished();
  void EndLate();
  void TellNews();
  void GiveUp(Transfers::iterator place, absl::Status status);
  void End(Transfers::iterator place, absl::Status status);

  const UrlPolicy policy_;
  const UrlLimits limits_;
  const std::string ca_file_;
  const compute::ThreadPriority priority_;
  std::vector<uint64_t> with_news_;  // the thread's
  const UrlTransfer::Settings settings_{policy_, ca_file_, limits_.max_url_bytes,
                                        limits_.max_header_bytes, with_news_};
  std::atomic<uint64_t> next_id_ = 1;

  std::mutex mutex_;
  std::vector<Command> commands_;  // guarded by mutex_

  int epoll_ = -1;
  int wake_ = -1;  // an eventfd
  CURLM* multi_ = nullptr;
  std::optional<Clock::time_point> timer_;  // libcurl's
  std::deque<Command> taken_;               // of commands_, not yet done
  Transfers transfers_;
  std::map<std::string, uint32_t> of_host_;                     // fetches
  std::set<std::pair<Clock::time_point, uint64_t>> deadlines_;  // with their ids
  std::thread thread_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_URL_FETCHER_H_
