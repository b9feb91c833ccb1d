// Goes from place to place of a document, as a PlaceKernel finds them, in order.
//
//   PlaceSearch search(kernel.email, document, begin, end);
//   search.ForEach([](size_t position) { ... });
//
// Thread-safety: an object belongs to one thread.

#ifndef TRAWL_COMPUTE_PLACE_SEARCH_H_
#define TRAWL_COMPUTE_PLACE_SEARCH_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "compute/place_kernel.h"

namespace trawl::compute {

class PlaceSearch {
 public:
  // Looks in [begin, end) of `document`, which outlives the object.
  PlaceSearch(PlaceKernel::Find find, std::string_view document, size_t begin, size_t end)
      : find_(find), document_(document), next_(begin), end_(end) {}

  // Calls visit(position) for each place.
  template <typename Visit>
  void ForEach(Visit visit) {
    while (NextBlock()) {
      for (size_t w = 0; w < words().size(); ++w) {
        for (uint64_t bits = words()[w]; bits != 0; bits &= bits - 1) {
          visit(base_ + 64 * w + static_cast<size_t>(std::countr_zero(bits)));
        }
      }
    }
  }

  // Goes to the next block; false where there is none.
  bool NextBlock();

  // Of the block: bit i of word w stands for the byte at base() + 64 * w + i.
  size_t base() const { return base_; }
  std::span<const uint64_t> words() const { return {places_.data(), words_}; }

 private:
  static constexpr size_t kWords = 64;
  static constexpr size_t kBefore = 1;
  static constexpr size_t kAfter = 2;

  const PlaceKernel::Find find_;
  const std::string_view document_;
  size_t base_ = 0;
  size_t next_;
  const size_t end_;
  size_t words_ = 0;
  std::array<uint64_t, kWords> places_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_PLACE_SEARCH_H_
