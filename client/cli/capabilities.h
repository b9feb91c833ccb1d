// `trawl capabilities`: what the server can do, as a table or as one JSON object. Both are made
// from the message's descriptor, so a field new in the proto shows without a change here.
#ifndef TRAWL_CLIENT_CLI_CAPABILITIES_H_
#define TRAWL_CLIENT_CLI_CAPABILITIES_H_

#include "client/client.h"

namespace trawl::cli {

// Returns the exit code.
int Capabilities(client::Client& client, const client::Client::Options& connection, bool json);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_CAPABILITIES_H_
