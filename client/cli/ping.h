// `trawl ping`: round trips through the server's own queue, as ping(8) shows those of a network.
#ifndef TRAWL_CLIENT_CLI_PING_H_
#define TRAWL_CLIENT_CLI_PING_H_

#include <stop_token>

#include "absl/time/time.h"
#include "client/client.h"

namespace trawl::cli {

struct PingOptions {
  int count = 4;
  // Between the starts of two calls.
  absl::Duration interval = absl::Milliseconds(200);
};

// Connects first, so that no round trip holds a handshake. Returns the exit code: an error unless
// every call was answered.
int Ping(client::Client& client, const client::Client::Options& connection,
         const PingOptions& options, const std::stop_token& stop);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_PING_H_
