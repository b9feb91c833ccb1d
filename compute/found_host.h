// A host and its value, before they are in a FindingList.
//
// Thread-safety: plain data.

#ifndef TRAWL_COMPUTE_FOUND_HOST_H_
#define TRAWL_COMPUTE_FOUND_HOST_H_

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "compute/finding.h"

namespace trawl::compute {

// A longest host name has 253 octets.
inline constexpr size_t kMaxHostSize = 253;

// The size of the suffix of `value` with one label more than that of `size` bytes.
inline size_t WithOneLabelMore(std::string_view value, size_t size) {
  if (value.size() <= size) return value.size();
  const size_t dot = value.rfind('.', value.size() - size - 2);
  return dot == std::string_view::npos ? value.size() : value.size() - dot - 1;
}

struct FoundHost {
  Finding finding;
  // The value ends it; left of the value, eight bytes are readable.
  std::array<char, 8 + kMaxHostSize> text;
  size_t begin = 0;

  std::string_view value() const { return {text.data() + begin, text.size() - begin}; }

  void Clear() { begin = text.size(); }

  // Where a label of `size` bytes is to be written, that with a dot is put before the value. Null
  // where there is no room for it.
  char* MakeRoom(size_t size) {
    const bool first = begin == text.size();
    if (begin < text.size() - kMaxHostSize + size + (first ? 0 : 1)) return nullptr;
    if (!first) text[--begin] = '.';
    begin -= size;
    return text.data() + begin;
  }

  // Puts the label before the value. False where there is no room for it.
  bool Prepend(std::string_view label) {
    char* const to = MakeRoom(label.size());
    if (to != nullptr) std::memcpy(to, label.data(), label.size());
    return to != nullptr;
  }
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_FOUND_HOST_H_
