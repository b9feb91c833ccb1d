// What the bytes around a run of host characters say about it.
//
// A context is read from the adjacent bytes, never from what encloses them.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_CONTEXT_H_
#define TRAWL_COMPUTE_CONTEXT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compute/detector.h"

namespace trawl::compute {

// What stands left of a run.
enum class LeftContext : uint8_t {
  kBare,
  kScheme,              // scheme://
  kMailbox,             // local part and @, or the @ of a URL's userinfo
  kAtWithoutLocalPart,  // @ alone
  kSchemeRelative,      // //
  kPath,                // a single / or \, or ///
};

struct Left {
  LeftContext context = LeftContext::kBare;
  bool defanged = false;  // the scheme or the at sign is
};

Left ReadLeft(std::string_view text, size_t begin, Defang defang);

// Bytes of a scheme that runs into the run from `begin`, as `hxxp__` or the `__` of `http:__`; 0
// for none.
size_t DefangedSchemePrefix(std::string_view text, size_t begin, size_t end, Defang defang);

// Bytes of `scheme-3A__` that end at `position`, as URL-Defense writes `scheme://`; 0 for none.
size_t UrlDefenseSchemeBefore(std::string_view text, size_t position);

// Whether what ends at `end` is part of the local part of a mailbox.
bool IsLocalPart(std::string_view text, size_t end, Defang defang);

// Whether a run right of `scheme://` that ends at `end` is userinfo: an @ and a host follow.
bool IsUserinfo(std::string_view text, size_t end, Defang defang);

// What follows a host as in a URL, at `end`.
enum class Evidence : uint8_t { kNone, kPort, kFull };

// kPort: a colon and digits only. kFull: a path, query or fragment, perhaps after a port.
Evidence ReadEvidence(std::string_view text, size_t end);

// Whether ill-formed bytes join the range to a host character beyond them.
bool IsNextToInvalid(std::string_view text, size_t begin, size_t end);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_CONTEXT_H_
