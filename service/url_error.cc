#include "service/url_error.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "service/error.h"

namespace trawl::service {

absl::Status UrlFetchDisabled() {
  return ErrorWith(absl::StatusCode::kFailedPrecondition, "URL_FETCH_DISABLED",
                   "this server fetches no URLs: it was started without --enable_url_fetch");
}

absl::Status UrlError(absl::StatusCode code, const char* reason, const std::string& message,
                      uint32_t redirects, std::map<std::string, std::string> metadata) {
  metadata["redirects"] = absl::StrCat(redirects);
  return ErrorWith(code, reason, message, metadata);
}

absl::Status UrlOverLimit(const char* reason, const std::string& what, uint64_t limit,
                          const std::string& unit, uint32_t redirects) {
  return UrlError(absl::StatusCode::kFailedPrecondition, reason,
                  absl::StrCat(what, " more than ", limit, " ", unit, ", the limit"), redirects,
                  {{"limit", absl::StrCat(limit)}});
}

absl::Status UrlBodyTooLarge(uint64_t limit, uint32_t redirects) {
  return UrlOverLimit("URL_BODY_TOO_LARGE", "the body has", limit, "bytes", redirects);
}

absl::Status UrlFailure(CURLcode code, bool has_head, uint32_t redirects) {
  const auto failed = [&](const char* reason, const std::string& message) {
    return UrlError(absl::StatusCode::kFailedPrecondition, reason, message, redirects);
  };
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return UrlError(absl::StatusCode::kNotFound, "URL_HOST_NOT_FOUND",
                      "the host's name does not resolve", redirects);
    case CURLE_COULDNT_CONNECT:
      return failed("URL_UNREACHABLE", "the host does not take connections at this port");
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      return failed("URL_TLS_FAILED",
                    absl::StrCat("no TLS with this host: ", curl_easy_strerror(code)));
    case CURLE_OUT_OF_MEMORY:
      // Of a line of headers, libcurl takes 100 KB.
      if (!has_head) return failed("URL_HEADERS_TOO_LARGE", "a line of the headers is too long");
      return absl::ResourceExhaustedError("out of memory for this call");
    default:
      break;
  }
  if (has_head) return failed("URL_BODY_CUT_OFF", "the body ended before it was whole");
  return failed("URL_PROTOCOL_ERROR",
                absl::StrCat("no answer of HTTP: ", curl_easy_strerror(code)));
}

}  // namespace trawl::service
