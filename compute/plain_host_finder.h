// Decides at once about what most hosts are: a short run of plain ASCII between plain neighbours.
//
// What HostFinder decides about any segment, this decides about the simple ones, from the bits that
// RunSearch has of the run and a few loads from the document. It never guesses: where anything is
// not simple it stops, and HostFinder decides. So both together give what HostFinder alone would.
//
// Thread-safety: const access from any thread.

#ifndef TRAWL_COMPUTE_PLAIN_HOST_FINDER_H_
#define TRAWL_COMPUTE_PLAIN_HOST_FINDER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compute/context.h"
#include "compute/detector.h"
#include "compute/finding.h"
#include "compute/ruleset.h"
#include "compute/run_search.h"
#include "compute/suffix_index.h"
#include "compute/tld_table.h"

namespace trawl::compute {

class PlainHostFinder {
 public:
  // What FindAll returns once runs begin beyond the chunk.
  static constexpr size_t kBeyondChunk = ~size_t{0};

  // `ruleset` outlives it.
  explicit PlainHostFinder(const Ruleset& ruleset);

  // Decides about the places of the search's block from number `first` on, and adds the hosts that
  // begin in `chunk` and are of the confidence asked for. Returns the number of the first place
  // that is not simple, or how many places there are.
  size_t FindAll(std::string_view document, const RunSearch& search, size_t first,
                 const ScanOptions& options, Chunk chunk, FindingList& findings) const;

 private:
  // What the bytes next to a host say about it.
  struct Neighbours {
    LeftContext left = LeftContext::kBare;
    bool scheme_defanged = false;
    Evidence evidence = Evidence::kNone;
    bool simple = true;  // else there is more to be read than this class can
  };
  // Bytes that end the host.
  struct Suffix {
    unsigned size;              // of the public suffix
    unsigned registrable_size;  // of the registrable domain; 0 where the host is a public suffix
  };
  struct Host {
    size_t begin;
    size_t end;
    unsigned tld_size;
    bool has_third;  // label
    uint8_t tld_bits;
    Suffix suffix;
    Neighbours neighbours;
  };

  static Neighbours ReadNeighbours(std::string_view document, size_t begin, size_t end,
                                   Defang defang);
  bool MayPrefixBeTld(const char* end, unsigned label_size, uint64_t label_joiners) const;
  // Of a host whose second-level label may be part of its public suffix; `shortest` is what it has
  // if not. The first bit set of `third_dots`, 63 - n, says that the third label begins n bytes
  // before the end.
  Suffix ReadSuffix(const char* end, unsigned size, uint64_t third_dots,
                    const SuffixIndex::Tld& tld, uint64_t second, Suffix shortest) const;
  void AddGraded(std::string_view document, const Host& host, const ScanOptions& options,
                 FindingList& findings) const;

  const Ruleset& ruleset_;
  const TldTable tlds_;
  const SuffixIndex suffixes_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_PLAIN_HOST_FINDER_H_
