// IP addresses as text: read, and written in their one normal form.
//
// Each function looks at a bounded number of bytes from a position and at nothing else; what may
// stand around an address is the caller's business.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_IP_ADDRESS_H_
#define TRAWL_COMPUTE_IP_ADDRESS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compute/detector.h"

namespace trawl::compute {

using Ipv4 = std::array<uint8_t, 4>;
using Ipv6 = std::array<uint8_t, 16>;

// Bytes of an IPv6 address, at most: eight groups, the last two as IPv4.
inline constexpr size_t kMaxIpv6Bytes = 45;

struct Ipv4Text {
  Ipv4 address{};
  size_t end = 0;         // in the text
  bool defanged = false;  // a dot is
  bool escaped = false;   // a dot is written `\.`
};

// Four decimal octets without leading zeros that begin at `begin`, dots in any notation.
std::optional<Ipv4Text> ReadIpv4(std::string_view text, size_t begin, Defang defang);

// What the URL Standard reads as an IPv4 address: one to four numbers, decimal, octal after `0`,
// hexadecimal after `0x`, of which the last fills the bytes that are left.
std::optional<Ipv4Text> ReadUrlIpv4(std::string_view text, size_t begin);

// `text` as a whole, in a form of RFC 4291, section 2.2.
std::optional<Ipv6> ReadIpv6(std::string_view text);

std::string ToText(const Ipv4& address);

// By RFC 5952; addresses that map IPv4 (::ffff:0:0/96) end in dotted decimal.
std::string ToText(const Ipv6& address);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_IP_ADDRESS_H_
