// The work on every byte: one kernel per instruction set.
//
// A kernel turns bytes into bits, 64 bytes at a time, joins these to runs by arithmetic, and lists
// bits that are set. The kernels are the only code that is written for an instruction set, and all
// give the same bits. What a byte is does not depend on its neighbours; what a run is depends on no
// more than its bits and the carries from the block before.
//
//   const Kernel& kernel = Kernel::Best();
//   kernel.classify(bytes, Masks::kWords + 1, masks);
//   kernel.join(masks, Masks::kWords, runs);
//
// Thread-safety: constant data; any thread.

#ifndef TRAWL_COMPUTE_KERNEL_H_
#define TRAWL_COMPUTE_KERNEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace trawl::compute {

// The words of a block: bit i of word 1 + w stands for byte 64 * w + i. Word 0 stands for the 64
// bytes before the block, the last for those after it.
inline constexpr size_t kBlockWords = 64;
using Words = std::array<uint64_t, kBlockWords + 2>;

// Of each kind of byte, where it is.
struct alignas(64) Masks {
  Words host;        // ASCII alphanumerics, hyphen, underscore
  Words dot;         // .
  Words joiner;      // hyphens and underscores
  Words underscore;  // _
  Words digit;       // 0 to 9
  Words non_ascii;   // 0x80 and above
  Words bracket;     // ( [ \ ] { | }
  Words hint;        // d and D; 0xE3 and 0xEF, which dots that are not ASCII begin with
};

// Runs: of host characters and dots, each dot between two host characters, and where they end.
struct alignas(64) Runs {
  Words run;     // host characters, and dots between two of them
  Words dot;     // dots between two host characters
  Words end;     // past the last byte of a run with a dot
  Words no_tld;  // past the last byte of a label that is not its run's first and no TLD: of digits,
                 // or of one alphanumeric; if what is there is neither a dot, a bracket, nor beyond
                 // ASCII
  Words odd;     // underscores, and hyphens that are not between two ASCII alphanumerics
  Words rare;    // may begin a dot in another form
  uint64_t dash;  // not 0 where an underscore follows another; of the words up to the next multiple
                  // of Kernel::kJoinWords

  // 1 where from this block to the next there goes on ...
  uint64_t carry;         // a run with a dot
  uint64_t number_carry;  // a label of digits
};

struct Kernel {
  // Classifies `words` times 64 bytes, from word 1 on.
  using Classify = void (*)(const unsigned char* bytes, size_t words, Masks& masks);
  // Finds the runs of words 1 to `words`. Of `masks`, words 0 and the words up to the next multiple
  // of kJoinWords, and the one after, are set; of `runs`, the carries of the block before, which
  // are replaced.
  using Join = void (*)(const Masks& masks, size_t words, Runs& runs);
  static constexpr size_t kJoinWords = 8;

  // Writes the numbers of the bits set in `words`, the first one's bit 0 being 0, in order, and
  // returns how many there are. Writes up to kListSlack more.
  using List = size_t (*)(const uint64_t* words, size_t count, uint16_t* numbers);
  static constexpr size_t kListSlack = 32;

  std::string_view name;  // "scalar", or the instruction set's
  Classify classify;
  Join join;
  List list;
  bool bit_instructions = false;  // whether the processor has BMI2, LZCNT and AVX2

  // Those that this processor runs, the best first; "scalar" is always there and the last.
  static const std::vector<Kernel>& All();
  static const Kernel& Best() { return All().front(); }
  // nullptr where the processor has none of the name.
  static const Kernel* Find(std::string_view name);
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_KERNEL_H_
