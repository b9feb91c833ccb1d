#include "client/cli/load_report.h"

#include <unistd.h>

#include <string>

#include "absl/strings/str_format.h"
#include "client/cli/diagnostic.h"
#include "client/cli/exit_code.h"
#include "client/cli/message_json.h"
#include "client/cli/output.h"
#include "client/cli/quantity.h"

namespace trawl::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::pair<const char*, double> kQuantiles[] = {
    {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}};

uint64_t ErrorCount(const LoadResult& result) {
  uint64_t count = 0;
  for (const auto& [code, errors] : result.errors) count += errors;
  return count;
}

double PerSecond(uint64_t amount, const LoadResult& result) {
  return static_cast<double>(amount) / absl::ToDoubleSeconds(result.elapsed);
}

ordered_json Json(const client::Client::Options& connection, const LoadOptions& options,
                  const v1::GetCapabilitiesResponse& server, const LoadResult& result) {
  ordered_json errors = ordered_json::object();
  for (const auto& [code, count] : result.errors) errors[absl::StatusCodeToString(code)] = count;
  ordered_json latency = ordered_json::object();
  for (const auto& [name, fraction] : kQuantiles) {
    latency[name] = absl::ToDoubleMicroseconds(result.latencies.Quantile(fraction));
  }
  latency["max"] = absl::ToDoubleMicroseconds(result.latencies.max());
  latency["mean"] = absl::ToDoubleMicroseconds(result.latencies.Mean());
  const bool process = options.method == LoadOptions::Method::kProcess;
  return {
      {"server", connection.target},
      {"version", server.version()},
      {"kernel", server.kernel()},
      {"workers", server.workers()},
      {"method", process ? "process" : "ping"},
      {"content_bytes", process ? options.request.data().size() : 0},
      {"channels", connection.channels},
      {"concurrency", options.concurrency},
      {"rate", options.rate ? ordered_json(*options.rate) : ordered_json(nullptr)},
      {"seconds", absl::ToDoubleSeconds(result.elapsed)},
      {"calls", result.ok + ErrorCount(result)},
      {"ok", result.ok},
      {"errors", errors},
      {"not_started", result.not_started},
      {"bytes", result.bytes},
      {"calls_per_second", PerSecond(result.ok, result)},
      {"gigabytes_per_second", PerSecond(result.bytes, result) / 1e9},
      {"latency_us", latency},
  };
}

std::string Text(const client::Client::Options& connection, const LoadOptions& options,
                 const v1::GetCapabilitiesResponse& server, const LoadResult& result) {
  std::string text =
      absl::StrFormat("server      %s, version %s, kernel %s, %d workers\n", connection.target,
                      server.version(), server.kernel(), server.workers());
  if (options.method == LoadOptions::Method::kProcess) {
    absl::StrAppendFormat(&text, "content     %s\n", ReadableBytes(options.request.data().size()));
  }
  if (options.rate) {
    absl::StrAppendFormat(&text, "open loop   %g calls/s asked, at most %d outstanding\n",
                          *options.rate, options.concurrency);
  } else {
    absl::StrAppendFormat(&text, "closed loop %d outstanding\n", options.concurrency);
  }
  absl::StrAppendFormat(&text, "calls       %d in %s, %d OK\n", result.ok + ErrorCount(result),
                        ReadableDuration(result.elapsed), result.ok);
  absl::StrAppendFormat(&text, "throughput  %.1f calls/s, %.3f GB/s\n",
                        PerSecond(result.ok, result), PerSecond(result.bytes, result) / 1e9);
  for (const auto& [name, fraction] : kQuantiles) {
    absl::StrAppendFormat(&text, "%-12s%s\n", name,
                          ReadableDuration(result.latencies.Quantile(fraction)));
  }
  absl::StrAppendFormat(&text, "max         %s\n", ReadableDuration(result.latencies.max()));
  for (const auto& [code, count] : result.errors) {
    absl::StrAppendFormat(&text, "errors      %d %s\n", count, absl::StatusCodeToString(code));
  }
  if (result.not_started > 0) {
    absl::StrAppendFormat(&text, "not started %d calls were due but never had room\n",
                          result.not_started);
  }
  return text;
}

}  // namespace

int LoadCommand(client::Client& client, const client::Client::Options& connection,
                const LoadOptions& options, bool json, const std::stop_token& stop) {
  client.Connect(connection.timeout);
  const auto server = client.GetCapabilities({.timeout = {}, .stop = stop});
  if (!server.ok()) {
    Complain(Explain(server.status(), connection.target, connection.timeout).text);
    return kExitError;
  }
  const LoadResult result = RunLoad(client, options, stop);
  Output output(STDOUT_FILENO);
  output.Write(json ? DumpLine(Json(connection, options, *server, result)) + "\n"
                    : Text(connection, options, *server, result));
  output.Flush();
  if (!result.first_error.ok()) {
    Complain(Explain(result.first_error, connection.target, connection.timeout,
                     options.request.data().size())
                 .text);
  }
  return result.ok > 0 ? kExitFound : kExitError;
}

}  // namespace trawl::cli
