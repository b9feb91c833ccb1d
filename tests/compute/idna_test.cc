// That labels are what ICU says they are, however they are found to be.

#include "compute/idna.h"

#include <gtest/gtest.h>
#include <unicode/utf8.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "compute/code_points.h"
#include "tests/support/reference_unicode.h"

namespace trawl::compute {
namespace {

std::string Utf8(char32_t c) {
  std::array<char, U8_MAX_LENGTH> bytes;
  int32_t size = 0;
  U8_APPEND_UNSAFE(bytes.data(), size, static_cast<UChar32>(c));
  return std::string(bytes.data(), static_cast<size_t>(size));
}

// The code points that may be in a host, beyond ASCII.
std::vector<char32_t> HostCodePoints() {
  std::vector<char32_t> code_points;
  for (char32_t c = 0x80; c < 0x110000; ++c) {
    if (HostClassOf(c) != HostClass::kSeparator) code_points.push_back(c);
  }
  return code_points;
}

void ExpectAsIcuHasIt(const std::string& label) {
  std::string ascii;
  const bool valid = LabelToAscii(label, ascii);
  const auto expected = test::AFormOf(label);
  ASSERT_EQ(valid, expected.has_value()) << label;
  if (!valid) return;
  ASSERT_EQ(ascii, *expected) << label;
  std::string again;
  ASSERT_TRUE(LabelToAscii(ascii, again)) << label;
  ASSERT_EQ(again, ascii) << label;
  const std::string u_form = LabelToUnicode(ascii);
  ASSERT_EQ(test::AFormOf(u_form), ascii) << label;
  ASSERT_EQ(MixesScripts(u_form), test::IsMixedScript(ascii)) << label;
}

TEST(IdnaTest, EveryHostCodePointIsWhatIcuSays) {
  for (char32_t c : HostCodePoints()) {
    ExpectAsIcuHasIt(Utf8(c));
    ExpectAsIcuHasIt("a" + Utf8(c) + "Z");
    if (HasFatalFailure()) return;
  }
}

TEST(IdnaTest, LabelsOfAnyCodePointsAreWhatIcuSays) {
  const std::vector<char32_t> code_points = HostCodePoints();
  std::mt19937 random(1);
  for (int round = 0; round < 30'000; ++round) {
    std::string label = round % 40 == 0 ? "xn--" : "";
    const size_t size = 1 + random() % (round % 50 == 0 ? 70 : 6);
    // Most are of code points near to each other, which are of one script.
    const size_t near = random() % code_points.size();
    for (size_t i = 0; i < size; ++i) {
      const size_t draw = random() % 10;
      if (draw < 3) {
        label += "aZ09-_bcdx"[random() % 10];
      } else if (draw < 9) {
        label += Utf8(code_points[(near + random() % 40) % code_points.size()]);
      } else {
        label += Utf8(code_points[random() % code_points.size()]);
      }
    }
    ExpectAsIcuHasIt(label);
    if (HasFatalFailure()) return;
  }
}

TEST(IdnaTest, WhatLooksLikeAnALabelIsOneWhereIcuSaysSo) {
  static constexpr std::string_view kCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  std::mt19937 random(2);
  int valid = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string label = "xn--";
    const size_t size = random() % 10;
    for (size_t i = 0; i < size; ++i) label += kCharacters[random() % kCharacters.size()];
    std::string ascii;
    const auto expected = test::AFormOf(label);
    ASSERT_EQ(LabelToAscii(label, ascii), expected.has_value()) << label;
    if (expected.has_value()) ++valid;
    ExpectAsIcuHasIt(label);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(valid, 100);
}

}  // namespace
}  // namespace trawl::compute
