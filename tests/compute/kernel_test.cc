#include "compute/kernel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace trawl::compute {
namespace {

std::vector<uint64_t> Classify(const Kernel& kernel, const std::vector<unsigned char>& bytes) {
  const size_t words = (bytes.size() - 1) / 64;
  std::vector<Masks> masks(words);
  kernel.classify(bytes.data(), words, masks.data());
  std::vector<uint64_t> all;
  for (const Masks& word : masks) {
    all.insert(all.end(), {word.host, word.dot, word.joiner, word.underscore, word.non_ascii,
                           word.bracket, word.rare});
  }
  return all;
}

TEST(KernelTest, ScalarIsThereAndTheLastChoice) {
  EXPECT_EQ(Kernel::All().back().name, "scalar");
  EXPECT_EQ(Kernel::Find("scalar"), &Kernel::All().back());
  EXPECT_EQ(Kernel::Find(Kernel::Best().name), &Kernel::Best());
  EXPECT_EQ(Kernel::Find("abacus"), nullptr);
}

TEST(KernelTest, ScalarClassifiesEveryByte) {
  std::vector<unsigned char> bytes(5 * 64 + 1);
  for (size_t c = 0; c < 256; ++c) bytes[c] = static_cast<unsigned char>(c);
  std::memcpy(bytes.data() + 256, "(d[D\\d.d\xE3\x80\x82", 11);
  std::array<Masks, 5> masks;
  Kernel::Find("scalar")->classify(bytes.data(), 5, masks.data());
  std::string host;
  std::string bracket;
  for (size_t c = 0; c < 256; ++c) {
    const Masks& word = masks[c / 64];
    if ((word.host >> (c % 64) & 1) != 0) host += static_cast<char>(c);
    if ((word.bracket >> (c % 64) & 1) != 0) bracket += static_cast<char>(c);
    EXPECT_EQ(word.non_ascii >> (c % 64) & 1, c >= 0x80 ? 1u : 0u) << c;
    EXPECT_EQ(word.dot >> (c % 64) & 1, c == '.' ? 1u : 0u) << c;
    EXPECT_EQ(word.underscore >> (c % 64) & 1, c == '_' ? 1u : 0u) << c;
    EXPECT_EQ(word.joiner >> (c % 64) & 1, c == '_' || c == '-' ? 1u : 0u) << c;
    EXPECT_EQ(word.rare >> (c % 64) & 1, c == 0xE3 || c == 0xEF ? 1u : 0u) << c;
  }
  EXPECT_EQ(host, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
  EXPECT_EQ(bracket, "([\\]{|}");
  EXPECT_EQ(masks[4].rare, 0b100010101u);
}

TEST(KernelTest, AllGiveTheSameMasks) {
  std::mt19937 random(1);
  const std::string_view likely = "aZ09-_..([{\\]}) dD/\xE3\x80\x82\xEF\xBC\x8E";
  for (int round = 0; round < 300; ++round) {
    std::vector<unsigned char> bytes((1 + random() % 5) * 64 + 1);
    for (unsigned char& byte : bytes) {
      byte =
          static_cast<unsigned char>(round % 2 == 0 ? random() : likely[random() % likely.size()]);
    }
    const std::vector<uint64_t> expected = Classify(*Kernel::Find("scalar"), bytes);
    for (const Kernel& kernel : Kernel::All()) {
      ASSERT_EQ(Classify(kernel, bytes), expected) << kernel.name << ", round " << round;
    }
  }
}

}  // namespace
}  // namespace trawl::compute
