// That the place kernels of all instruction sets find the same, on bytes of every value.

#include "compute/place_kernel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "compute/place_search.h"

namespace trawl::compute {
namespace {

std::vector<uint64_t> Places(PlaceKernel::Find find, const std::string& bytes) {
  std::vector<uint64_t> places((bytes.size() - 3) / 64);
  find(reinterpret_cast<const unsigned char*>(bytes.data()) + 1, places.size(), places.data());
  return places;
}

std::vector<PlaceKernel::Find> Finds(const PlaceKernel& kernel) {
  return {kernel.url, kernel.email, kernel.ipv4, kernel.ipv6, kernel.hexadecimal};
}

TEST(PlaceKernelTest, AllFindThePlacesOfTheScalarOne) {
  const PlaceKernel& scalar = PlaceKernel::All().back();
  ASSERT_EQ(scalar.name, "scalar");
  std::mt19937 random(3);
  const std::string usual = ":/\\_]PpSs@([{aAtT%40.dD0123456789fFgG";
  for (int round = 0; round < 400; ++round) {
    std::string bytes;
    for (int i = 0; i < 64 * 9 + 3; ++i) {
      const uint32_t r = random();
      bytes += r % 4 == 0 ? static_cast<char>(r >> 8) : usual[(r >> 8) % usual.size()];
    }
    for (const PlaceKernel& kernel : PlaceKernel::All()) {
      for (size_t i = 0; i < Finds(kernel).size(); ++i) {
        ASSERT_EQ(Places(Finds(kernel)[i], bytes), Places(Finds(scalar)[i], bytes))
            << kernel.name << " " << i;
      }
    }
  }
}

TEST(PlaceKernelTest, EachKernelHasOneOfItsInstructionSet) {
  for (const Kernel& kernel : Kernel::All()) {
    const std::string_view name = PlaceKernel::Of(kernel).name;
    EXPECT_TRUE(kernel.name.starts_with(name)) << name << " for " << kernel.name;
  }
}

TEST(PlaceKernelTest, ASearchVisitsThePlacesOfItsRangeAndNoOthers) {
  const std::string text(10'000, '@');
  for (const auto& [begin, end] : std::vector<std::pair<size_t, size_t>>{
           {0, 0}, {0, 1}, {0, 64}, {1, 65}, {63, 4160}, {5, 10'000}, {9'999, 10'000}}) {
    size_t next = begin;
    PlaceSearch(PlaceKernel::All().front().email, text, begin, end).ForEach([&](size_t place) {
      ASSERT_EQ(place, next++);
    });
    EXPECT_EQ(next, end) << begin;
  }
}

}  // namespace
}  // namespace trawl::compute
