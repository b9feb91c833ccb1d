// One fetch, between the call that wants it and the thread that does it.
//
//   UrlFetch fetch(fetcher, std::move(request), deadline);     // begins
//   fetch.WaitForNews(resume);
//   UrlFetch::News news = fetch.Take();                        // and again, until news.ended
//
// What has arrived waits here, up to a bound; then nothing more is read from the web until it is
// taken.
//
// Thread-safety: WaitForNews and Take belong to the call, one at a time; Abort may come from any
// thread; Put, PutHead and End belong to the fetcher's thread. Lifetime: until the end was taken;
// the fetcher outlives it.

#ifndef TRAWL_SERVICE_URL_FETCH_H_
#define TRAWL_SERVICE_URL_FETCH_H_

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "service/url_request.h"

namespace trawl::service {

class UrlFetcher;

// The last answer, before its body.
struct UrlHead {
  uint32_t status = 0;
  std::string media_type;  // in lower case; empty: none, or not well-formed
  std::string encoding;    // of Content-Encoding, in lower case; empty: none
  std::string http_version;
  std::string url;
  uint32_t redirects = 0;
};

class UrlFetch {
 public:
  // Of a body of which so much has come, so much waits here at most, and one piece of
  // kMaxPieceBytes.
  static constexpr uint64_t kSmallBody = 512 << 10;
  static constexpr uint64_t kSmallBufferBytes = 32 << 10;
  static constexpr uint64_t kLargeBufferBytes = 512 << 10;
  static constexpr long kMaxPieceBytes = 64 << 10;

  struct News {
    std::optional<UrlHead> head;  // once, before the body's first bytes
    std::string bytes;            // of the body as sent
    bool ended = false;
    absl::Status status;  // how it ended
  };

  UrlFetch(UrlFetcher& fetcher, UrlRequest request, std::chrono::steady_clock::time_point deadline);
  UrlFetch(const UrlFetch&) = delete;
  UrlFetch& operator=(const UrlFetch&) = delete;

  // Calls `resume` once there is something to take, perhaps at once, perhaps on the fetcher's
  // thread.
  void WaitForNews(absl::AnyInvocable<void()> resume);
  News Take();

  // The end comes soon, with CANCELLED.
  void Abort();

  void PutHead(UrlHead head);
  // False: there is no room; none of the bytes was taken, and the fetcher is told when there is.
  // The call goes on when much has come; else the fetcher sees to it by Tell, soon after.
  bool Put(std::string_view bytes);
  void Tell();
  // The last thing: the call may go on and destroy this before it returns.
  void End(absl::Status status);

 private:
  bool has_news() const { return !news_.bytes.empty() || news_.ended; }
  void Notify(std::unique_lock<std::mutex> lock);

  UrlFetcher& fetcher_;
  const uint64_t id_;  // for the fetcher
  std::mutex mutex_;
  News news_;                          // guarded by mutex_, as all below
  absl::AnyInvocable<void()> resume_;  // of who waits
  uint64_t taken_bytes_ = 0;           // so far
  bool waits_for_room_ = false;        // the fetcher
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_URL_FETCH_H_
