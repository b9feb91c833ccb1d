// The command line of `trawl`: reads flags and environment, makes the client, runs one command.
// Errors of usage are one line on stderr and exit code 2.
#ifndef TRAWL_CLIENT_CLI_COMMAND_LINE_H_
#define TRAWL_CLIENT_CLI_COMMAND_LINE_H_

namespace trawl::cli {

// Returns the exit code. To be called once, from main, before any other thread exists.
int RunCommandLine(int argc, char** argv);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_COMMAND_LINE_H_
