// Random documents made of pieces that the rules of URLs, mailboxes, addresses and digests are
// about.
//
// Thread-safety: one thread at a time.

#ifndef TRAWL_TESTS_SUPPORT_KIND_DOCUMENTS_H_
#define TRAWL_TESTS_SUPPORT_KIND_DOCUMENTS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/support/documents.h"

namespace trawl::test {

// The same sequence of documents for the same seed, on every machine.
class KindDocuments {
 public:
  explicit KindDocuments(uint64_t seed) : random_(seed) {}

  // Up to `pieces` pieces, now and then a long row of one of them.
  std::string Next(size_t pieces);

  compute::ScanOptions NextOptions() { return random_.NextOptions(); }
  size_t Below(size_t limit) { return random_.Below(limit); }

 private:
  RandomDocuments random_;
};

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_KIND_DOCUMENTS_H_
