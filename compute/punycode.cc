// As RFC 3492, section 6, has it: the ASCII characters, a hyphen, then for each other code point,
// in order of value, how many (value, place) pairs are between it and the one before, as a number
// of variable length whose digits' weights adapt.

#include "compute/punycode.h"

#include <algorithm>
#include <array>
#include <bit>
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
constexpr int kPlaceBits = 6;
static_assert(kMaxPunycodeInput == 1 << kPlaceBits);
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

// `number`, less than kMost, over kBase - `threshold`, by a multiplication: a division would take
// as long as all else that there is to a digit.
uint32_t OverWeight(uint32_t number, uint32_t threshold) {
  constexpr int kShift = 36;
  static constexpr std::array<uint64_t, kMostThreshold + 1> kInverses = [] {
    std::array<uint64_t, kMostThreshold + 1> inverses{};
    for (uint32_t t = 0; t <= kMostThreshold; ++t) {
      inverses[t] = (uint64_t{1} << kShift) / (kBase - t) + 1;
    }
    return inverses;
  }();
  return static_cast<uint32_t>(number * kInverses[threshold] >> kShift);
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
  if (code_points.size() > std::min(kMaxPunycodeInput, to.size())) return 0;
  std::array<uint32_t, kMaxPunycodeInput> rest;  // those beyond ASCII: the value, then the place
  size_t rest_size = 0;
  size_t size = 0;
  uint64_t written = 0;  // bit n: the code point at n is
  for (size_t i = 0; i < code_points.size(); ++i) {
    const char32_t c = code_points[i];
    if (c < kFirst) {
      written |= uint64_t{1} << i;
      to[size++] = static_cast<char>(c);
    } else {
      rest[rest_size++] = static_cast<uint32_t>(c << kPlaceBits | i);
    }
  }
  if (rest_size > 1) std::sort(rest.begin(), rest.begin() + rest_size);
  const uint32_t basic = static_cast<uint32_t>(size);
  if (basic > 0) {
    if (size == to.size()) return 0;
    to[size++] = '-';
  }
  uint32_t bias = kInitialBias;
  uint32_t value = kFirst;
  uint32_t begin = 0;  // where among those that are written the next may be
  for (uint32_t done = basic; done < code_points.size(); ++done) {
    const uint32_t next = rest[done - basic];
    const uint64_t bit = uint64_t{1} << next % kMaxPunycodeInput;
    const uint32_t place = static_cast<uint32_t>(std::popcount(written & (bit - 1)));
    const uint64_t pairs = uint64_t{(next >> kPlaceBits) - value} * (done + 1) + place - begin;
    if (pairs > kMost) return 0;
    const auto delta = static_cast<uint32_t>(pairs);
    uint32_t number = delta;
    uint32_t threshold = 0;
    for (uint32_t k = kBase;; k += kBase) {
      if (size == to.size()) return 0;
      threshold = Threshold(k, bias);
      if (number < threshold) break;
      const uint32_t above = number - threshold;
      number = OverWeight(above, threshold);
      to[size++] = Digit(threshold + above - number * (kBase - threshold));
    }
    to[size++] = Digit(number);
    bias = Adapt(delta, done + 1, done == basic);
    written |= bit;
    value = next >> kPlaceBits;
    begin = place + 1;
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
