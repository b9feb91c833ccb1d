// A URL to fetch, read once, by the parser of the library that fetches it: what is checked and what
// is connected to are the same.
//
// Thread-safety: may be moved between threads. Lifetime: a value.

#ifndef TRAWL_SERVICE_URL_H_
#define TRAWL_SERVICE_URL_H_

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace trawl::service {

class Url {
 public:
  // An absolute URL of any scheme. Nothing: it is none.
  static std::optional<Url> Parse(std::string_view text);

  // What a redirect from here to `location` leads to, which may be relative. Nothing: it is none.
  std::optional<Url> Redirected(std::string_view location) const;

  // All in lower case: the scheme, and, of http and https, the host as A-labels, without brackets
  // and final dot.
  const std::string& scheme() const { return scheme_; }
  const std::string& host() const { return host_; }
  uint16_t port() const { return port_; }
  bool has_userinfo() const { return has_userinfo_; }

  // Without a fragment.
  const std::string& text() const { return text_; }

  // For CURLOPT_CURLU, as long as this lives.
  CURLU* handle() const { return handle_.get(); }

 private:
  struct Cleanup {
    void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
  };
  using Handle = std::unique_ptr<CURLU, Cleanup>;

  static std::optional<Url> From(Handle handle);
  bool ReadHost(CURLU* parts);

  Handle handle_;
  std::string scheme_;
  std::string host_;
  uint16_t port_ = 0;
  bool has_userinfo_ = false;
  std::string text_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_URL_H_
