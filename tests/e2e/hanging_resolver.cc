// Preloaded into a server: looking up a name that ends in ".hangs.test" takes as long as a test
// wants. It stands for a DNS server that does not answer, which libc gives up after a while, and
// which a test cannot be without the machine's settings.
//
// HANGING_BEGUN and HANGING_END name FIFOs. A lookup that hangs writes a byte into the first, and
// finds that there is no such name when somebody has opened the second for writing. Other names are
// looked up by libc.

#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** addresses) {
  if (name == nullptr || !std::string_view(name).ends_with(".hangs.test")) {
    using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto of_libc = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
    return of_libc(name, service, hints, addresses);
  }
  const int begun = open(std::getenv("HANGING_BEGUN"), O_WRONLY | O_CLOEXEC);
  if (write(begun, ".", 1) != 1) std::abort();
  close(begun);
  close(open(std::getenv("HANGING_END"), O_RDONLY | O_CLOEXEC));
  return EAI_NONAME;
}
