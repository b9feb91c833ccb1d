// Exit codes of `trawl`, those of grep. An error wins over a finding.
#ifndef TRAWL_CLIENT_CLI_EXIT_CODE_H_
#define TRAWL_CLIENT_CLI_EXIT_CODE_H_

namespace trawl::cli {

// Something found; or, for commands that search nothing, done.
inline constexpr int kExitFound = 0;
inline constexpr int kExitNothingFound = 1;
inline constexpr int kExitError = 2;

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_EXIT_CODE_H_
