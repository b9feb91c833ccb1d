// Networks of IP addresses, as they are allowed and denied, and those that no content of the web
// comes from.
//
// IPv4 addresses are taken as the IPv6 addresses that map them (::ffff:0:0/96), so both forms of
// one address are the same.
//
// Thread-safety: values.

#ifndef TRAWL_SERVICE_IP_NETWORK_H_
#define TRAWL_SERVICE_IP_NETWORK_H_

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace trawl::service {

using IpAddress = std::array<uint8_t, 16>;

// Nothing: of another family than IPv4 and IPv6.
std::optional<IpAddress> ToIpAddress(const sockaddr& address);

class IpNetwork {
 public:
  // "10.0.0.0/8", "fd00::/8", or an address alone. Nothing: it is neither, or bits beyond the
  // prefix are set.
  static std::optional<IpNetwork> Parse(const std::string& text);

  bool Contains(const IpAddress& address) const;

  // Of the 128; the longer the prefix, the smaller the network.
  int prefix_bits() const { return prefix_bits_; }

 private:
  IpNetwork(const IpAddress& address, int prefix_bits)
      : address_(address), prefix_bits_(prefix_bits) {}

  IpAddress address_;
  int prefix_bits_;
};

// Whether an address is one of the public internet: unicast, of one host, and not set aside by the
// registries of special-purpose addresses (RFC 6890 and its registries at IANA): private, shared,
// loopback, link-local, documentation, benchmarks, multicast, reserved; nor one that stands for an
// IPv4 address (IPv4-compatible, NAT64, 6to4, Teredo), nor of a cloud's metadata service.
bool IsPublic(const IpAddress& address);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_IP_NETWORK_H_
