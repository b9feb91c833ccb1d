// Requests of ProcessUrl: parsed, checked, with the defaults filled in.
//
// Thread-safety: functions of their arguments.

#ifndef TRAWL_SERVICE_URL_REQUEST_H_
#define TRAWL_SERVICE_URL_REQUEST_H_

#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "service/request.h"
#include "service/url.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {

struct UrlRequest {
  std::optional<Url> url;  // set once parsed
  v1::ProcessOptions options;
  std::chrono::milliseconds timeout{0};
  uint64_t max_body_bytes = 0;
  uint32_t max_redirects = 0;
  std::string user_agent;
  std::vector<std::string> media_types;  // in lower case; empty: any
  bool include_body = false;
  uint64_t max_included_body_bytes = 0;

  // Whether a media type, in lower case, is one of those asked for.
  bool Accepts(std::string_view media_type) const;
};

// The media type that a Content-Type names, in lower case. Empty: it is not well-formed.
std::string MediaTypeOf(std::string_view content_type);

// Parses `bytes`, which is empty after. `limits.url` is set. INVALID_ARGUMENT with details.
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, UrlRequest& request);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_URL_REQUEST_H_
