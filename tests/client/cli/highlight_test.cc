#include "client/cli/highlight.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace trawl::cli {
namespace {

using testing::HasSubstr;
using testing::Lt;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr char kRed[] = "\033[1;31m";
constexpr char kOff[] = "\033[m";

std::string Highlighted(std::string_view line, const std::vector<Match>& matches) {
  std::string out;
  AppendHighlighted(line, matches, /*coloured=*/true, out);
  return out;
}

TEST(HighlightTest, MatchesOfAShortLineAreInColour) {
  EXPECT_EQ(Highlighted("see a.b and c.d.", {{4, 7}, {12, 15}}),
            std::string("see ") + kRed + "a.b" + kOff + " and " + kRed + "c.d" + kOff + ".");
}

TEST(HighlightTest, WithoutColourMatchesAreBetweenArrows) {
  std::string out;
  AppendHighlighted("see \033a.b and", std::vector<Match>{{4, 8}}, /*coloured=*/false, out);
  EXPECT_EQ(out, "see >\\u{1b}a.b< and");
}

TEST(HighlightTest, ControlsInAndAroundAMatchAreEscaped) {
  EXPECT_EQ(Highlighted("\033x\xff!", {{1, 3}}),
            std::string("\\u{1b}") + kRed + "x\\xff" + kOff + "!");
}

TEST(HighlightTest, OfALongLineOnlyTheMatchesAndTheirContextAreShown) {
  const std::string line =
      std::string(5000, 'l') + "a.b" + std::string(5000, 'm') + "c.d" + std::string(5000, 'r');
  const std::string shown = Highlighted(line, {{5000, 5003}, {10003, 10006}});
  EXPECT_THAT(shown, SizeIs(Lt(400u)));
  EXPECT_THAT(shown, StartsWith("…lll"));
  EXPECT_THAT(shown, HasSubstr(std::string(kRed) + "a.b" + kOff + "mmm"));
  EXPECT_THAT(shown, HasSubstr("mmm…mmm"));
  EXPECT_THAT(shown, HasSubstr(std::string("mmm") + kRed + "c.d" + kOff + "rrr"));
  EXPECT_THAT(shown, testing::EndsWith("rrr…"));
}

TEST(HighlightTest, NeighboursInALongLineShowWhatIsBetweenThemOnce) {
  const std::string line = std::string(5000, 'l') + "a.b - c.d" + std::string(5000, 'r');
  EXPECT_THAT(Highlighted(line, {{5000, 5003}, {5006, 5009}}),
              HasSubstr(std::string("a.b") + kOff + " - " + kRed + "c.d"));
}

TEST(HighlightTest, ACutNeverSplitsACharacter) {
  for (size_t shift = 0; shift < 4; ++shift) {
    std::string line;
    for (int i = 0; i < 500; ++i) line += "例";
    line += std::string(shift, ' ');
    const size_t begin = line.size();
    line += "a.b" + std::string(shift, ' ');
    for (int i = 0; i < 500; ++i) line += "例";
    EXPECT_THAT(Highlighted(line, {{begin, begin + 3}}), Not(HasSubstr("\\x")));
  }
}

TEST(HighlightTest, PaintedTextIsEscaped) {
  std::string out;
  AppendPainted(Paint::kFile, "a\033b", out);
  EXPECT_EQ(out, "\033[35ma\\u{1b}b\033[m");
}

}  // namespace
}  // namespace trawl::cli
