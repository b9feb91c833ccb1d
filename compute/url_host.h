// The host of a URL: a domain, an IPv4 address in any form of the URL Standard, an IPv6 address in
// brackets, or localhost.
//
// Thread-safety: any thread; the HostReader is the caller's.

#ifndef TRAWL_COMPUTE_URL_HOST_H_
#define TRAWL_COMPUTE_URL_HOST_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "compute/detector.h"
#include "compute/finding.h"
#include "compute/host_reader.h"
#include "compute/ip_address.h"

namespace trawl::compute {

struct UrlHost {
  size_t end = 0;          // in the document
  std::string value;       // normalised, an IPv6 address in brackets
  size_t registrable = 0;  // bytes at the value's end that one registers
  Confidence confidence = Confidence::kHigh;
  Reasons reasons;
};

// The host that begins at `begin`, right of a scheme or userinfo.
std::optional<UrlHost> ReadUrlHost(std::string_view document, size_t begin,
                                   const ScanOptions& options, HostReader& hosts);

// An IPv4 address that begins at `begin` and is a host as a whole, but not written as four decimal
// octets.
std::optional<Ipv4Text> ReadObfuscatedIpv4(std::string_view document, size_t begin, Defang defang);

// How sure it is that such an address is meant: a single small number is often just a number.
Confidence ConfidenceOfObfuscated(std::string_view written);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_URL_HOST_H_
