// One URL as libcurl fetches it, and the redirects from it, one handle for each hop.
//
// It decides what libcurl may do: which address to connect to, how long headers may be, which
// answer is one. It follows no redirect itself: each is a new hop, checked as the first URL was.
//
// Thread-safety: belongs to the fetcher's thread. Lifetime: the fetcher's, until it has ended; the
// fetch it is for may go before it, while the resolver, which cannot be stopped, still runs.

#ifndef TRAWL_SERVICE_URL_TRANSFER_H_
#define TRAWL_SERVICE_URL_TRANSFER_H_

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "service/url.h"
#include "service/url_fetch.h"
#include "service/url_policy.h"
#include "service/url_request.h"

namespace trawl::service {

class UrlTransfer {
 public:
  struct Settings {
    const UrlPolicy& policy;
    const std::string& ca_file;  // empty: the system's
    uint32_t max_url_bytes;
    uint32_t max_header_bytes;
    std::vector<uint64_t>& with_news;  // ids of transfers whose fetches are to be told
  };

  // How a hop ended: with a redirect to follow, or for good.
  struct Outcome {
    absl::Status status;
    bool redirect = false;
  };

  UrlTransfer(uint64_t id, UrlFetch& fetch, UrlRequest request,
              std::chrono::steady_clock::time_point deadline, const Settings& settings);

  uint64_t id() const { return id_; }
  const Url& url() const { return *request_.url; }
  std::chrono::steady_clock::time_point deadline() const { return deadline_; }

  // Whether the URL may be fetched.
  absl::Status Check() const { return settings_.policy.Check(url(), redirects_); }

  // Makes the handle for the URL. std::bad_alloc when there is no memory.
  void Prepare();
  CURL* handle() const { return handle_.get(); }

  // After libcurl is done with the handle, and it was removed. Of a redirect, `url` is the next.
  Outcome EndHop(CURLcode code);

  // The fetch's deadline has passed.
  absl::Status TimedOut() const;

  // Whether a thread of libcurl's looks the host up: until it ends, the handle stays.
  bool resolving() const { return resolving_; }

  // False once it was ended.
  bool has_fetch() const { return fetch_ != nullptr; }

  // Lets the fetch's call go on, where there is something for it.
  void Tell();

  // Ends the fetch, whose call may go on before it returns. Nothing is told to it after.
  void End(absl::Status status);

 private:
  struct Cleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static size_t OnHeader(char* data, size_t size, size_t count, void* self);
  static size_t OnBody(char* data, size_t size, size_t count, void* self);
  static curl_socket_t OnOpen(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int OnResolve(void* resolver, void* reserved, void* self);

  absl::Status TakeHead();
  absl::Status Redirect();
  absl::Status BodyTooLarge() const;
  std::string Header(const char* name) const;

  const uint64_t id_;
  UrlFetch* fetch_;  // null once it was ended
  UrlRequest request_;
  const std::chrono::steady_clock::time_point deadline_;
  const Settings& settings_;
  uint32_t redirects_ = 0;

  // Of this hop.
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<CURL, Cleanup> handle_;
  bool resolving_ = false;
  bool opened_ = false;
  bool address_refused_ = false;
  size_t header_bytes_ = 0;
  bool has_head_ = false;
  std::optional<std::string> location_;
  uint64_t body_bytes_ = 0;
  uint64_t body_limit_ = 0;
  bool has_news_ = false;  // and is listed in with_news
  absl::Status refused_;   // what a callback ended it with
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_URL_TRANSFER_H_
