#include "service/url_policy.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/url_error.h"

namespace trawl::service {
namespace {

bool IsRule(std::string_view rule) {
  if (rule.starts_with("*.")) rule.remove_prefix(2);
  return !rule.empty() && std::all_of(rule.begin(), rule.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
           c == ':';
  });
}

bool Matches(std::string_view host, std::string_view rule) {
  if (rule.starts_with("*.")) {
    rule.remove_prefix(1);
    return host.size() > rule.size() && host.ends_with(rule);
  }
  return host == rule;
}

bool MatchesAny(std::string_view host, const std::vector<std::string>& rules) {
  return std::any_of(rules.begin(), rules.end(),
                     [host](const std::string& rule) { return Matches(host, rule); });
}

absl::Status CheckHosts(const char* flag, const std::vector<std::string>& rules) {
  for (const std::string& rule : rules) {
    if (!IsRule(rule)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", flag, ": ", rule, " is no host: a name in lower case, as A-labels, ",
                       "*.NAME for all under it, or an address"));
    }
  }
  return absl::OkStatus();
}

absl::Status AddNetworks(const char* flag, const std::vector<std::string>& rules,
                         std::vector<IpNetwork>& networks) {
  for (const std::string& rule : rules) {
    const std::optional<IpNetwork> network = IpNetwork::Parse(rule);
    if (!network.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", flag, ": ", rule, " is no network, as 10.0.0.0/8 or fd00::/8 is"));
    }
    networks.push_back(*network);
  }
  return absl::OkStatus();
}

// -1: none holds it.
int LongestPrefix(const std::vector<IpNetwork>& networks, const IpAddress& address) {
  int longest = -1;
  for (const IpNetwork& network : networks) {
    if (network.Contains(address)) longest = std::max(longest, network.prefix_bits());
  }
  return longest;
}

}  // namespace

absl::StatusOr<UrlPolicy> UrlPolicy::Make(const UrlRules& rules) {
  UrlPolicy policy;
  policy.rules_ = rules;
  std::sort(policy.rules_.ports.begin(), policy.rules_.ports.end());
  absl::Status status = CheckHosts("url_allow_host", rules.allow_hosts);
  status.Update(CheckHosts("url_deny_host", rules.deny_hosts));
  status.Update(AddNetworks("url_allow_network", rules.allow_networks, policy.allowed_));
  status.Update(AddNetworks("url_deny_network", rules.deny_networks, policy.denied_));
  if (!status.ok()) return status;
  return policy;
}

absl::Status UrlPolicy::Check(const Url& url, uint32_t redirects) const {
  const auto forbidden = [redirects](const char* reason, const std::string& message) {
    return UrlError(absl::StatusCode::kPermissionDenied, reason, message, redirects);
  };
  if (url.scheme() != "http" && url.scheme() != "https") {
    return forbidden("URL_SCHEME_FORBIDDEN", "only URLs with scheme http or https are fetched");
  }
  if (url.has_userinfo()) {
    return forbidden("URL_USERINFO_FORBIDDEN", "URLs with credentials are not fetched");
  }
  if (!std::binary_search(rules_.ports.begin(), rules_.ports.end(), url.port())) {
    return forbidden("URL_PORT_FORBIDDEN", "this server fetches nothing from this port");
  }
  if (MatchesAny(url.host(), rules_.deny_hosts) ||
      (!rules_.allow_hosts.empty() && !MatchesAny(url.host(), rules_.allow_hosts))) {
    return forbidden("URL_HOST_FORBIDDEN", "this server fetches nothing from this host");
  }
  return absl::OkStatus();
}

bool UrlPolicy::MayConnect(const IpAddress& address) const {
  const int allowed = LongestPrefix(allowed_, address);
  const int denied = LongestPrefix(denied_, address);
  if (allowed > denied) return true;
  return denied < 0 && IsPublic(address);
}

}  // namespace trawl::service
