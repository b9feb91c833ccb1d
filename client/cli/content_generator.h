// Content to measure with: lines of prose, log entries, addresses and file names, about one domain
// name in a hundred bytes. The same size gives the same bytes, everywhere and always.
#ifndef TRAWL_CLIENT_CLI_CONTENT_GENERATOR_H_
#define TRAWL_CLIENT_CLI_CONTENT_GENERATOR_H_

#include <cstddef>
#include <string>

namespace trawl::cli {

std::string GenerateContent(size_t bytes);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_CONTENT_GENERATOR_H_
