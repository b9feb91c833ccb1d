// Documents for tests of detectors: random ones, made of pieces that rules are about; long ones;
// filler.
//
// Thread-safety: one thread at a time.

#ifndef TRAWL_TESTS_SUPPORT_DOCUMENTS_H_
#define TRAWL_TESTS_SUPPORT_DOCUMENTS_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "compute/detector.h"

namespace trawl::test {

// `unit` again and again, `size` bytes or a little more.
std::string Repeat(std::string_view unit, size_t size);

// Documents that strain the caps: findings, and rows around and inside them.
std::vector<std::string> LongDocuments();

// The same sequence of documents for the same seed, on every machine.
class RandomDocuments {
 public:
  explicit RandomDocuments(uint64_t seed) : random_(seed) {}

  // Up to `pieces` pieces: labels, dots, schemes, escapes, brackets, code points of many kinds,
  // now and then a long row of one of them.
  std::string Next(size_t pieces);

  // `count` hosts of labels in several scripts, most of them under TLDs, with dots in any notation,
  // with or without something between them; in some documents the same ones again and again.
  std::string NextInScripts(size_t count);

  // `count` hosts of which there are only a few: in other letters now and then, or with one byte
  // changed, and with other neighbours each time.
  std::string NextWithRepeats(size_t count);

  // Mostly the default, at LOW.
  compute::ScanOptions NextOptions();

  // From 0 to `limit`, exclusive.
  size_t Below(size_t limit) { return random_() % limit; }

 private:
  std::string NextHost();
  std::string NextLabel();

  std::mt19937_64 random_;
};

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_DOCUMENTS_H_
