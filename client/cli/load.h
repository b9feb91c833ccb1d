// `trawl load`: puts a server under load and measures it.
//
// Closed loop: `concurrency` calls are outstanding at any time; each answer starts the next call.
// Latency is from a call's start to its answer.
//
// Open loop (`rate`): calls start on a fixed schedule, whatever the server does. Latency is from
// the time a call was *due*: a call held back because `concurrency` others are outstanding, or
// because this program was late, counts the time it waited. So a server that stalls cannot hide it
// by slowing its client down (coordinated omission).
//
// Calls are asynchronous on gRPC's own threads; 64 outstanding do not need 64 threads. Latencies
// are those of the calls answered OK; the others are counted by code.
#ifndef TRAWL_CLIENT_CLI_LOAD_H_
#define TRAWL_CLIENT_CLI_LOAD_H_

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/cli/histogram.h"
#include "client/client.h"
#include "trawl/v1/content.pb.h"

namespace trawl::cli {

struct LoadOptions {
  enum class Method { kProcess, kPing };
  Method method = Method::kProcess;
  // Sent with every call of kProcess.
  v1::ProcessContentRequest request;
  // Calls outstanding, at most.
  int concurrency = 1;
  // Calls per second of the open loop; not set: closed loop.
  std::optional<double> rate;
  // Calls that start, or are due, after this are not made. Not set: no end by time.
  std::optional<absl::Duration> duration;
  // Calls made in all. Not set: no end by number.
  std::optional<uint64_t> requests;
};

struct LoadResult {
  uint64_t ok = 0;
  std::map<absl::StatusCode, uint64_t> errors;
  // One of the errors, for a message.
  absl::Status first_error;
  // Open loop: calls due before the end that were never started, `concurrency` being reached.
  uint64_t not_started = 0;
  // Of content, in the calls answered OK.
  uint64_t bytes = 0;
  // From the first call's start until the last answer.
  absl::Duration elapsed;
  Histogram latencies;
};

// Blocks until all is done and every call answered; `stop` ends it early. The client should not try
// again by itself, or the latencies are not those of single calls.
LoadResult RunLoad(client::Client& client, const LoadOptions& options, const std::stop_token& stop);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_LOAD_H_
