// UTF-16 content, to be shown.
#ifndef TRAWL_CLIENT_CLI_UTF16_H_
#define TRAWL_CLIENT_CLI_UTF16_H_

#include <string>
#include <string_view>

namespace trawl::cli {

// As UTF-8. An unpaired surrogate and an odd byte at the end become U+FFFD.
std::string Utf8FromUtf16(std::string_view bytes, bool big_endian);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_UTF16_H_
