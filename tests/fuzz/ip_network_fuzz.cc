// Any addresses and networks: what is public, what a network holds and what may be connected to are
// what a slow reference says, which goes bit by bit, or by the first and last address of each
// range.
//
// The input is an address of 16 bytes, how many bits of it make a network, how many of IPv4, and
// then any text as a network.

#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/ip_network.h"
#include "service/url_policy.h"
#include "service/url_rules.h"

namespace {

using trawl::service::IpAddress;
using trawl::service::IpNetwork;

void Expect(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << "not so: " << what << "\n";
  std::abort();
}

constexpr IpAddress kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::optional<IpAddress> Read(const std::string& text) {
  IpAddress address = kMapped;
  if (inet_pton(AF_INET, text.c_str(), &address[12]) == 1) return address;
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

std::string Write(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN];
  const bool four = std::equal(address.begin(), address.begin() + 12, kMapped.begin());
  inet_ntop(four ? AF_INET : AF_INET6, four ? &address[12] : address.data(), text, sizeof text);
  return text;
}

bool Bit(const IpAddress& address, int bit) { return (address[bit / 8] >> (7 - bit % 8) & 1) != 0; }

struct Range {
  const char* first;
  const char* last;
};

constexpr Range kPublic[] = {{"0.0.0.0", "255.255.255.255"},
                             {"2000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}};
constexpr Range kNotPublic[] = {
    {"0.0.0.0", "0.255.255.255"},
    {"10.0.0.0", "10.255.255.255"},
    {"100.64.0.0", "100.127.255.255"},
    {"127.0.0.0", "127.255.255.255"},
    {"168.63.129.16", "168.63.129.16"},
    {"169.254.0.0", "169.254.255.255"},
    {"172.16.0.0", "172.31.255.255"},
    {"192.0.0.0", "192.0.0.255"},
    {"192.0.2.0", "192.0.2.255"},
    {"192.31.196.0", "192.31.196.255"},
    {"192.52.193.0", "192.52.193.255"},
    {"192.88.99.0", "192.88.99.255"},
    {"192.168.0.0", "192.168.255.255"},
    {"192.175.48.0", "192.175.48.255"},
    {"198.18.0.0", "198.19.255.255"},
    {"198.51.100.0", "198.51.100.255"},
    {"203.0.113.0", "203.0.113.255"},
    {"224.0.0.0", "255.255.255.255"},
    {"2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"},
    {"3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"},
};

using Ends = std::vector<std::pair<IpAddress, IpAddress>>;

template <size_t kCount>
Ends ReadAll(const Range (&ranges)[kCount]) {
  Ends ends;
  for (const Range& range : ranges) ends.emplace_back(*Read(range.first), *Read(range.last));
  return ends;
}

// Arrays are compared byte by byte, as the addresses that they are.
bool InOneOf(const Ends& ranges, const IpAddress& address) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) {
    return range.first <= address && address <= range.second;
  });
}

bool IsPublicByRanges(const IpAddress& address) {
  static const auto& all = *new Ends(ReadAll(kPublic));
  static const auto& excepted = *new Ends(ReadAll(kNotPublic));
  return InOneOf(all, address) && !InOneOf(excepted, address);
}

// The address with all but its first `bits` bits cleared: a network, and those bits as they are.
struct Network {
  IpAddress address;
  int bits;
  std::string text;
};

Network NetworkOf(IpAddress address, int bits) {
  for (int bit = bits; bit < 128; ++bit) {
    address[bit / 8] &= static_cast<uint8_t>(~(0x80 >> bit % 8));
  }
  const bool four =
      bits >= 96 && std::equal(address.begin(), address.begin() + 12, kMapped.begin());
  return {address, bits, Write(address) + "/" + std::to_string(four ? bits - 96 : bits)};
}

bool Holds(const Network& network, const IpAddress& address) {
  for (int bit = 0; bit < network.bits; ++bit) {
    if (Bit(network.address, bit) != Bit(address, bit)) return false;
  }
  return true;
}

void CheckNetwork(const Network& network, const IpAddress& address) {
  const std::optional<IpNetwork> read = IpNetwork::Parse(network.text);
  if (network.bits < 96 && network.text.find(':') == std::string::npos) return;
  Expect(read.has_value(), "a network is read: " + network.text);
  Expect(read->prefix_bits() == network.bits, "so long is its prefix: " + network.text);
  Expect(read->Contains(address) == Holds(network, address), "what it holds: " + network.text);
  Expect(read->Contains(network.address), "its own address: " + network.text);
}

// Networks about the address, one allowed and one denied.
void CheckPolicy(const IpAddress& address, const Network& allowed, const Network& denied) {
  trawl::service::UrlRules rules;
  rules.allow_networks = {allowed.text};
  rules.deny_networks = {denied.text};
  const auto policy = trawl::service::UrlPolicy::Make(rules);
  if (!policy.ok()) return;
  const int by = Holds(allowed, address) ? allowed.bits : -1;
  const int against = Holds(denied, address) ? denied.bits : -1;
  const bool expected = by > against || (against < 0 && IsPublicByRanges(address));
  Expect(policy->MayConnect(address) == expected,
         "the smallest network decides: " + Write(address));
}

void CheckText(const std::string& text) {
  const std::optional<IpNetwork> network = IpNetwork::Parse(text);
  if (!network.has_value()) return;
  const std::string host = text.substr(0, text.find('/'));
  const std::optional<IpAddress> address = Read(host);
  Expect(address.has_value(), "what is read begins with an address");
  Expect(network->Contains(*address), "which it holds");
  for (int bit = network->prefix_bits(); bit < 128; ++bit) {
    Expect(!Bit(*address, bit), "and which has no bits beyond the prefix");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 18) return 0;
  IpAddress address{};
  std::copy(data, data + 16, address.begin());
  CheckText(std::string(reinterpret_cast<const char*>(data) + 18, size - 18));
  for (const bool four : {false, true}) {
    if (four) std::copy(kMapped.begin(), kMapped.begin() + 12, address.begin());
    Expect(trawl::service::IsPublic(address) == IsPublicByRanges(address),
           "what is public: " + Write(address));
    const Network one = NetworkOf(address, data[16] % 129);
    const Network other = NetworkOf(address, data[17] % 129);
    IpAddress neighbour = address;
    neighbour[data[17] / 8 % 16] ^= static_cast<uint8_t>(1 << data[17] % 8);
    for (const IpAddress& near : {address, neighbour}) {
      CheckNetwork(one, near);
      CheckPolicy(near, one, other);
    }
  }
  return 0;
}
