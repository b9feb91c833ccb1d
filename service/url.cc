#include "service/url.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "compute/idna.h"

namespace trawl::service {
namespace {

// Of a part that is not there: nothing.
std::optional<std::string> Part(CURLU* handle, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle, part, &text, flags) != CURLUE_OK) return std::nullopt;
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return std::string(text);
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

void ToLower(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
}

// Nothing: a label has no A-form.
std::optional<std::string> ToALabels(std::string_view host) {
  std::string ascii;
  while (true) {
    const size_t dot = host.find('.');
    std::string label;
    if (!compute::LabelToAscii(host.substr(0, dot), label)) return std::nullopt;
    ascii += label;
    if (dot == std::string_view::npos) return ascii;
    host.remove_prefix(dot + 1);
    ascii += '.';
    if (host.empty()) return ascii;
  }
}

}  // namespace

std::optional<Url> Url::Parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  Handle handle(curl_url());
  if (handle == nullptr || curl_url_set(handle.get(), CURLUPART_URL, std::string(text).c_str(),
                                        CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) != CURLUE_OK) {
    return std::nullopt;
  }
  return From(std::move(handle));
}

// Redirects may hold spaces, as browsers take them.
std::optional<Url> Url::Redirected(std::string_view location) const {
  if (location.find('\0') != std::string_view::npos) return std::nullopt;
  Handle handle(curl_url_dup(handle_.get()));
  if (handle == nullptr ||
      curl_url_set(handle.get(), CURLUPART_URL, std::string(location).c_str(),
                   CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE) != CURLUE_OK) {
    return std::nullopt;
  }
  return From(std::move(handle));
}

// What is not fetched by its scheme need have no host. It is read twice, since libcurl undoes the
// escapes of a host after it has looked whether that is an address in numbers.
std::optional<Url> Url::From(Handle handle) {
  CURLU* const parts = handle.get();
  curl_url_set(parts, CURLUPART_FRAGMENT, nullptr, 0);
  const std::string text = Part(parts, CURLUPART_URL).value_or("");
  if (curl_url_set(parts, CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return std::nullopt;
  }
  Url url;
  url.has_userinfo_ = Part(parts, CURLUPART_USER).has_value() ||
                      Part(parts, CURLUPART_PASSWORD).has_value() ||
                      Part(parts, CURLUPART_OPTIONS).has_value();
  url.scheme_ = Part(parts, CURLUPART_SCHEME).value_or("");
  ToLower(url.scheme_);
  url.host_ = Part(parts, CURLUPART_HOST).value_or("");
  if (url.scheme_ == "http" || url.scheme_ == "https") {
    if (!url.ReadHost(parts)) return std::nullopt;
  }
  url.text_ = Part(parts, CURLUPART_URL).value_or("");
  if (url.text_.empty() || !IsAscii(url.text_)) return std::nullopt;
  url.handle_ = std::move(handle);
  return url;
}

bool Url::ReadHost(CURLU* parts) {
  if (!IsAscii(host_)) {
    std::optional<std::string> ascii = ToALabels(host_);
    if (!ascii.has_value()) return false;
    host_ = *std::move(ascii);
    if (curl_url_set(parts, CURLUPART_HOST, host_.c_str(), 0) != CURLUE_OK) return false;
  }
  ToLower(host_);
  if (host_.starts_with('[') && host_.ends_with(']')) host_ = host_.substr(1, host_.size() - 2);
  if (host_.ends_with('.')) host_.pop_back();
  const std::string port = Part(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or("");
  std::from_chars(port.data(), port.data() + port.size(), port_);
  const bool is_name = !host_.empty() && host_.find('%') == std::string::npos;
  return is_name && port_ != 0;
}

}  // namespace trawl::service
