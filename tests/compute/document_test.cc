#include "compute/document.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace trawl::compute {
namespace {

// `text` in pieces that end at random, most of up to `most` bytes.
std::vector<std::string_view> Cut(std::string_view text, size_t most, std::mt19937& random) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const size_t size =
        std::min(text.size(), 1 + random() % (random() % 8 == 0 ? 10 * most : most));
    pieces.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return pieces;
}

TEST(DocumentTest, WindowsHoldTheirRangesAndWhatIsAround) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    std::string text(1 + random() % 5000, '\0');
    for (char& c : text) c = static_cast<char>(random());
    const uint64_t left = random() % 40;
    const uint64_t right = random() % 40;
    const Document document(Cut(text, 1 + random() % 500, random));
    ASSERT_EQ(document.size(), text.size());
    Scratch scratch;
    const uint64_t end = 1 + random() % text.size();
    for (uint64_t at = random() % end; at < end;) {
      const Document::Window window = document.WindowAt(at, end, left, right, scratch);
      ASSERT_GT(window.end, at);
      ASSERT_LE(window.end, end);
      EXPECT_LE(window.begin, at - std::min(at, left));
      EXPECT_GE(window.begin + window.text.size(),
                std::min<uint64_t>(text.size(), window.end + right));
      EXPECT_EQ(window.text, std::string_view(text).substr(window.begin, window.text.size()));
      at = window.end;
    }
  }
}

TEST(DocumentTest, LongPiecesAreLookedAtWhereTheyAre) {
  const std::string text(10'000, 'x');
  const std::string_view first = std::string_view(text).substr(0, 6000);
  const std::string_view second = std::string_view(text).substr(6000);
  const Document document({first, second});
  Scratch scratch;
  Document::Window window = document.WindowAt(0, 10'000, 100, 200, scratch);
  EXPECT_EQ(window.text.data(), first.data());
  EXPECT_EQ(window.end, 5800u);
  window = document.WindowAt(5800, 10'000, 100, 200, scratch);
  EXPECT_EQ(window.begin, 5700u);
  EXPECT_EQ(window.text.size(), 600u);
  EXPECT_EQ(window.end, 6100u);
  window = document.WindowAt(6100, 10'000, 100, 200, scratch);
  EXPECT_EQ(window.text.data(), second.data());
  EXPECT_EQ(window.end, 10'000u);
}

}  // namespace
}  // namespace trawl::compute
