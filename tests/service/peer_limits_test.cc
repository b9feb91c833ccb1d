#include "service/peer_limits.h"

#include <gmock/gmock.h>

#include <thread>
#include <vector>

#include "service/error.h"

namespace trawl::service {
namespace {

using ::testing::HasSubstr;

TEST(PeerLimitsTest, CountsTheCallsOfEachAddressWhateverItsPort) {
  PeerLimits limits({.max_calls = 2});
  auto first = limits.Admit("ipv4:192.0.2.1:1000", 1);
  auto second = limits.Admit("ipv4:192.0.2.1:1001", 1);
  ASSERT_TRUE(first.ok() && second.ok());
  const auto third = limits.Admit("ipv4:192.0.2.1:1002", 1);
  EXPECT_EQ(third.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(third.status().message()), HasSubstr("192.0.2.1 would have 3 calls"));
  EXPECT_GT(RetryDelay(third.status()).count(), 0);
  EXPECT_TRUE(limits.Admit("ipv4:192.0.2.10:1000", 1).ok());
  second = PeerLimits::Ticket();
  EXPECT_TRUE(limits.Admit("ipv4:192.0.2.1:1003", 1).ok());
}

TEST(PeerLimitsTest, CountsTheBytesOfEachAddress) {
  PeerLimits limits({.max_bytes = 100});
  auto first = limits.Admit("ipv4:192.0.2.1:1", 60);
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(limits.Admit("ipv4:192.0.2.1:1", 41).ok());
  EXPECT_TRUE(limits.Admit("ipv4:192.0.2.1:1", 40).ok());
  EXPECT_TRUE(limits.Admit("ipv4:192.0.2.2:1", 100).ok());
  first->Resize(500);
  EXPECT_FALSE(limits.Admit("ipv4:192.0.2.1:1", 0).ok());
  first->Resize(10);
  EXPECT_TRUE(limits.Admit("ipv4:192.0.2.1:1", 90).ok());
}

TEST(PeerLimitsTest, NoSizeOverflows) {
  PeerLimits limits({.max_bytes = 100});
  auto first = limits.Admit("ipv4:192.0.2.1:1", 100);
  EXPECT_FALSE(limits.Admit("ipv4:192.0.2.1:1", UINT64_MAX).ok());
  EXPECT_FALSE(limits.Admit("ipv4:192.0.2.1:1", UINT64_MAX - 99).ok());
}

TEST(PeerLimitsTest, AnIpv6PeerIsItsNetwork) {
  PeerLimits limits({.max_calls = 1});
  auto first = limits.Admit("ipv6:%5B2001:db8:1:2:3:4:5:6%5D:4711", 1);
  ASSERT_TRUE(first.ok());
  const auto second = limits.Admit("ipv6:[2001:db8:1:2::1]:4712", 1);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("2001:db8:1:2::/64 would"));
  EXPECT_TRUE(limits.Admit("ipv6:%5B2001:db8:1:3::1%5D:4711", 1).ok());
  auto local = limits.Admit("ipv6:%5Bfe80::1%25eth0%5D:1", 1);
  ASSERT_TRUE(local.ok());
  EXPECT_FALSE(limits.Admit("ipv6:%5Bfe80::2%25eth0%5D:1", 1).ok());
}

TEST(PeerLimitsTest, UnixSocketsAreOnePeer) {
  PeerLimits limits({.max_calls = 1});
  auto first = limits.Admit("unix:", 1);
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(limits.Admit("unix:/some/path", 1).ok());
}

TEST(PeerLimitsTest, AnIdlePeerIsForgotten) {
  PeerLimits limits({.max_calls = 1});
  for (int i = 0; i < 1000; ++i) {
    const auto ticket = limits.Admit("ipv4:192.0.2." + std::to_string(i) + ":1", 1);
    ASSERT_TRUE(ticket.ok());
    ASSERT_EQ(limits.peers(), 1u);
    ASSERT_FALSE(limits.Admit("ipv4:192.0.2." + std::to_string(i) + ":1", 1).ok());
  }
  EXPECT_EQ(limits.peers(), 0u);
}

TEST(PeerLimitsTest, AMovedTicketGivesItsPlaceBackOnce) {
  PeerLimits limits({.max_calls = 2});
  PeerLimits::Ticket place;
  place.Resize(7);  // of no call
  {
    auto ticket = limits.Admit("ipv4:192.0.2.1:1", 1);
    ASSERT_TRUE(ticket.ok());
    place = *std::move(ticket);
  }
  EXPECT_EQ(limits.peers(), 1u);
  place = PeerLimits::Ticket();
  EXPECT_EQ(limits.peers(), 0u);
}

TEST(PeerLimitsTest, TakesCallsFromManyThreads) {
  PeerLimits limits({.max_calls = 1'000'000, .max_bytes = 1'000'000});
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&limits, t] {
      for (int i = 0; i < 2000; ++i) {
        auto ticket = limits.Admit("ipv4:192.0.2." + std::to_string((t + i) % 3) + ":1", 10);
        ASSERT_TRUE(ticket.ok());
        ticket->Resize(20);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(limits.peers(), 0u);
}

}  // namespace
}  // namespace trawl::service
