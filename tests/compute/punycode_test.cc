#include "compute/punycode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace trawl::compute {
namespace {

std::string Encode(std::u32string_view code_points) {
  std::array<char, 256> text;
  return std::string(text.data(), EncodePunycode(code_points, text));
}

std::u32string Decode(std::string_view text) {
  std::array<char32_t, 256> code_points;
  return std::u32string(code_points.data(), DecodePunycode(text, code_points));
}

// RFC 3492, section 7.1.
TEST(PunycodeTest, SamplesOfTheStandard) {
  struct Sample {
    std::u32string_view code_points;
    std::string_view text;
  };
  for (const Sample& sample : {
           Sample{U"\u4ED6\u4EEC\u4E3A\u4EC0\u4E48\u4E0D\u8BF4\u4E2D\u6587",
                  "ihqwcrb4cv8a8dqg056pqjye"},
           Sample{U"3\u5E74B\u7D44\u91D1\u516B\u5148\u751F", "3B-ww4c5e180e575a65lsy2b"},
           Sample{U"\u3072\u3068\u3064\u5C4B\u6839\u306E\u4E0B2", "2-u9tlzr9756bt3uc0v"},
           Sample{U"b\u00FCcher", "bcher-kva"},
           Sample{U"-> $1.00 <-", "-> $1.00 <--"},
       }) {
    EXPECT_EQ(Encode(sample.code_points), sample.text);
    EXPECT_EQ(Decode(sample.text), sample.code_points);
  }
}

TEST(PunycodeTest, WhatIsEncodedIsDecoded) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::u32string code_points(1 + random() % 20, U' ');
    for (char32_t& c : code_points) {
      c = random() % 3 == 0 ? 'a' + random() % 26
                            : 0x80 + random() % (round % 2 ? 0x400 : 0x10FF00);
    }
    ASSERT_EQ(Decode(Encode(code_points)), code_points) << "round " << round;
  }
}

// As RFC 3492, section 6.3, has it, value by value and place by place.
std::string EncodeByTheStandard(std::u32string_view code_points) {
  const auto digit = [](uint32_t value) { return "abcdefghijklmnopqrstuvwxyz0123456789"[value]; };
  const auto adapt = [](uint32_t delta, uint32_t count, bool first) {
    delta = first ? delta / 700 : delta / 2;
    delta += delta / count;
    uint32_t k = 0;
    for (; delta > 455; k += 36) delta /= 35;
    return k + 36 * delta / (delta + 38);
  };
  std::string text;
  for (char32_t c : code_points) {
    if (c < 0x80) text += static_cast<char>(c);
  }
  const size_t basic = text.size();
  if (basic > 0) text += '-';
  uint32_t delta = 0;
  uint32_t bias = 72;
  size_t done = basic;
  for (char32_t value = 0x80; done < code_points.size(); ++value, ++delta) {
    char32_t next = 0x110000;
    for (char32_t c : code_points) {
      if (c >= value) next = std::min(next, c);
    }
    delta += static_cast<uint32_t>((next - value) * (done + 1));
    value = next;
    for (char32_t c : code_points) {
      if (c < value) ++delta;
      if (c != value) continue;
      uint32_t rest = delta;
      for (uint32_t k = 36;; k += 36) {
        const uint32_t threshold = k <= bias ? 1 : std::min<uint32_t>(k - bias, 26);
        if (rest < threshold) break;
        text += digit(threshold + (rest - threshold) % (36 - threshold));
        rest = (rest - threshold) / (36 - threshold);
      }
      text += digit(rest);
      bias = adapt(delta, static_cast<uint32_t>(done + 1), done == basic);
      delta = 0;
      ++done;
    }
  }
  return text;
}

TEST(PunycodeTest, IsWhatTheStandardSays) {
  std::mt19937 random(2);
  for (int round = 0; round < 20'000; ++round) {
    std::u32string code_points(1 + random() % kMaxPunycodeInput, U' ');
    const char32_t first = 0x80 + random() % 0x10FF00;
    const char32_t range = round % 2 == 0 ? 3 : 0x110000 - first;
    for (char32_t& c : code_points) {
      c = random() % 3 == 0 ? 'a' + random() % 26
                            : first + random() % std::min<char32_t>(range, 0x110000 - first);
    }
    ASSERT_EQ(Encode(code_points), EncodeByTheStandard(code_points)) << "round " << round;
  }
}

TEST(PunycodeTest, WhatIsNoneIsRefused) {
  EXPECT_EQ(Decode("a-\x80"), U"");
  EXPECT_EQ(Decode("b\u00FCcher-kva"), U"");
  EXPECT_EQ(Decode("bcher-kv"), U"");
  EXPECT_EQ(Decode("a_"), U"");
  EXPECT_EQ(Decode("99999999999"), U"");
}

TEST(PunycodeTest, WhatHasNoRoomIsRefused) {
  std::array<char, 8> text;
  EXPECT_EQ(EncodePunycode(U"b\u00FCcher", text), 0u);
  EXPECT_EQ(Encode(std::u32string(kMaxPunycodeInput + 1, U'\u00FC')), "");
  std::array<char32_t, 5> code_points;
  EXPECT_EQ(DecodePunycode("bcher-kva", code_points), 0u);
}

}  // namespace
}  // namespace trawl::compute
