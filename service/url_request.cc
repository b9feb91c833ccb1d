#include "service/url_request.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "service/error.h"

namespace trawl::service {
namespace {

constexpr size_t kMaxUserAgentBytes = 256;
constexpr int kMaxMediaTypes = 16;
constexpr size_t kMaxMediaTypeBytes = 127;

// What the names of media types may hold beside letters and digits (RFC 6838, section 4.2).
constexpr std::string_view kTokenSigns = "!#$&-^_.+";

// Of 0 for a number that the request left open.
template <typename Number>
absl::Status Fill(const std::string& reason, const std::string& field, Number value, Number limit,
                  const std::string& unit, Number& filled) {
  if (value > limit) return OverLimit(reason, field, value, limit, unit);
  filled = value == 0 ? limit : value;
  return absl::OkStatus();
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           kTokenSigns.find(c) != std::string_view::npos;
  });
}

bool IsMediaType(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view type = text.substr(0, slash);
  const std::string_view subtype = text.substr(slash + 1);
  return IsToken(type) && (subtype == "*" || IsToken(subtype));
}

absl::Status CheckMediaTypes(const v1::FetchOptions& fetch, UrlRequest& request) {
  if (fetch.accept_media_types_size() > kMaxMediaTypes) {
    return OverLimit("TOO_MANY_MEDIA_TYPES", "fetch.accept_media_types",
                     static_cast<uint64_t>(fetch.accept_media_types_size()), kMaxMediaTypes,
                     "entries");
  }
  for (int i = 0; i < fetch.accept_media_types_size(); ++i) {
    const std::string field = absl::StrCat("fetch.accept_media_types[", i, "]");
    const std::string& type = fetch.accept_media_types(i);
    if (type.size() > kMaxMediaTypeBytes) {
      return OverLimit("MEDIA_TYPE_INVALID", field, type.size(), kMaxMediaTypeBytes, "bytes");
    }
    if (!IsMediaType(type)) {
      return InvalidField("MEDIA_TYPE_INVALID", field, "no media type, as text/html or text/* is");
    }
    request.media_types.push_back(absl::AsciiStrToLower(type));
  }
  return absl::OkStatus();
}

absl::Status CheckUserAgent(const std::string& user_agent) {
  if (user_agent.size() > kMaxUserAgentBytes) {
    return OverLimit("USER_AGENT_INVALID", "fetch.user_agent", user_agent.size(),
                     kMaxUserAgentBytes, "bytes");
  }
  const bool printable = std::all_of(user_agent.begin(), user_agent.end(),
                                     [](char c) { return c >= ' ' && c <= '~'; });
  if (printable) return absl::OkStatus();
  return InvalidField("USER_AGENT_INVALID", "fetch.user_agent", "holds other than printable ASCII");
}

absl::Status CheckUrl(const std::string& url, const UrlLimits& limits, UrlRequest& request) {
  if (url.size() > limits.max_url_bytes) {
    return OverLimit("URL_TOO_LONG", "url", url.size(), limits.max_url_bytes, "bytes");
  }
  request.url = Url::Parse(url);
  if (request.url.has_value()) return absl::OkStatus();
  return InvalidField("URL_INVALID", "url", "no absolute URL, as https://example.com/ is");
}

absl::Status CheckFetch(const v1::FetchOptions& fetch, const UrlLimits& limits,
                        UrlRequest& request) {
  uint32_t timeout_ms = 0;
  absl::Status status =
      Fill<uint32_t>("TIMEOUT_TOO_LARGE", "fetch.timeout_ms", fetch.timeout_ms(),
                     static_cast<uint32_t>(limits.max_timeout.count()), "ms", timeout_ms);
  request.timeout = std::chrono::milliseconds(timeout_ms);
  status.Update(Fill<uint64_t>("MAX_BODY_BYTES_TOO_LARGE", "fetch.max_body_bytes",
                               fetch.max_body_bytes(), limits.max_body_bytes, "bytes",
                               request.max_body_bytes));
  status.Update(Fill<uint64_t>("MAX_INCLUDED_BODY_BYTES_TOO_LARGE", "fetch.max_included_body_bytes",
                               fetch.max_included_body_bytes(), limits.max_included_body_bytes,
                               "bytes", request.max_included_body_bytes));
  request.max_redirects = fetch.has_max_redirects() ? fetch.max_redirects() : limits.max_redirects;
  if (request.max_redirects > limits.max_redirects) {
    status.Update(OverLimit("MAX_REDIRECTS_TOO_LARGE", "fetch.max_redirects", request.max_redirects,
                            limits.max_redirects, "redirects"));
  }
  status.Update(CheckUserAgent(fetch.user_agent()));
  request.user_agent = fetch.user_agent().empty() ? limits.user_agent : fetch.user_agent();
  request.include_body = fetch.include_body();
  status.Update(CheckMediaTypes(fetch, request));
  return status;
}

}  // namespace

bool UrlRequest::Accepts(std::string_view media_type) const {
  if (media_types.empty()) return true;
  return std::any_of(media_types.begin(), media_types.end(), [&](std::string_view wanted) {
    if (!wanted.ends_with("/*")) return media_type == wanted;
    wanted.remove_suffix(1);
    return media_type.starts_with(wanted);
  });
}

std::string MediaTypeOf(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  const size_t end = type.find_last_not_of(" \t");
  std::string media_type(type.substr(0, end == std::string_view::npos ? 0 : end + 1));
  if (media_type.size() > kMaxMediaTypeBytes || !IsMediaType(media_type)) return "";
  absl::AsciiStrToLower(&media_type);
  return media_type;
}

absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, UrlRequest& request) {
  v1::ProcessUrlRequest message;
  if (!ParseBytes(bytes, message)) return Malformed(message.GetDescriptor()->full_name());
  absl::Status status = CheckUrl(message.url(), *limits.url, request);
  status.Update(CheckFetch(message.fetch(), *limits.url, request));
  ContentOptions checked;
  status.Update(Check(message.options(), limits, checked));
  request.options = std::move(*message.mutable_options());
  if (request.options.encoding() == v1::ENCODING_UNSPECIFIED) {
    request.options.set_encoding(v1::ENCODING_AUTO);
  }
  if (request.options.max_findings() == 0) request.options.set_max_findings(limits.max_findings);
  return status;
}

}  // namespace trawl::service
