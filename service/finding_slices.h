// Findings in wire format, as slices of an answer.
//
// Thread-safety: any thread.

#ifndef TRAWL_SERVICE_FINDING_SLICES_H_
#define TRAWL_SERVICE_FINDING_SLICES_H_

#include <grpcpp/support/slice.h>

#include <cstddef>

#include "absl/container/inlined_vector.h"
#include "compute/finding.h"

namespace trawl::service {

using Slices = absl::InlinedVector<grpc::Slice, 1>;

size_t SizeOf(const Slices& slices);

// What WriteFindings writes of the first `count` of `findings`. What fills a slice of 64 KiB is
// written there; only the rest is copied from where it was written.
Slices FindingSlices(const compute::FindingList& findings, size_t count, int field);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_FINDING_SLICES_H_
