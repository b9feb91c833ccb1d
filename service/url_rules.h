// What an operator says of URLs to fetch; what it means: url_policy.h.
//
// Thread-safety: a value.

#ifndef TRAWL_SERVICE_URL_RULES_H_
#define TRAWL_SERVICE_URL_RULES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace trawl::service {

struct UrlRules {
  std::vector<uint16_t> ports = {80, 443};
  // Not empty: no other hosts.
  std::vector<std::string> allow_hosts;
  std::vector<std::string> deny_hosts;
  std::vector<std::string> allow_networks;
  std::vector<std::string> deny_networks;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_URL_RULES_H_
