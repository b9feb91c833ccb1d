// What `trawl load` prints: who was measured, how, and the figures; for people or as one JSON
// object.
#ifndef TRAWL_CLIENT_CLI_LOAD_REPORT_H_
#define TRAWL_CLIENT_CLI_LOAD_REPORT_H_

#include "client/cli/load.h"
#include "client/client.h"
#include "trawl/v1/content.pb.h"

namespace trawl::cli {

// Connects, asks the server what it is, runs the load and prints the figures. Returns the exit
// code: an error where not one call was answered OK.
int LoadCommand(client::Client& client, const client::Client::Options& connection,
                const LoadOptions& options, bool json, const std::stop_token& stop);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_LOAD_REPORT_H_
