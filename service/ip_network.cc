#include "service/ip_network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

namespace trawl::service {
namespace {

constexpr int kMappedBits = 96;

// https://www.iana.org/assignments/iana-ipv4-special-registry and its like for IPv6; what is public
// beside them is named where it lies in a network that is not.
constexpr const char* kNotPublic[] = {
    "0.0.0.0/8",          // this network
    "10.0.0.0/8",         // private
    "100.64.0.0/10",      // shared by carriers; Alibaba's metadata
    "127.0.0.0/8",        // loopback
    "168.63.129.16",      // Azure's metadata
    "169.254.0.0/16",     // link-local; the metadata of most clouds
    "172.16.0.0/12",      // private
    "192.0.0.0/24",       // protocol assignments; Oracle's metadata
    "192.0.2.0/24",       // documentation
    "192.31.196.0/24",    // AS112
    "192.52.193.0/24",    // AMT
    "192.88.99.0/24",     // 6to4 relays
    "192.168.0.0/16",     // private
    "192.175.48.0/24",    // AS112
    "198.18.0.0/15",      // benchmarks
    "198.51.100.0/24",    // documentation
    "203.0.113.0/24",     // documentation
    "224.0.0.0/4",        // multicast
    "240.0.0.0/4",        // reserved, broadcast
    "2001::/23",          // protocol assignments; Teredo, ORCHID
    "2001:db8::/32",      // documentation
    "2002::/16",          // 6to4
    "2620:4f:8000::/48",  // AS112
    "3fff::/20",          // documentation
};

// All of IPv6 that is global unicast. What lies outside is unspecified, loopback, compatible with
// IPv4, NAT64, discard-only, unique-local, link-local, multicast, or reserved.
constexpr char kGlobalUnicast[] = "2000::/3";
constexpr char kIpv4[] = "::ffff:0:0/96";

bool Match(const IpAddress& a, const IpAddress& b, int bits) {
  const int bytes = bits / 8;
  if (!std::equal(a.begin(), a.begin() + bytes, b.begin())) return false;
  const int rest = bits % 8;
  return rest == 0 || (a[bytes] ^ b[bytes]) >> (8 - rest) == 0;
}

}  // namespace

std::optional<IpAddress> ToIpAddress(const sockaddr& address) {
  IpAddress bytes{};
  if (address.sa_family == AF_INET) {
    bytes[10] = bytes[11] = 0xff;
    std::memcpy(&bytes[12], &reinterpret_cast<const sockaddr_in&>(address).sin_addr, 4);
    return bytes;
  }
  if (address.sa_family == AF_INET6) {
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, 16);
    return bytes;
  }
  return std::nullopt;
}

std::optional<IpNetwork> IpNetwork::Parse(const std::string& text) {
  const size_t slash = text.find('/');
  const std::string host = text.substr(0, slash);
  IpAddress address{};
  int offset = 0;
  if (inet_pton(AF_INET, host.c_str(), &address[12]) == 1) {
    address[10] = address[11] = 0xff;
    offset = kMappedBits;
  } else if (inet_pton(AF_INET6, host.c_str(), address.data()) != 1) {
    return std::nullopt;
  }
  int bits = 128 - offset;
  if (slash != std::string::npos) {
    const char* const begin = text.data() + slash + 1;
    const char* const end = text.data() + text.size();
    int given = -1;
    const auto [stop, error] = std::from_chars(begin, end, given);
    if (error != std::errc() || stop != end || given < 0 || given > bits) return std::nullopt;
    bits = given;
  }
  bits += offset;
  for (int bit = bits; bit < 128; ++bit) {
    if ((address[bit / 8] >> (7 - bit % 8) & 1) != 0) return std::nullopt;
  }
  return IpNetwork(address, bits);
}

bool IpNetwork::Contains(const IpAddress& address) const {
  return Match(address, address_, prefix_bits_);
}

bool IsPublic(const IpAddress& address) {
  static const auto* const not_public = [] {
    auto* const networks = new std::vector<IpNetwork>;
    for (const char* text : kNotPublic) networks->push_back(*IpNetwork::Parse(text));
    return networks;
  }();
  static const IpNetwork global_unicast = *IpNetwork::Parse(kGlobalUnicast);
  static const IpNetwork ipv4 = *IpNetwork::Parse(kIpv4);
  if (!global_unicast.Contains(address) && !ipv4.Contains(address)) return false;
  return std::none_of(not_public->begin(), not_public->end(),
                      [&](const IpNetwork& network) { return network.Contains(address); });
}

}  // namespace trawl::service
