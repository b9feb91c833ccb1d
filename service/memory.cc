#include "service/memory.h"

#include <cstdlib>  // defines __GLIBC__

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace trawl::service {

void KeepFreedMemory([[maybe_unused]] int arenas) {
#ifdef __GLIBC__
  constexpr int kMebibyte = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMebibyte);
  mallopt(M_TRIM_THRESHOLD, 256 * kMebibyte);
  // Other arenas than the main one give back what is beyond this, whatever the threshold; a heap of
  // theirs has no more.
  mallopt(M_TOP_PAD, 64 * kMebibyte);
  mallopt(M_ARENA_MAX, arenas);
#endif
}

}  // namespace trawl::service
