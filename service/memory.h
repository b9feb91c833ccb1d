// How the process's allocator keeps memory.

#ifndef TRAWL_SERVICE_MEMORY_H_
#define TRAWL_SERVICE_MEMORY_H_

namespace trawl::service {

// Has glibc's malloc share `arenas` among all threads, and keep freed memory for the next message
// in place of giving it back at once: with the defaults, each message of a megabyte is fresh pages
// that the kernel must clear, which takes more time than everything else that is done with it. What
// is kept is bounded by what was in use at once in each arena. Call it before threads exist.
// Elsewhere it does nothing.
void KeepFreedMemory(int arenas);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_MEMORY_H_
