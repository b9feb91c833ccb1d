#include "service/url_transfer.h"

#include <sys/socket.h>

#include <charconv>
#include <new>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/body_decoder.h"
#include "service/ip_network.h"
#include "service/url_error.h"

namespace trawl::service {
namespace {

constexpr long kYes = 1;
constexpr long kNo = 0;

// Of the body of a redirect, so much is read to keep the connection.
constexpr uint64_t kMaxRedirectBody = 64 << 10;

// Beyond it a compressed body is too large whatever it holds.
constexpr uint64_t kEncodingOverhead = 64 << 10;

bool IsRedirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

const char* VersionName(long version) {
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_1_1:
      return "1.1";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    default:
      return "";
  }
}

curl_slist* Append(curl_slist* list, const std::string& header) {
  curl_slist* const longer = curl_slist_append(list, header.c_str());
  if (longer != nullptr) return longer;
  curl_slist_free_all(list);
  throw std::bad_alloc();
}

absl::Status OutOfMemory() { return absl::ResourceExhaustedError("out of memory for this call"); }

}  // namespace

UrlTransfer::UrlTransfer(uint64_t id, UrlFetch& fetch, UrlRequest request,
                         std::chrono::steady_clock::time_point deadline, const Settings& settings)
    : id_(id),
      fetch_(&fetch),
      request_(std::move(request)),
      deadline_(deadline),
      settings_(settings) {}

