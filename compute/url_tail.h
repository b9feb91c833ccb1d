// The path, query and fragment of a URL: where they end in text, and what they are once they are
// no longer defanged.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_URL_TAIL_H_
#define TRAWL_COMPUTE_URL_TAIL_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "compute/detector.h"

namespace trawl::compute {

// Bytes of a URL as written, at most.
inline constexpr size_t kMaxUrlBytes = 8192;

// URLs inside a URL, at most.
inline constexpr size_t kMaxInnerUrls = 4;

struct UrlTail {
  size_t end = 0;
  bool truncated = false;  // it would go on
};

// The tail that begins at `begin` of the URL that begins at `url_begin`; its text is appended to
// `value`. Looks at 16 bytes beyond kMaxUrlBytes at most.
UrlTail ReadUrlTail(std::string_view text, size_t url_begin, size_t begin, Defang defang,
                    std::string& value);

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_URL_TAIL_H_
