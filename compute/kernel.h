// The byte classifiers: one per instruction set.
//
// A kernel turns bytes into bits, 64 bytes at a time, and decides nothing: what a byte is does not
// depend on its neighbours but for Masks::rare. So the kernels are the only code that is written
// for an instruction set, all give the same masks, and everything else works on the masks.
//
//   const Kernel& kernel = Kernel::Best();
//   kernel.classify(bytes, 64, masks);    // 64 words of 64 bytes
//
// Thread-safety: constant data; any thread.

#ifndef TRAWL_COMPUTE_KERNEL_H_
#define TRAWL_COMPUTE_KERNEL_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace trawl::compute {

// Bit i of each stands for byte i of 64.
struct alignas(64) Masks {
  uint64_t host;        // ASCII alphanumerics, hyphen, underscore
  uint64_t dot;         // .
  uint64_t joiner;      // hyphens and underscores
  uint64_t underscore;  // _
  uint64_t non_ascii;   // 0x80 and above
  uint64_t bracket;     // ( [ \ ] { | }
  uint64_t rare;        // may begin a dot in another form: a bracket before d or D, 0xE3, 0xEF
};

struct Kernel {
  // Classifies `words` times 64 bytes; reads one byte more.
  using Classify = void (*)(const unsigned char* bytes, size_t words, Masks* masks);

  std::string_view name;  // "scalar", or the instruction set's
  Classify classify;

  // Those that this processor runs, the best first; "scalar" is always there and the last.
  static const std::vector<Kernel>& All();
  static const Kernel& Best() { return All().front(); }
  // nullptr where the processor has none of the name.
  static const Kernel* Find(std::string_view name);
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_KERNEL_H_
