// Bodies as web servers pack them. It aborts where a library cannot.
//
// Thread-safety: functions of their arguments.

#ifndef TRAWL_TESTS_SUPPORT_PACKING_H_
#define TRAWL_TESTS_SUPPORT_PACKING_H_

#include <string>
#include <string_view>

namespace trawl::test {

std::string Gzip(std::string_view text);
std::string Brotli(std::string_view text);
// `window_log`: of the window's bytes; 0: as the library has it. The size is not said in advance.
std::string Zstd(std::string_view text, int window_log = 0);

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_PACKING_H_
