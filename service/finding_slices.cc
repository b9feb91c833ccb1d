#include "service/finding_slices.h"

#include <algorithm>
#include <cstdint>

#include "service/draft.h"
#include "service/finding_writer.h"

namespace trawl::service {
namespace {

constexpr size_t kSliceBytes = 64 << 10;

}  // namespace

size_t SizeOf(const Slices& slices) {
  size_t size = 0;
  for (const grpc::Slice& slice : slices) size += slice.size();
  return size;
}

Slices FindingSlices(const compute::FindingList& findings, size_t count, int field) {
  Slices slices;
  size_t next = 0;
  while (MaxFindingsSize(findings, next, count) > kSliceBytes) {
    const grpc::Slice slice(std::max(kSliceBytes, MaxFindingsSize(findings, next, next + 1)));
    auto* const begin = const_cast<uint8_t*>(slice.begin());
    const uint8_t* const end =
        WriteFindingsWithin(findings, next, count, field, begin, slice.size());
    slices.push_back(slice.sub(0, static_cast<size_t>(end - begin)));
  }
  if (next < count) {
    const size_t room = MaxFindingsSize(findings, next, count);
    uint8_t* const begin = Draft::OfThread().Room(room);
    const uint8_t* const end = WriteFindingsWithin(findings, next, count, field, begin, room);
    slices.emplace_back(begin, static_cast<size_t>(end - begin));
  }
  return slices;
}

}  // namespace trawl::service