// libcurl waits for its resolver where a handle goes, unless told to be quick. Timeouts are the
// fetcher's, since libcurl's would do away with handles that are resolving.
void UrlTransfer::Prepare() {
  constexpr long kConnectTimeoutMs = 3'600'000;
  handle_.reset(curl_easy_init());
  if (handle_ == nullptr) throw std::bad_alloc();
  const std::string accept =
      request_.media_types.empty() ? "*/*" : absl::StrJoin(request_.media_types, ", ");
  headers_.reset(Append(nullptr, absl::StrCat("Accept: ", accept)));
  headers_.reset(
      Append(headers_.release(), absl::StrCat("Accept-Encoding: ", BodyDecoder::kAccepted)));

  CURL* const h = handle_.get();
  curl_easy_setopt(h, CURLOPT_CURLU, url().handle());
  curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(h, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, kNo);
  curl_easy_setopt(h, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(h, CURLOPT_USERAGENT, request_.user_agent.c_str());
  curl_easy_setopt(h, CURLOPT_PROXY, "");
  curl_easy_setopt(h, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(h, CURLOPT_DISALLOW_USERNAME_IN_URL, kYes);
  curl_easy_setopt(h, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings_.ca_file.empty()) {
    curl_easy_setopt(h, CURLOPT_CAINFO, settings_.ca_file.c_str());
    curl_easy_setopt(h, CURLOPT_CAPATH, nullptr);
  }
  curl_easy_setopt(h, CURLOPT_NOSIGNAL, kYes);
  curl_easy_setopt(h, CURLOPT_QUICK_EXIT, kYes);
  curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
  curl_easy_setopt(h, CURLOPT_BUFFERSIZE, UrlFetch::kMaxPieceBytes);
  curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, &OnHeader);
  curl_easy_setopt(h, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(h, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, &OnOpen);
  curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(h, CURLOPT_RESOLVER_START_FUNCTION, &OnResolve);
  curl_easy_setopt(h, CURLOPT_RESOLVER_START_DATA, this);
  curl_easy_setopt(h, CURLOPT_PRIVATE, this);
}

int UrlTransfer::OnResolve(void*, void*, void* self) {
  static_cast<UrlTransfer*>(self)->resolving_ = true;
  return 0;
}

// The address is the one that the socket will be connected to, whatever the name was looked up as
// before.
curl_socket_t UrlTransfer::OnOpen(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<UrlTransfer*>(self);
  transfer.resolving_ = false;
  if (transfer.fetch_ == nullptr) return CURL_SOCKET_BAD;
  const std::optional<IpAddress> ip = ToIpAddress(address->addr);
  if (!ip.has_value() || !transfer.settings_.policy.MayConnect(*ip)) {
    transfer.address_refused_ = true;
    return CURL_SOCKET_BAD;
  }
  transfer.opened_ = true;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

size_t UrlTransfer::OnHeader(char* data, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<UrlTransfer*>(self);
  const std::string_view line(data, size * count);
  if (!transfer.has_fetch()) return 0;
  transfer.header_bytes_ += line.size();
  if (transfer.header_bytes_ > transfer.settings_.max_header_bytes) {
    transfer.refused_ =
        UrlOverLimit("URL_HEADERS_TOO_LARGE", "the headers have",
                     transfer.settings_.max_header_bytes, "bytes", transfer.redirects_);
    return 0;
  }
  if (transfer.has_head_ || (line != "\r\n" && line != "\n")) return line.size();
  try {
    transfer.refused_ = transfer.TakeHead();
  } catch (const std::bad_alloc&) {
    transfer.refused_ = OutOfMemory();
  }
  return transfer.refused_.ok() ? line.size() : 0;
}

std::string UrlTransfer::Header(const char* name) const {
  curl_header* header = nullptr;
  std::string value;
  for (size_t i = 0; curl_easy_header(handle(), name, i, CURLH_HEADER, -1, &header) == CURLHE_OK;
       ++i) {
    absl::StrAppend(&value, i == 0 ? "" : ",", header->value);
  }
  return value;
}

// What libcurl would undo of a Transfer-Encoding beside chunks, it would without a bound.
absl::Status UrlTransfer::TakeHead() {
  long status = 0;
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  if (status < 200) return absl::OkStatus();
  has_head_ = true;
  const std::string transfer_encoding = absl::AsciiStrToLower(Header("transfer-encoding"));
  if (!transfer_encoding.empty() && transfer_encoding != "chunked") {
    return UrlError(absl::StatusCode::kFailedPrecondition, "URL_ENCODING_INVALID",
                    "the body has a transfer encoding that was not asked for", redirects_);
  }
  if (IsRedirect(status)) {
    std::string location = Header("location");
    if (!location.empty()) {
      location_ = std::move(location);
      return absl::OkStatus();
    }
  }

  UrlHead head;
  head.status = static_cast<uint32_t>(status);
  head.media_type = MediaTypeOf(Header("content-type"));
  if (status < 300 && !request_.Accepts(head.media_type)) {
    return UrlError(absl::StatusCode::kFailedPrecondition, "URL_MEDIA_TYPE_NOT_ACCEPTED",
                    "the answer is of a media type that was not asked for", redirects_);
  }
  head.encoding = absl::AsciiStrToLower(Header("content-encoding"));
  if (head.encoding == "identity") head.encoding.clear();
  uint64_t length = 0;
  const std::string content_length = Header("content-length");
  std::from_chars(content_length.data(), content_length.data() + content_length.size(), length);
  if (head.encoding.empty() && length > request_.max_body_bytes) return BodyTooLarge();
  long version = 0;
  curl_easy_getinfo(handle(), CURLINFO_HTTP_VERSION, &version);
  head.http_version = VersionName(version);
  head.url = url().text();
  head.redirects = redirects_;
  body_limit_ = request_.max_body_bytes + (head.encoding.empty() ? 0 : kEncodingOverhead);
  fetch_->PutHead(std::move(head));
  return absl::OkStatus();
}

size_t UrlTransfer::OnBody(char* data, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<UrlTransfer*>(self);
  const std::string_view bytes(data, size * count);
  if (transfer.location_.has_value()) {
    transfer.body_bytes_ += bytes.size();
    return transfer.body_bytes_ <= kMaxRedirectBody ? bytes.size() : 0;
  }
  if (transfer.body_bytes_ + bytes.size() > transfer.body_limit_) {
    transfer.refused_ = transfer.BodyTooLarge();
    return 0;
  }
  try {
    if (!transfer.fetch_->Put(bytes)) return CURL_WRITEFUNC_PAUSE;
    if (!transfer.has_news_) transfer.settings_.with_news.push_back(transfer.id_);
    transfer.has_news_ = true;
  } catch (const std::bad_alloc&) {
    transfer.refused_ = OutOfMemory();
    return 0;
  }
  transfer.body_bytes_ += bytes.size();
  return bytes.size();
}

UrlTransfer::Outcome UrlTransfer::EndHop(CURLcode code) {
  resolving_ = false;
  if (location_.has_value()) {
    const absl::Status status = Redirect();
    return {status, status.ok()};
  }
  if (code == CURLE_OK && has_head_) return {};
  if (!refused_.ok()) return {refused_};
  if (address_refused_ && !opened_) {
    return {UrlError(absl::StatusCode::kPermissionDenied, "URL_ADDRESS_FORBIDDEN",
                     "this server connects to no such address", redirects_)};
  }
  return {UrlFailure(code, has_head_, redirects_)};
}

absl::Status UrlTransfer::Redirect() {
  if (redirects_ >= request_.max_redirects) {
    return UrlOverLimit("URL_TOO_MANY_REDIRECTS", "there are", request_.max_redirects, "redirects",
                        redirects_);
  }
  std::optional<Url> next;
  if (location_->size() <= settings_.max_url_bytes) next = url().Redirected(*location_);
  if (!next.has_value() || next->text().size() > settings_.max_url_bytes) {
    return UrlError(absl::StatusCode::kFailedPrecondition, "URL_REDIRECT_INVALID",
                    "a redirect leads to no URL, or to a too long one", redirects_);
  }
  handle_.reset();
  headers_.reset();
  request_.url = std::move(next);
  ++redirects_;
  opened_ = address_refused_ = has_head_ = false;
  header_bytes_ = 0;
  body_bytes_ = 0;
  location_.reset();
  refused_ = absl::OkStatus();
  return absl::OkStatus();
}

absl::Status UrlTransfer::TimedOut() const {
  return UrlError(absl::StatusCode::kDeadlineExceeded, "URL_TIMEOUT",
                  absl::StrCat("not fetched within ", request_.timeout.count(), " ms, the limit"),
                  redirects_, {{"limit", absl::StrCat(request_.timeout.count())}});
}

absl::Status UrlTransfer::BodyTooLarge() const {
  return UrlBodyTooLarge(request_.max_body_bytes, redirects_);
}

void UrlTransfer::Tell() {
  has_news_ = false;
  if (has_fetch()) fetch_->Tell();
}

void UrlTransfer::End(absl::Status status) {
  std::exchange(fetch_, nullptr)->End(std::move(status));
}

}  // namespace trawl::service
