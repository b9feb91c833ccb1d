#include "client/cli/utf16.h"

#include <string>

#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

std::string Bytes(std::u16string_view text, bool big_endian) {
  std::string bytes;
  for (char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8);
    const char low = static_cast<char>(unit & 0xFF);
    bytes += big_endian ? std::string{high, low} : std::string{low, high};
  }
  return bytes;
}

TEST(Utf16Test, BecomesUtf8InEitherOrder) {
  for (bool big_endian : {false, true}) {
    EXPECT_EQ(Utf8FromUtf16(Bytes(u"a\u00E9\u65E5\U0001F600z", big_endian), big_endian),
              "a\u00E9\u65E5\U0001F600z");
  }
  EXPECT_EQ(Utf8FromUtf16("", false), "");
}

TEST(Utf16Test, WhatIsIllFormedIsReplaced) {
  const char16_t lead_alone[] = {u'a', 0xD83D, u'b', 0xD83D};
  EXPECT_EQ(Utf8FromUtf16(Bytes({lead_alone, 4}, false), false),
            "a\uFFFD"
            "b\uFFFD");
  const char16_t trail_alone[] = {0xDE00, u'b'};
  EXPECT_EQ(Utf8FromUtf16(Bytes({trail_alone, 2}, true), true),
            "\uFFFD"
            "b");
  EXPECT_EQ(Utf8FromUtf16(std::string("a\0b", 3), false), "a\uFFFD");
}

}  // namespace
}  // namespace trawl::cli
