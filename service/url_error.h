// How fetches fail. Messages and metadata hold nothing of the URL, the answer or an address.
//
// Thread-safety: functions of their arguments.

#ifndef TRAWL_SERVICE_URL_ERROR_H_
#define TRAWL_SERVICE_URL_ERROR_H_

#include <curl/curl.h>

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"

namespace trawl::service {

// FAILED_PRECONDITION where the server fetches nothing.
absl::Status UrlFetchDisabled();

// ErrorInfo.metadata has "redirects", how many were followed, beside `metadata`.
absl::Status UrlError(absl::StatusCode code, const char* reason, const std::string& message,
                      uint32_t redirects, std::map<std::string, std::string> metadata = {});

// The same, FAILED_PRECONDITION, for an answer over a limit.
absl::Status UrlOverLimit(const char* reason, const std::string& what, uint64_t limit,
                          const std::string& unit, uint32_t redirects);
absl::Status UrlBodyTooLarge(uint64_t limit, uint32_t redirects);

// For what libcurl ended a transfer with that brought no answer, or, with `has_head`, one that was
// cut off.
absl::Status UrlFailure(CURLcode code, bool has_head, uint32_t redirects);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_URL_ERROR_H_
