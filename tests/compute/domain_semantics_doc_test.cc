// The examples of docs/semantics.md are true: lines of the form - `in` -> `CONFIDENCE:value`.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "compute/domain_detector.h"
#include "tests/support/reference_detector.h"

namespace trawl::compute {
namespace {

struct Example {
  int line = 0;
  std::string in;
  std::vector<std::string> out;
};

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

std::vector<Example> ReadExamples() {
  std::vector<Example> examples;
  std::ifstream file(TRAWL_SOURCE_DIR "/docs/semantics.md");
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const size_t arrow = line.find("` -> ");
    if (line.substr(0, 3) != "- `" || arrow == std::string::npos) continue;
    Example example{number, Unescape(std::string_view(line).substr(3, arrow - 3)), {}};
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

TEST(DomainSemanticsDocTest, ItsExamplesAreTrue) {
  const auto ruleset = Ruleset::Load({});
  ASSERT_TRUE(ruleset.ok());
  const DomainDetector detector(*ruleset);
  ScanOptions options;
  options.min_confidence = Confidence::kLow;
  const std::vector<Example> examples = ReadExamples();
  EXPECT_GE(examples.size(), 80u);
  for (const Example& example : examples) {
    FindingList findings;
    detector.Scan(example.in, {0, example.in.size()}, options, findings);
    std::vector<std::string> values;
    for (const auto& finding : test::ToReference(findings)) {
      values.push_back(test::GradedValue(finding));
    }
    EXPECT_EQ(values, example.out) << "line " << example.line << ": " << example.in;
  }
}

}  // namespace
}  // namespace trawl::compute
