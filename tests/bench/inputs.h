// What the benchmarks work on: made, not stored. The same name and size give the same bytes,
// everywhere and always.
//
// The ordinary inputs imitate a kind of document: its words, its punctuation, and how often a
// domain comes by. The adversarial ones repeat what makes a careless search expensive; they are
// those of "cost" in the tests, over a megabyte and more.
//
//   std::string text = MakeInput("weblog", 1 << 20);
//
// Thread-safety: pure functions.

#ifndef TRAWL_TESTS_BENCH_INPUTS_H_
#define TRAWL_TESTS_BENCH_INPUTS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trawl::bench {

struct InputKind {
  std::string_view name;
  bool adversarial = false;
};

// In the order to show them: the ordinary ones first.
const std::vector<InputKind>& InputKinds();

// `bytes` bytes of the kind `name`; empty where there is no such kind. Ordinary kinds repeat
// themselves after 16 MiB.
std::string MakeInput(std::string_view name, size_t bytes);

// The real files of each folder of `directory`, one after the other in order of their names, at
// most `max_bytes` of each folder: pairs of folder and bytes, in order. Empty where there is no
// such directory.
std::vector<std::pair<std::string, std::string>> ReadCorpus(const std::string& directory,
                                                            size_t max_bytes);

}  // namespace trawl::bench

#endif  // TRAWL_TESTS_BENCH_INPUTS_H_
