#include "tests/support/doc_examples.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string_view>

namespace trawl::test {
namespace {

void AppendUtf8(char32_t c, std::string& text) {
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0 | c >> 6);
    text += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | c >> 12);
    text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  }
}

// Reads `<U+200B>` and `<xFF>` as what they stand for.
std::string Unescape(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    const size_t close = text.find('>');
    if (text.substr(0, 3) == "<U+") {
      AppendUtf8(static_cast<char32_t>(std::stoul(std::string(text.substr(3, 4)), nullptr, 16)),
                 bytes);
      text.remove_prefix(close + 1);
    } else if (text.substr(0, 2) == "<x" && close == 4) {
      bytes += static_cast<char>(std::stoul(std::string(text.substr(2, 2)), nullptr, 16));
      text.remove_prefix(close + 1);
    } else {
      bytes += text.front();
      text.remove_prefix(1);
    }
  }
  return bytes;
}

}  // namespace

std::vector<DocExample> ReadDocExamples(const std::string& path) {
  std::vector<DocExample> examples;
  std::ifstream file(path);
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const size_t arrow = line.find("` -> ");
    if (line.substr(0, 3) != "- `" || arrow == std::string::npos) continue;
    DocExample example{number, Unescape(std::string_view(line).substr(3, arrow - 3)), {}};
    for (size_t at = arrow + 5; (at = line.find('`', at)) != std::string::npos;) {
      const size_t end = line.find('`', at + 1);
      example.out.push_back(line.substr(at + 1, end - at - 1));
      at = end + 1;
    }
    if (example.out.empty()) {
      EXPECT_EQ(line.substr(arrow), "` -> nothing") << "line " << number;
    }
    examples.push_back(example);
  }
  return examples;
}

}  // namespace trawl::test
