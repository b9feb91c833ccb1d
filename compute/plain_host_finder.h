// Decides at once about what most hosts are: a short run of plain ASCII between plain neighbours,
// or what is one but that some of its dots are in brackets.
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

#include "compute/confidence.h"
#include "compute/detector.h"
#include "compute/finding.h"
#include "compute/host_memo.h"
#include "compute/plain_neighbours.h"
#include "compute/ruleset.h"
#include "compute/run_search.h"
#include "compute/suffix_index.h"
#include "compute/tld_table.h"

namespace trawl::compute {

class PlainHostFinder {
 public:
  // What FindAll returns once runs begin beyond the chunk.
  static constexpr size_t kBeyondChunk = ~size_t{0};

  // `ruleset` outlives it. `bit_instructions`: see Kernel.
  PlainHostFinder(const Ruleset& ruleset, bool bit_instructions);

  // Decides about the places of the search's block from number `first` on, and adds the hosts that
  // begin in `chunk` and are of the confidence asked for. Returns the number of the first place
  // that is not simple, or how many places there are. `memo` is the scan's.
  size_t FindAll(std::string_view document, const RunSearch& search, size_t first,
                 const ScanOptions& options, Chunk chunk, HostMemo& memo,
                 FindingList& findings) const;

  // Decides about the run around the dot in brackets that begins at `place` or next to it, if that
  // is a short name of plain ASCII and begins at `least` or right of it: adds its host as FindAll
  // does, and returns where the run ends. 0 where it is not simple.
  size_t FindDefanged(std::string_view document, size_t place, size_t least,
                      const ScanOptions& options, Chunk chunk, FindingList& findings) const;

 private:
  // Of a document, half-open.
  struct Place {
    size_t begin;
    size_t end;
  };
  // A run as it is without what defangs its dots.
  struct Name {
    const char* end;  // of its bytes, eight more of which may be read left of it
    unsigned size;
    uint64_t dots;  // bit 63 - n stands for the byte n + 1 before the end
  };
  // Bytes that end the host.
  struct Suffix {
    unsigned size;              // of the public suffix
    unsigned registrable_size;  // of the registrable domain; 0 where the host is a public suffix
  };
  struct Host {
    Place place;
    std::string_view value;
    unsigned tld_size;
    bool has_third;  // label
    uint8_t tld_bits;
    Suffix suffix;
    PlainNeighbours neighbours;
  };

  // FindAll, compiled for the instructions of the function that calls it. kRecalls: with the memo,
  // as long as it is on; all hosts begin in the chunk.
  template <bool kRecalls>
  size_t FindAllHere(std::string_view document, const RunSearch& search, size_t first,
                     const ScanOptions& options, Chunk chunk, HostMemo& memo,
                     FindingList& findings) const;
  template <bool kRecalls>
  size_t FindAllByBits(std::string_view document, const RunSearch& search, size_t first,
                       const ScanOptions& options, Chunk chunk, HostMemo& memo,
                       FindingList& findings) const;
  template <bool kRecalls>
  size_t FindAllWith(std::string_view document, const RunSearch& search, size_t first,
                     const ScanOptions& options, Chunk chunk, HostMemo& memo,
                     FindingList& findings) const;

  // Adds the host if it is of the confidence asked for; false where it is not simple. One that is
  // added is kept in `memo`, if there is one.
  bool AddHost(std::string_view document, Place place, Name name, unsigned tld_size,
               SuffixIndex::Tld tld, PlainNeighbours neighbours, const ScanOptions& options,
               HostMemo* memo, const FindingList& findings, FindingList::Cursor& cursor) const;
  // Whether a run whose last label is no TLD may hold a host all the same.
  bool MayEndEarlier(std::string_view document, const RunSearch& search, size_t place,
                     unsigned size, unsigned label_size) const;
  // Of a host whose second-level label may be part of its public suffix; `shortest` is what it has
  // if not. The first bit set of `third_dots`, 63 - n, says that the third label begins n bytes
  // before the end.
  Suffix ReadSuffix(Name name, uint64_t third_dots, SuffixIndex::Tld tld, uint64_t second,
                    Suffix shortest) const;
  Grade GradeOf(std::string_view document, const Host& host, const ScanOptions& options) const;

  const Ruleset& ruleset_;
  const TldTable tlds_;
  const SuffixIndex suffixes_;
  const bool bit_instructions_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_PLAIN_HOST_FINDER_H_
