// The distinct values of findings that come list by list, up to a number of values.
//
// DistinctValues (distinct.h) says the same of a report that is there as a whole.
//
// Thread-safety: belongs to one thread at a time.

#ifndef TRAWL_COMPUTE_DISTINCT_TABLE_H_
#define TRAWL_COMPUTE_DISTINCT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "compute/distinct.h"
#include "compute/finding.h"

namespace trawl::compute {

class DistinctTable {
 public:
  explicit DistinctTable(size_t max_values) : max_values_(max_values) {}

  // The next list, in order. Occurrences of a value that found no room are passed over.
  void Add(const FindingList& findings);

  // In order of first occurrence; the views are those of the table.
  const std::deque<DistinctValue>& values() const { return values_; }

  // Bytes that it takes up, about.
  uint64_t memory() const { return memory_; }

  // Where the first value begins that found no room.
  std::optional<uint64_t> first_left_out() const { return first_left_out_; }

 private:
  const size_t max_values_;
  std::deque<std::string> texts_;  // what the values' views point at
  std::deque<DistinctValue> values_;
  absl::flat_hash_map<std::pair<Kind, std::string_view>, size_t> index_;
  uint64_t memory_ = 0;
  std::optional<uint64_t> first_left_out_;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_DISTINCT_TABLE_H_
