// Which URLs are fetched, and which addresses connected to, by this server.
//
// Of hosts, a rule is a name, which stands for itself, or "*.NAME", which stands for all under it.
// Of networks, the smallest one that holds an address decides, a denied one where both are equal;
// an address that no rule holds has to be public (IsPublic). So a network that is allowed may be
// private, or be an exception to a larger one that is denied.
//
// Thread-safety: const. Lifetime: a value.

#ifndef TRAWL_SERVICE_URL_POLICY_H_
#define TRAWL_SERVICE_URL_POLICY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/ip_network.h"
#include "service/url.h"
#include "service/url_rules.h"

namespace trawl::service {

class UrlPolicy {
 public:
  // INVALID_ARGUMENT for a rule that is none, which the message names.
  static absl::StatusOr<UrlPolicy> Make(const UrlRules& rules);

  // Whether `url` may be fetched, as far as it says itself: scheme, userinfo, host and port.
  // PERMISSION_DENIED, as UrlError says.
  absl::Status Check(const Url& url, uint32_t redirects) const;

  // Whether a connection to it may be made.
  bool MayConnect(const IpAddress& address) const;

  const std::vector<uint16_t>& ports() const { return rules_.ports; }

 private:
  UrlRules rules_;
  std::vector<IpNetwork> allowed_;
  std::vector<IpNetwork> denied_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_URL_POLICY_H_
