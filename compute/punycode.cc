// As RFC 3492, section 6, has it: the ASCII characters, a hyphen, then for each other code point,
// in order of value, how many (value, place) pairs are between it and the one before, as a number
// of variable length whose digits' weights adapt.

#include "compute/punycode.h"

#include <algorithm>
#include <cstdint>

namespace trawl::compute {
namespace {

constexpr uint32_t kBase = 36;
constexpr uint32_t kLeastThreshold = 1;
constexpr uint32_t kMostThreshold = 26;
constexpr uint32_t kSkew = 38;
constexpr uint32_t kDamp = 700;
constexpr uint32_t kInitialBias = 72;
constexpr char32_t kFirst = 0x80;
constexpr char32_t kLast = 0x10FFFF;
// No label is so long that its numbers could be larger.
constexpr uint32_t kMost = uint32_t{1} << 30;

uint32_t Adapt(uint32_t delta, uint32_t count, bool first) {
  delta = first ? delta / kDamp : delta / 2;
  delta += delta / count;
  uint32_t k = 0;
  while (delta > (kBase - kLeastThreshold) * kMostThreshold / 2) {
    delta /= kBase - kLeastThreshold;
    k += kBase;
  }
  return k + (kBase - kLeastThreshold + 1) * delta / (delta + kSkew);
}

uint32_t Threshold(uint32_t k, uint32_t bias) {
  if (k <= bias) return kLeastThreshold;
  return std::clamp(k - bias, kLeastThreshold, kMostThreshold);
}

char Digit(uint32_t value) {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

// The value of a digit, or kBase.
uint32_t ValueOf(char digit) {
  if (digit >= 'a' && digit <= 'z') return static_cast<uint32_t>(digit - 'a');
  if (digit >= 'A' && digit <= 'Z') return static_cast<uint32_t>(digit - 'A');
  if (digit >= '0' && digit <= '9') return static_cast<uint32_t>(digit - '0') + 26;
  return kBase;
}

}  // namespace

size_t EncodePunycode(std::u32string_view code_points, std::span<char> to) {
  size_t size = 0;
  const auto put = [&](char c) {
    if (size == to.size()) return false;
    to[size++] = c;
    return true;
  };
  for (char32_t c : code_points) {
    if (c < kFirst && !put(static_cast<char>(c))) return 0;
  }
  const uint32_t basic = static_cast<uint32_t>(size);
  if (basic > 0 && !put('-')) return 0;
  uint32_t done = basic;
  uint32_t delta = 0;
  uint32_t bias = kInitialBias;
  char32_t value = kFirst;
  while (done < code_points.size()) {
    char32_t next = kLast;
    for (char32_t c : code_points) {
      if (c >= value) next = std::min(next, c);
    }
    if (uint64_t{next - value} * (done + 1) > kMost - delta) return 0;
    delta += static_cast<uint32_t>(next - value) * (done + 1);
    value = next;
    for (char32_t c : code_points) {
      if (c < value) ++delta;
      if (c != value) continue;
      uint32_t rest = delta;
      for (uint32_t k = kBase;; k += kBase) {
        const uint32_t threshold = Threshold(k, bias);
        if (rest < threshold) break;
        if (!put(Digit(threshold + (rest - threshold) % (kBase - threshold)))) return 0;
        rest = (rest - threshold) / (kBase - threshold);
      }
      if (!put(Digit(rest))) return 0;
      bias = Adapt(delta, done + 1, done == basic);
      delta = 0;
      ++done;
    }
    ++delta;
    ++value;
  }
  return size;
}

size_t DecodePunycode(std::string_view text, std::span<char32_t> to) {
  size_t count = 0;
  const size_t hyphen = text.rfind('-');
  if (hyphen != std::string_view::npos && hyphen > 0) {
    if (hyphen > to.size()) return 0;
    for (; count < hyphen; ++count) {
      const auto c = static_cast<unsigned char>(text[count]);
      if (c >= kFirst) return 0;
      to[count] = c;
    }
    text.remove_prefix(hyphen + 1);
  }
  uint32_t place = 0;
  uint32_t bias = kInitialBias;
  char32_t value = kFirst;
  while (!text.empty()) {
    const uint32_t old_place = place;
    uint64_t weight = 1;
    for (uint32_t k = kBase;; k += kBase) {
      if (text.empty()) return 0;
      const uint32_t digit = ValueOf(text.front());
      text.remove_prefix(1);
      if (digit == kBase || place + digit * weight > kMost) return 0;
      place += static_cast<uint32_t>(digit * weight);
      const uint32_t threshold = Threshold(k, bias);
      if (digit < threshold) break;
      weight *= kBase - threshold;
      if (weight > kMost) return 0;
    }
    if (count == to.size()) return 0;
    const uint32_t next_count = static_cast<uint32_t>(count) + 1;
    bias = Adapt(place - old_place, next_count, old_place == 0);
    value += place / next_count;
    place %= next_count;
    if (value > kLast) return 0;
    std::copy_backward(to.begin() + place, to.begin() + static_cast<std::ptrdiff_t>(count),
                       to.begin() + static_cast<std::ptrdiff_t>(count) + 1);
    to[place++] = value;
    ++count;
  }
  return count;
}

}  // namespace trawl::compute
