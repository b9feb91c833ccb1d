// A short name in plain ASCII some of whose dots are in brackets, `www.example[.]com`, as it is
// without them.
//
// Thread-safety: plain data.

#ifndef TRAWL_COMPUTE_PLAIN_NAME_H_
#define TRAWL_COMPUTE_PLAIN_NAME_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compute/code_points.h"

namespace trawl::compute {

// Whether `[.]`, `(.)` or `{.}` stands at `text` between ASCII alphanumerics.
inline bool IsBracketedDot(const char* text) {
  const bool bracketed = (text[0] == '[' && text[2] == ']') || (text[0] == '(' && text[2] == ')') ||
                         (text[0] == '{' && text[2] == '}');
  return text[1] == '.' && bracketed && IsAlphanumeric(text[-1]) && IsAlphanumeric(text[3]);
}

template <size_t kMaxSize>
class PlainName {
 public:
  // Bytes to either side of it that the name is simple with.
  static constexpr size_t kAround = 8;

  // Around the dot in brackets at `dot`, with kAround bytes to either side.
  PlainName(std::string_view text, size_t dot) : begin_(dot), end_(dot + kBracketed) {
    bytes_[--first_] = '.';
    while (size() < kMaxSize && begin_ >= kAround) {
      const char c = text[begin_ - 1];
      if (IsHostByte(c) || (c == '.' && IsHostByte(text[begin_]) && IsHostByte(text[begin_ - 2]))) {
        begin_ -= 1;
        bytes_[--first_] = c;
      } else if (c != '.' && IsBracketedDot(text.data() + begin_ - kBracketed)) {
        begin_ -= kBracketed;
        bytes_[--first_] = '.';
      } else {
        break;
      }
    }
    while (size() < kMaxSize && end_ + kAround <= text.size()) {
      const char c = text[end_];
      if (IsHostByte(c) || (c == '.' && IsHostByte(text[end_ + 1]))) {
        end_ += 1;
        bytes_[last_++] = c;
      } else if (c != '.' && IsBracketedDot(text.data() + end_)) {
        end_ += kBracketed;
        bytes_[last_++] = '.';
      } else {
        break;
      }
    }
    is_simple_ = size() < kMaxSize && begin_ >= kAround && end_ + kAround <= text.size();
    FindDots();
  }

  // Whether it has less than kMaxSize bytes, no underscore, no hyphen at an end of a label, and
  // kAround bytes of text to either side.
  bool is_simple() const { return is_simple_; }

  size_t begin() const { return begin_; }  // in the text
  size_t end() const { return end_; }

  // The name ends at text_end(), left of which eight more bytes are readable.
  const char* text_end() const { return bytes_.data() + last_; }
  unsigned size() const { return static_cast<unsigned>(last_ - first_); }

  // Bit 63 - n stands for the byte n + 1 before the end.
  uint64_t dots() const { return dots_; }

  bool is_last_label_joined() const { return is_last_label_joined_; }

 private:
  static constexpr size_t kBracketed = 3;

  void FindDots() {
    for (size_t i = last_; i > first_; --i) {
      const char c = bytes_[i - 1];
      if (c == '.') dots_ |= uint64_t{1} << 63 >> (last_ - i);
      if (c != '-' && c != '_') continue;
      is_last_label_joined_ = is_last_label_joined_ || dots_ == 0;
      is_simple_ = is_simple_ && c == '-' && IsAlphanumeric(bytes_[i - 2]) && i < last_ &&
                   IsAlphanumeric(bytes_[i]);
    }
  }

  size_t begin_;
  size_t end_;
  // The name grows from the middle; what is beside it is 0.
  std::array<char, 2 * kMaxSize + 64> bytes_{};
  size_t first_ = kMaxSize + 16;
  size_t last_ = kMaxSize + 16;
  uint64_t dots_ = 0;
  bool is_simple_ = false;
  bool is_last_label_joined_ = false;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_PLAIN_NAME_H_
