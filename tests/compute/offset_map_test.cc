#include "compute/offset_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <random>
#include <string>

#include "compute/code_points.h"
#include "compute/utf16.h"

namespace trawl::compute {
namespace {

uint64_t CountOneByOne(std::string_view text, OffsetUnit unit, uint64_t offset) {
  uint64_t units = 0;
  for (uint64_t at = 0; at < offset;) {
    CodePoint code_point = DecodeAt(text, at);
    units += unit != OffsetUnit::kCodePoints && code_point.value > 0xFFFF ? 2 : 1;
    at += code_point.size;
  }
  return unit == OffsetUnit::kUtf16Bytes ? 2 * units : units;
}

TEST(OffsetMapTest, CountsInEachUnit) {
  const std::string text = "aé日😀z";
  EXPECT_EQ(OffsetMap(text, OffsetUnit::kBytes)(text.size()), 11u);
  EXPECT_EQ(OffsetMap(text, OffsetUnit::kCodePoints)(text.size()), 5u);
  EXPECT_EQ(OffsetMap(text, OffsetUnit::kUtf16Units)(text.size()), 6u);
  EXPECT_EQ(OffsetMap(text, OffsetUnit::kUtf16Bytes)(text.size()), 12u);
}

TEST(OffsetMapTest, AByteThatIsIllFormedCountsAsOne) {
  EXPECT_EQ(OffsetMap("\xff\xfe"
                      "a\xc3",
                      OffsetUnit::kCodePoints)(4),
            4u);
}

TEST(OffsetMapTest, IsRightInAnyOrderOfOffsets) {
  std::mt19937 random(1);
  const std::string pieces[] = {"a", "some ascii text", "é", "日本", "😀", "\xff", "\xe3\x81"};
  for (OffsetUnit unit :
       {OffsetUnit::kCodePoints, OffsetUnit::kUtf16Units, OffsetUnit::kUtf16Bytes}) {
    for (int round = 0; round < 200; ++round) {
      std::string text;
      for (int i = 0; i < 20; ++i) text += pieces[random() % std::size(pieces)];
      OffsetMap map(text, unit);
      OffsetMap ascending(text, unit);
      for (uint64_t offset = 0; offset <= text.size(); ++offset) {
        ASSERT_EQ(ascending(offset), CountOneByOne(text, unit, offset));
        const uint64_t any = random() % (text.size() + 1);
        ASSERT_EQ(map(any), CountOneByOne(text, unit, any));
      }
    }
  }
}

TEST(OffsetMapTest, LeadsBackToTheByteThatBeginsTheSequence) {
  const std::string text =
      "aé some ascii text 日😀\xff"
      "z";
  for (OffsetUnit unit : {OffsetUnit::kBytes, OffsetUnit::kCodePoints, OffsetUnit::kUtf16Units,
                          OffsetUnit::kUtf16Bytes}) {
    OffsetMap map(text, unit);
    const uint64_t size = OffsetMap(text, unit)(text.size());
    for (uint64_t begin = 0; begin < text.size();) {
      const uint64_t end = begin + (unit == OffsetUnit::kBytes ? 1 : DecodeAt(text, begin).size);
      for (uint64_t offset = map(begin); offset < map(end); ++offset) {
        EXPECT_EQ(ByteOf(text, unit, offset), begin);
      }
      begin = end;
    }
    EXPECT_EQ(ByteOf(text, unit, size), std::nullopt);
    EXPECT_EQ(ByteOf(text, unit, ~uint64_t{0}), std::nullopt);
    EXPECT_EQ(ByteOf("", unit, 0), std::nullopt);
  }
}

TEST(Utf16Test, IsRecognisedByItsMark) {
  EXPECT_EQ(EncodingByMark(std::string("\xff\xfe"
                                       "a\0",
                                       4)),
            Encoding::kUtf16Le);
  EXPECT_EQ(EncodingByMark(std::string("\xfe\xff\0a", 4)), Encoding::kUtf16Be);
  EXPECT_EQ(EncodingByMark("\xef\xbb\xbf"
                           "a"),
            Encoding::kUtf8);
  EXPECT_EQ(EncodingByMark(""), Encoding::kUtf8);
}

TEST(Utf16Test, BecomesUtf8AndOffsetsLeadBack) {
  const std::u16string text = u"aé日😀z";
  std::string little;
  std::string big;
  for (char16_t unit : text) {
    little += {static_cast<char>(unit & 0xFF), static_cast<char>(unit >> 8)};
    big += {static_cast<char>(unit >> 8), static_cast<char>(unit & 0xFF)};
  }
  EXPECT_EQ(FromUtf16(little, false), "aé日😀z");
  EXPECT_EQ(FromUtf16(big, true), "aé日😀z");
  const std::string utf8 = FromUtf16(little, false);
  EXPECT_EQ(OffsetMap(utf8, OffsetUnit::kUtf16Bytes)(utf8.size()), little.size());
}

TEST(Utf16Test, WhatIsIllFormedBecomesOneByteThatSeparates) {
  const std::string lone_lead(
      "\x3d\xd8"
      "a\0",
      4);
  EXPECT_EQ(FromUtf16(lone_lead, false),
            "\xff"
            "a");
  const std::string odd("a\0b", 3);
  EXPECT_EQ(FromUtf16(odd, false), "a\xff");
}

}  // namespace
}  // namespace trawl::compute
