// The table of code points, and UTF-8, against ICU.

#include "compute/code_points.h"

#include <gtest/gtest.h>
#include <unicode/utf8.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "tests/support/reference_unicode.h"

namespace trawl::compute {
namespace {

constexpr char32_t kCodePoints = 0x110000;

std::string Utf8(char32_t c) {
  std::array<char, U8_MAX_LENGTH> bytes;
  int32_t size = 0;
  U8_APPEND_UNSAFE(bytes.data(), size, static_cast<UChar32>(c));
  return std::string(bytes.data(), static_cast<size_t>(size));
}

uint32_t Number(char32_t c) { return static_cast<uint32_t>(c); }

bool IsSurrogate(char32_t c) { return c >= 0xD800 && c < 0xE000; }

void ExpectDecoded(const CodePoint& decoded, char32_t c, size_t size) {
  ASSERT_TRUE(decoded.well_formed) << Number(c);
  ASSERT_EQ(decoded.value, c);
  ASSERT_EQ(decoded.size, size) << Number(c);
}

TEST(CodePointsTest, EveryOneIsDecodedFromBothSides) {
  for (char32_t c = 0; c < kCodePoints; ++c) {
    const std::string alone = Utf8(c);
    if (IsSurrogate(c)) {
      ASSERT_FALSE(DecodeAt(alone, 0).well_formed) << Number(c);
      ASSERT_FALSE(DecodeBefore(alone, alone.size()).well_formed) << Number(c);
      continue;
    }
    const std::string between = "\u0416" + alone + "\u3042";
    ExpectDecoded(DecodeAt(alone, 0), c, alone.size());
    ExpectDecoded(DecodeBefore(alone, alone.size()), c, alone.size());
    ExpectDecoded(DecodeAt(between, 2), c, alone.size());
    ExpectDecoded(DecodeBefore(between, 2 + alone.size()), c, alone.size());
    if (HasFatalFailure()) return;
  }
}

// Bytes are drawn from those at the edges of what is well-formed.
TEST(CodePointsTest, WhatIsIllFormedIsWhatIcuSays) {
  constexpr std::string_view kEdges =
      "\x41\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xEC\xED\xEE\xEF\xF0\xF1\xF3\xF4\xF5"
      "\xFF";
  std::mt19937 random(1);
  for (int round = 0; round < 300'000; ++round) {
    std::string text;
    for (size_t size = 1 + random() % 6; size > 0; --size) text += kEdges[random() % kEdges.size()];
    const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
    const int32_t end = static_cast<int32_t>(text.size());
    int32_t i = 0;
    UChar32 c = 0;
    U8_NEXT(bytes, i, end, c);
    const CodePoint at = DecodeAt(text, 0);
    ASSERT_EQ(at.well_formed, c >= 0) << ::testing::PrintToString(text);
    ASSERT_EQ(at.size, c >= 0 ? i : 1) << ::testing::PrintToString(text);
    if (c >= 0) {
      ASSERT_EQ(at.value, static_cast<char32_t>(c));
    }
    i = end;
    U8_PREV(bytes, 0, i, c);
    const CodePoint before = DecodeBefore(text, text.size());
    ASSERT_EQ(before.well_formed, c >= 0) << ::testing::PrintToString(text);
    ASSERT_EQ(before.size, c >= 0 ? end - i : 1) << ::testing::PrintToString(text);
    if (c >= 0) {
      ASSERT_EQ(before.value, static_cast<char32_t>(c));
    }
  }
}

TEST(CodePointsTest, EveryOneIsToAHostWhatIcuSays) {
  for (char32_t c = 0; c < kCodePoints; ++c) {
    if (IsSurrogate(c)) continue;
    const test::Symbol symbol = test::ClassifyCodePoint(static_cast<UChar32>(c));
    HostClass expected = HostClass::kSeparator;
    if (symbol.joiner) {
      expected = HostClass::kJoiner;
    } else if (symbol.kind == test::SymbolKind::kIgnorable) {
      expected = HostClass::kIgnorable;
    } else if (symbol.kind == test::SymbolKind::kHost) {
      expected = symbol.unspaced ? HostClass::kUnspaced : HostClass::kSpaced;
    }
    const CodePointTraits& traits = TraitsOf(c);
    ASSERT_EQ(traits.host_class, expected) << Number(c);
    if (expected == HostClass::kSeparator) {
      ASSERT_FALSE(traits.is_simple) << Number(c);
    } else {
      ASSERT_EQ(traits.is_trailing_symbol, test::IsTrimmedSymbol(static_cast<UChar32>(c)))
          << Number(c);
    }
  }
}

// A simple one is mapped as it says, between whatever others.
TEST(CodePointsTest, LabelsOfSimpleOnesAreTheirMappings) {
  std::mt19937 random(2);
  std::u32string simple;
  for (char32_t c = 0; c < kCodePoints; ++c) {
    if (TraitsOf(c).is_simple && c != '-') simple += c;
  }
  EXPECT_GT(simple.size(), 100'000u);
  const auto mapping = [](char32_t c) { return c + static_cast<char32_t>(TraitsOf(c).to_mapped); };
  for (char32_t c : simple) {
    ASSERT_EQ(mapping(mapping(c)), mapping(c)) << Number(c);
    const char32_t left = simple[random() % simple.size()];
    const char32_t right = simple[random() % simple.size()];
    const std::string label = Utf8(left) + Utf8(c) + Utf8(right);
    const std::string mapped = Utf8(mapping(left)) + Utf8(mapping(c)) + Utf8(mapping(right));
    const auto a_form = test::AFormOf(label);
    ASSERT_TRUE(a_form.has_value()) << label;
    ASSERT_EQ(a_form, test::AFormOf(mapped)) << label;
  }
}

}  // namespace
}  // namespace trawl::compute
