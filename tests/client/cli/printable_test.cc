#include "client/cli/printable.h"

#include <random>
#include <string>

#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

TEST(PrintableTest, TextPassesAsItIs) {
  EXPECT_EQ(Printable("plain\ttext, café, 例え, 😀"), "plain\ttext, café, 例え, 😀");
}

TEST(PrintableTest, ControlsAreEscaped) {
  EXPECT_EQ(Printable("\033[31m\r\n\b\x7f"), "\\u{1b}[31m\\u{d}\\u{a}\\u{8}\\u{7f}");
  EXPECT_EQ(Printable(std::string(1, '\0')), "\\u{0}");
}

TEST(PrintableTest, EncodedC1ControlsAreEscaped) {
  EXPECT_EQ(Printable("\xC2\x9B"), "\\u{9b}");
  EXPECT_EQ(Printable("\xC2\xA0"), "\xC2\xA0");
}

TEST(PrintableTest, BidirectionalControlsAreEscaped) {
  EXPECT_EQ(Printable("a\u202Eb\u2066c\u200Fd"), "a\\u{202e}b\\u{2066}c\\u{200f}d");
}

TEST(PrintableTest, IllFormedBytesAreEscapedOneByOne) {
  EXPECT_EQ(Printable("\xff\x80"), "\\xff\\x80");
  EXPECT_EQ(Printable("\xC0\xAF"), "\\xc0\\xaf");
  EXPECT_EQ(Printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(Printable("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(Printable("\xE2\x82"), "\\xe2\\x82");
  EXPECT_EQ(Printable("\xE2\x82z"), "\\xe2\\x82z");
}

TEST(PrintableTest, NothingPrintedIsChangedByPrintingItAgain) {
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    const std::string once = Printable(bytes);
    EXPECT_EQ(Printable(once), once);
  }
}

}  // namespace
}  // namespace trawl::cli
