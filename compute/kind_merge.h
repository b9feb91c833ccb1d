// Findings of several kinds in one list.
//
// Findings are in order of `begin`; at the same `begin` longer ones come first, then kinds by
// number. Findings of different kinds may lie inside each other: the domain of a URL, the address
// of its query. What lies inside another is decided from the findings of a chunk and of the bytes
// left of it as far as a finding is long, so it does not depend on how a document is cut.
//
// Thread-safety: an object belongs to one thread.

#ifndef TRAWL_COMPUTE_KIND_MERGE_H_
#define TRAWL_COMPUTE_KIND_MERGE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "compute/detector.h"
#include "compute/finding.h"

namespace trawl::compute {

// What is done with findings inside others.
enum class Nesting : uint8_t {
  kAll,          // reported
  kOutermost,    // left out
  kDomainsOnly,  // domains are reported, others left out
};

class KindMerge {
 public:
  // Keeps the memory.
  void Clear() { used_ = 0; }

  // An empty list for the findings of one kind, in any order; valid until Clear.
  FindingList& AddList();

  // Appends to `merged` the findings of the lists that begin in `chunk`, in order.
  void Merge(Chunk chunk, Nesting nesting, FindingList& merged);

 private:
  struct Entry {
    const Finding* finding;
    const FindingList* list;
  };

  std::deque<FindingList> lists_;
  size_t used_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_KIND_MERGE_H_
