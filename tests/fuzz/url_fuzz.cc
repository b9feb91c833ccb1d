// Any text as a URL, and any other as where it redirects to: what was read is the same when it is
// read again, its parts are where a slow reference finds them in its text, a relative redirect does
// not leave its host, and what is fetched by the policy is what the reference lets through.
//
// The first byte chooses the policy. The URL ends at the first zero byte; what follows is the
// redirect.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/url.h"
#include "service/url_policy.h"
#include "service/url_rules.h"

namespace {

using trawl::service::Url;
using trawl::service::UrlPolicy;
using trawl::service::UrlRules;

void Expect(bool holds, const char* what, const Url& url) {
  if (holds) return;
  std::cerr << "not so: " << what << "\n  " << url.text() << "\n  " << url.host() << "\n";
  std::abort();
}

bool IsWeb(const Url& url) { return url.scheme() == "http" || url.scheme() == "https"; }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// SCHEME://[USERINFO@]HOST[:PORT][/PATH][?QUERY], by RFC 3986. The zone of an address is no part of
// the host.
struct Parts {
  std::string scheme;
  bool has_userinfo = false;
  std::string host;
  std::string port;  // empty: the scheme's
};

Parts Split(std::string_view text) {
  Parts parts;
  const size_t colon = text.find("://");
  if (colon == std::string_view::npos) return parts;
  parts.scheme = Lower(text.substr(0, colon));
  std::string_view authority = text.substr(colon + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const size_t at = authority.rfind('@');
  parts.has_userinfo = at != std::string_view::npos;
  if (parts.has_userinfo) authority.remove_prefix(at + 1);
  const size_t bracket = authority.rfind(']');
  const size_t port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  parts.host = Lower(authority.substr(0, port));
  if (port != std::string_view::npos) parts.port = std::string(authority.substr(port + 1));
  if (parts.host.starts_with('[')) parts.host = parts.host.substr(1, parts.host.size() - 2);
  parts.host = parts.host.substr(0, parts.host.find('%'));
  if (parts.host.ends_with('.')) parts.host.pop_back();
  return parts;
}

void CheckParts(const Url& url) {
  if (!IsWeb(url)) return;
  for (const char c : url.text()) {
    Expect(c > 0x20 && c < 0x7f && c != '#', "the text has no odd bytes and no fragment", url);
  }
  const Parts parts = Split(url.text());
  Expect(parts.scheme == url.scheme(), "the scheme", url);
  Expect(parts.has_userinfo == url.has_userinfo(), "the userinfo", url);
  Expect(parts.host == url.host(), "the host", url);
  Expect(!url.host().empty(), "there is a host", url);
  const std::string standard = url.scheme() == "http" ? "80" : "443";
  Expect((parts.port.empty() ? standard : parts.port) == std::to_string(url.port()), "the port",
         url);
}

void CheckSame(const Url& again, const Url& url) {
  Expect(again.text() == url.text(), "read again it has the same text", again);
  Expect(again.host() == url.host(), "read again it has the same host", again);
  Expect(again.scheme() == url.scheme() && again.port() == url.port() &&
             again.has_userinfo() == url.has_userinfo(),
         "read again it has the same parts", again);
}

void CheckUrl(const Url& url) {
  CheckParts(url);
  if (!IsWeb(url)) return;
  const std::optional<Url> again = Url::Parse(url.text());
  Expect(again.has_value(), "it can be read again", url);
  CheckSame(*again, url);
}

bool HasScheme(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  for (const char c : Lower(text.substr(0, colon))) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')) {
      return false;
    }
  }
  return true;
}

void CheckRedirect(const Url& base, std::string_view location) {
  const std::optional<Url> next = base.Redirected(location);
  if (!next.has_value()) return;
  CheckUrl(*next);
  if (HasScheme(location)) {
    const std::optional<Url> alone = Url::Parse(location);
    if (alone.has_value()) CheckSame(*next, *alone);
    return;
  }
  Expect(next->scheme() == base.scheme(), "without a scheme it keeps that", *next);
  if (location.starts_with("//")) return;
  Expect(next->host() == base.host() && next->port() == base.port() &&
             next->has_userinfo() == base.has_userinfo(),
         "a relative redirect does not leave its host", *next);
}

std::vector<UrlRules> Rules() {
  std::vector<UrlRules> rules(4);
  rules[1].allow_hosts = {"a.example", "*.a.example", "127.0.0.1"};
  rules[2].deny_hosts = {"a.example", "*.b.example", "::1"};
  rules[2].ports = {443, 8080, 80};
  rules[3].allow_hosts = {"*.example"};
  rules[3].deny_hosts = {"*.a.example"};
  return rules;
}

bool IsOf(std::string_view host, const std::vector<std::string>& rules) {
  for (const std::string& rule : rules) {
    if (host == rule) return true;
    if (rule[0] != '*') continue;
    for (size_t dot = host.find('.'); dot != std::string_view::npos;
         dot = host.find('.', dot + 1)) {
      if (dot > 0 && host.substr(dot) == rule.substr(1)) return true;
    }
  }
  return false;
}

bool IsFetched(const Url& url, const UrlRules& rules) {
  if (!IsWeb(url)) return false;
  const Parts parts = Split(url.text());
  if (parts.has_userinfo) return false;
  int port = parts.scheme == "http" ? 80 : 443;
  if (!parts.port.empty()) port = std::atoi(parts.port.c_str());
  bool listed = false;
  for (const uint16_t allowed : rules.ports) listed = listed || allowed == port;
  if (!listed || IsOf(parts.host, rules.deny_hosts)) return false;
  return rules.allow_hosts.empty() || IsOf(parts.host, rules.allow_hosts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto& rules = *new std::vector<UrlRules>(Rules());
  static const auto& policies = *[] {
    auto* const all = new std::vector<UrlPolicy>;
    for (const UrlRules& one : rules) all->push_back(*UrlPolicy::Make(one));
    return all;
  }();
  if (size < 1) return 0;
  const size_t which = data[0] % rules.size();
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t end = text.find('\0');
  const std::optional<Url> url = Url::Parse(text.substr(0, end));
  if (!url.has_value()) return 0;
  CheckUrl(*url);
  Expect(policies[which].Check(*url, 0).ok() == IsFetched(*url, rules[which]),
         "what is fetched is what the rules let through", *url);
  if (end != std::string_view::npos && IsWeb(*url)) CheckRedirect(*url, text.substr(end + 1));
  return 0;
}
