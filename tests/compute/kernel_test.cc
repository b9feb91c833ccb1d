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

// What a kernel makes of `bytes`, a block of words: all masks, and all that joins them.
std::vector<uint64_t> WorkOn(const Kernel& kernel, const std::vector<unsigned char>& bytes,
                             uint64_t carries) {
  const size_t words = bytes.size() / 64 - 1;
  Masks masks{};
  for (Words* part : {&masks.host, &masks.dot, &masks.joiner, &masks.underscore, &masks.non_ascii,
                      &masks.bracket}) {
    part->front() = carries * 0x9E3779B97F4A7C15;
  }
  Runs runs{};
  runs.carry = carries & 1;
  runs.number_carry = carries >> 1 & 1;
  kernel.classify(bytes.data(), words + 1, masks);
  kernel.join(masks, words, runs);
  std::vector<uint64_t> all = {runs.carry, runs.number_carry};
  if (words % Kernel::kJoinWords == 0) all.push_back(runs.dash);
  for (size_t w = 1; w <= words; ++w) {
    all.insert(all.end(),
               {masks.host[w], masks.dot[w], masks.joiner[w], masks.underscore[w], masks.digit[w],
                masks.non_ascii[w], masks.bracket[w], masks.hint[w], runs.run[w], runs.dot[w],
                runs.end[w], runs.no_tld[w], runs.odd[w], runs.rare[w]});
  }
  return all;
}

// The bytes of a document where the bit of `words` is set.
std::string Marked(const Words& words, std::string_view document) {
  std::string marked;
  for (size_t i = 0; i < document.size(); ++i) {
    if ((words[1 + i / 64] >> (i % 64) & 1) != 0) marked += document[i];
  }
  return marked;
}

TEST(KernelTest, ScalarIsThereAndTheLastChoice) {
  EXPECT_EQ(Kernel::All().back().name, "scalar");
  EXPECT_EQ(Kernel::Find("scalar"), &Kernel::All().back());
  EXPECT_EQ(Kernel::Find(Kernel::Best().name), &Kernel::Best());
  EXPECT_EQ(Kernel::Find("abacus"), nullptr);
}

TEST(KernelTest, ScalarClassifiesEveryByte) {
  std::string bytes(256, '\0');
  for (size_t c = 0; c < 256; ++c) bytes[c] = static_cast<char>(c);
  Masks masks;
  Kernel::Find("scalar")->classify(reinterpret_cast<const unsigned char*>(bytes.data()), 4, masks);
  EXPECT_EQ(Marked(masks.host, bytes),
            "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
  EXPECT_EQ(Marked(masks.dot, bytes), ".");
  EXPECT_EQ(Marked(masks.joiner, bytes), "-_");
  EXPECT_EQ(Marked(masks.underscore, bytes), "_");
  EXPECT_EQ(Marked(masks.digit, bytes), "0123456789");
  EXPECT_EQ(Marked(masks.non_ascii, bytes), bytes.substr(0x80));
  EXPECT_EQ(Marked(masks.bracket, bytes), "([\\]{|}");
  EXPECT_EQ(Marked(masks.hint, bytes), "Dd\xE3\xEF");
}

TEST(KernelTest, ScalarJoinsRuns) {
  std::string bytes =
      "see a.b-c.de, 1.2.3;x.4a e.g. (..) 10.5] 7 f.6 i[.]j k(dot)l m\\.n o[x p- q_r_ s.t,";
  bytes.resize(128, ' ');
  bytes += std::string(64, ' ');
  Masks masks{};
  Runs runs{};
  const Kernel& scalar = *Kernel::Find("scalar");
  scalar.classify(reinterpret_cast<const unsigned char*>(bytes.data()), 3, masks);
  scalar.join(masks, 2, runs);
  EXPECT_EQ(Marked(runs.dot, bytes), ".........");
  EXPECT_EQ(Marked(runs.odd, bytes), "-__");
  EXPECT_EQ(Marked(runs.end, bytes), ",; .] ,");
  EXPECT_EQ(Marked(runs.no_tld, bytes), "; ,");
  EXPECT_EQ(Marked(runs.rare, bytes), ".(.");
}

TEST(KernelTest, AllGiveTheSame) {
  std::mt19937 random(1);
  const std::string_view likely = "aZ09-_..([{\\]}) dD/\xE3\x80\x82\xEF\xBC\x8E";
  const std::string_view runs = "a1.1.1_";
  for (int round = 0; round < 600; ++round) {
    std::vector<unsigned char> bytes((2 + random() % kBlockWords) * 64);
    for (unsigned char& byte : bytes) {
      const size_t draw = random();
      const std::string_view from = round % 3 == 1 ? likely : runs;
      byte = static_cast<unsigned char>(round % 3 == 0 ? draw : from[draw % from.size()]);
    }
    const std::vector<uint64_t> expected =
        WorkOn(*Kernel::Find("scalar"), bytes, static_cast<uint64_t>(round) % 4);
    for (const Kernel& kernel : Kernel::All()) {
      ASSERT_EQ(WorkOn(kernel, bytes, static_cast<uint64_t>(round) % 4), expected)
          << kernel.name << ", round " << round;
    }
  }
}

TEST(KernelTest, AllListTheSame) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 600; ++round) {
    std::vector<uint64_t> words(1 + random() % kBlockWords);
    std::vector<uint16_t> expected;
    for (size_t w = 0; w < words.size(); ++w) {
      words[w] = random();
      for (uint64_t times = random() % 8; times > 0; --times) words[w] &= random();
      if (random() % 16 == 0) words[w] = ~words[w];
      for (unsigned i = 0; i < 64; ++i) {
        if ((words[w] >> i & 1) != 0) expected.push_back(static_cast<uint16_t>(64 * w + i));
      }
    }
    for (const Kernel& kernel : Kernel::All()) {
      std::vector<uint16_t> numbers(64 * words.size() + Kernel::kListSlack);
      numbers.resize(kernel.list(words.data(), words.size(), numbers.data()));
      ASSERT_EQ(numbers, expected) << kernel.name << ", round " << round;
    }
  }
}

}  // namespace
}  // namespace trawl::compute
