#include "compute/place_kernel.h"

#include "compute/code_points.h"
#include "compute/place_kernel_simd.h"

namespace trawl::compute {
namespace {

struct Neighbours {
  char before;
  char here;
  char next;
  char after_next;
};

bool IsHex(char c) { return HexValue(c) >= 0; }
bool IsSlash(char c) { return c == '/' || c == '\\' || c == '_'; }
bool IsOpening(char c) { return c == '(' || c == '[' || c == '{'; }
bool IsClosing(char c) { return c == ')' || c == ']' || c == '}'; }

bool IsUrlPlace(const Neighbours& n) {
  if (n.here == ':') return IsSlash(n.next) || n.next == ']';
  const char before = ToLower(n.before);
  return n.here == '_' && n.next == '_' && (before == 'p' || before == 's');
}

bool IsEmailPlace(const Neighbours& n) {
  return n.here == '@' ||
         (IsOpening(n.here) && ToLower(n.next) == 'a' && ToLower(n.after_next) == 't') ||
         (n.here == '%' && n.next == '4' && n.after_next == '0');
}

bool IsIpv4Place(const Neighbours& n) {
  if (IsDigit(n.here)) {
    if (n.next == '.') return IsDigit(n.after_next) || n.after_next == ']';
    return (IsOpening(n.next) || n.next == '\\') &&
           (n.after_next == '.' || ToLower(n.after_next) == 'd');
  }
  const bool bracketed =
      IsClosing(n.here) && (n.before == '/' || n.before == '@' || ToLower(n.before) == 't');
  return IsDigit(n.next) && (n.here == '@' || (IsSlash(n.here) && IsSlash(n.before)) || bracketed);
}

bool IsIpv6Place(const Neighbours& n) {
  return n.here == ':' && (n.next == ':' || (IsHex(n.next) && IsHex(n.before)));
}

bool IsHexadecimal(const Neighbours& n) { return IsHex(n.here); }

template <bool (*kIsPlace)(const Neighbours&)>
void FindScalar(const unsigned char* bytes, size_t words, uint64_t* places) {
  const char* text = reinterpret_cast<const char*>(bytes);
  for (size_t w = 0; w < words; ++w, text += 64) {
    uint64_t word = 0;
    for (size_t i = 0; i < 64; ++i) {
      const bool is_place = kIsPlace({text[i - 1], text[i], text[i + 1], text[i + 2]});
      word |= static_cast<uint64_t>(is_place) << i;
    }
    places[w] = word;
  }
}

}  // namespace

const std::vector<PlaceKernel>& PlaceKernel::All() {
  static const std::vector<PlaceKernel>* const all = [] {
    auto* kernels = new std::vector<PlaceKernel>(SimdPlaceKernels());
    kernels->push_back({"scalar", FindScalar<IsUrlPlace>, FindScalar<IsEmailPlace>,
                        FindScalar<IsIpv4Place>, FindScalar<IsIpv6Place>,
                        FindScalar<IsHexadecimal>});
    return kernels;
  }();
  return *all;
}

const PlaceKernel& PlaceKernel::Of(const Kernel& kernel) {
  for (const PlaceKernel& one : All()) {
    if (kernel.name.starts_with(one.name)) return one;
  }
  return All().back();
}

}  // namespace trawl::compute
