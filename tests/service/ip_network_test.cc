#include "service/ip_network.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>

namespace trawl::service {
namespace {

IpAddress Address(const std::string& text) {
  sockaddr_in four{};
  sockaddr_in6 six{};
  four.sin_family = AF_INET;
  six.sin6_family = AF_INET6;
  if (inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
    return *ToIpAddress(reinterpret_cast<const sockaddr&>(four));
  }
  EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &six.sin6_addr), 1) << text;
  return *ToIpAddress(reinterpret_cast<const sockaddr&>(six));
}

TEST(IpNetworkTest, HoldsTheAddressesWithItsPrefix) {
  const auto holds = [](const char* network, const char* address) {
    return IpNetwork::Parse(network)->Contains(Address(address));
  };
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(holds("100.64.0.0/10", "100.127.255.255"));
  EXPECT_FALSE(holds("100.64.0.0/10", "100.128.0.0"));
  EXPECT_TRUE(holds("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(holds("192.0.2.7", "192.0.2.6"));
  EXPECT_TRUE(holds("0.0.0.0/0", "255.255.255.255"));
  EXPECT_FALSE(holds("0.0.0.0/0", "::1"));
  EXPECT_TRUE(holds("fd00::/8", "fdff::1"));
  EXPECT_FALSE(holds("fd00::/8", "fe00::1"));
  EXPECT_TRUE(holds("::/0", "::1"));
  EXPECT_TRUE(holds("::ffff:10.0.0.0/104", "10.1.2.3"));
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
}

TEST(IpNetworkTest, WhatIsNoneIsNone) {
  for (const char* text : {"", "10", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                           "10.0.0.1/8", "::/129", "::1/127", "a.example", "10.0.0.0/8 ", "/8"}) {
    EXPECT_FALSE(IpNetwork::Parse(text).has_value()) << text;
  }
}

TEST(IpNetworkTest, TheEdgesOfWhatIsPublic) {
  for (const char* text :
       {"1.0.0.0",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255",
        "100.128.0.0",     "126.255.255.255", "128.0.0.0",       "168.63.129.15",
        "168.63.129.17",   "169.253.255.255", "169.255.0.0",     "172.15.255.255",
        "172.32.0.0",      "191.255.255.255", "192.0.1.0",       "192.0.3.0",
        "192.167.255.255", "192.169.0.0",     "198.17.255.255",  "198.20.0.0",
        "223.255.255.255", "2000::",          "2001:200::",      "2001:db7:ffff::",
        "2001:db9::",      "2003::",          "2606:4700::1111", "3ffe:ffff::",
        "3fff:1000::",     "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(IsPublic(Address(text))) << text;
  }
  for (const char* text : {"0.0.0.0",
                           "0.255.255.255",
                           "10.0.0.0",
                           "10.255.255.255",
                           "100.64.0.0",
                           "100.127.255.255",
                           "127.0.0.0",
                           "127.255.255.255",
                           "168.63.129.16",
                           "169.254.0.0",
                           "169.254.255.255",
                           "172.16.0.0",
                           "172.31.255.255",
                           "192.0.0.0",
                           "192.0.0.255",
                           "192.0.2.0",
                           "192.168.0.0",
                           "192.168.255.255",
                           "198.18.0.0",
                           "198.19.255.255",
                           "224.0.0.0",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::8.8.8.8",
                           "::ffff:127.0.0.1",
                           "64:ff9b::8.8.8.8",
                           "1fff:ffff::",
                           "2001::",
                           "2001:1ff:ffff::",
                           "2001:db8::",
                           "2002::",
                           "2002:ffff::",
                           "3fff::",
                           "3fff:fff::",
                           "4000::",
                           "fc00::",
                           "fdff::",
                           "fe80::1",
                           "ff00::"}) {
    EXPECT_FALSE(IsPublic(Address(text))) << text;
  }
}

TEST(IpNetworkTest, SocketsOfOtherFamiliesHaveNoAddress) {
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_FALSE(ToIpAddress(other).has_value());
}

}  // namespace
}  // namespace trawl::service
