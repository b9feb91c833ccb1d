// The scheme of a URL and what stands between it and the host, in plain and in defanged forms.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_URL_SCHEME_H_
#define TRAWL_COMPUTE_URL_SCHEME_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "compute/detector.h"

namespace trawl::compute {

struct UrlScheme {
  size_t begin = 0;  // half-open [begin, end), the separator included
  size_t end = 0;
  std::string_view name;  // lower case, no longer defanged
  bool defanged = false;
  bool glued = false;  // letters or digits run into it from the left
};

// The scheme whose separator is at `place`, as PlaceKernel::url has places; none where it is not
// one of docs/kinds.md. Looks at 100 bytes left of `place` at most.
std::optional<UrlScheme> ReadUrlScheme(std::string_view text, size_t place, Defang defang);

// Whether `place` may be a separator: as PlaceKernel::url.
bool IsUrlPlace(std::string_view text, size_t place);

// The at sign and the userinfo left of it, right of a scheme that ends at `begin`.
struct Userinfo {
  size_t end = 0;         // of the userinfo; `begin` where there is none
  size_t host_begin = 0;  // right of the at sign
};

Userinfo ReadUserinfo(std::string_view text, size_t begin, Defang defang);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_URL_SCHEME_H_
