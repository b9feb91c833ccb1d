// Numbers with their units, for people.
#ifndef TRAWL_CLIENT_CLI_QUANTITY_H_
#define TRAWL_CLIENT_CLI_QUANTITY_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace trawl::cli {

// "512 bytes", "1.5 KiB", "32 MiB".
std::string ReadableBytes(uint64_t bytes);

// "0.085 ms", "1.2 ms", "30 s": three significant digits, in ms below a second.
std::string ReadableDuration(absl::Duration duration);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_QUANTITY_H_
