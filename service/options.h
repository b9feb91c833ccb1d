// What trawld can be told, by flags and by their environment twins.
//
// A flag --max_content_bytes has the twin TRAWL_MAX_CONTENT_BYTES; the flag wins.

#ifndef TRAWL_SERVICE_OPTIONS_H_
#define TRAWL_SERVICE_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/url_rules.h"

namespace trawl::service {

struct Options {
  // HOST:PORT, [IPV6]:PORT or unix:PATH. Port 0: any free one.
  std::string listen = "127.0.0.1:50151";
  // Where metrics are served over HTTP: IPV4:PORT or [IPV6]:PORT. Port 0: any free one. Empty:
  // nowhere.
  std::string metrics_address;
  // Compute threads; 0: as many as CPU affinity and cgroup quota allow.
  int workers = 0;
  // Added to the nice value of compute threads, 0 to 19.
  int worker_nice = 5;
  // The instruction set that documents are scanned with, as compute::Kernel names it; empty: the
  // best that the processor has.
  std::string kernel;
  // Threads that poll for calls, one completion queue each; 0: one per four CPUs, 1 to 8.
  int pollers = 0;
  // Requests of at most so many bytes are worked on by the poller that they arrive at, which saves
  // the way to a compute thread and back; calls behind them wait so much longer, for at most 256
  // KiB at a time. Where there is one CPU, to be with it is all that a compute thread can do, and
  // the default is 4 MiB.
  uint64_t inline_bytes = 128 << 10;
  uint64_t max_content_bytes = 32 << 20;
  uint32_t max_batch_documents = 10'000;
  uint32_t max_findings = 1'000'000;
  uint32_t max_calls_in_flight = 1024;
  uint64_t max_bytes_in_flight = 256 << 20;
  // A call that would wait for workers longer is refused.
  int max_wait_ms = 2000;
  // Bounds what gRPC holds of messages that are still arriving or leaving.
  uint64_t memory_quota_bytes = 512 << 20;
  // A call whose answer takes longer to be taken by its caller is cancelled.
  int delivery_seconds = 300;
  // A connection without calls for so long, or older, is closed; calls on an old one have the
  // grace.
  int connection_idle_seconds = 900;
  int connection_age_seconds = 1800;
  int connection_grace_seconds = 300;
  // A stream is ended that has been idle for so long.
  int stream_idle_seconds = 300;
  // Between turning NOT_SERVING and refusing calls.
  int drain_delay_seconds = 0;
  // Then, until calls in flight are cancelled.
  int drain_grace_seconds = 20;
  // A probe through pollers and workers that takes longer turns health NOT_SERVING.
  int watchdog_seconds = 10;
  // Whether URLs are fetched, and what of: within UrlLimits.
  bool enable_url_fetch = false;
  int url_timeout_ms = 30'000;
  uint64_t url_max_body_bytes = 32 << 20;
  uint64_t url_max_included_body_bytes = 1 << 20;
  uint32_t url_max_redirects = 10;
  uint32_t url_max_fetches = 256;
  uint32_t url_max_fetches_per_host = 32;
  UrlRules url_rules;
  // Certificates of whom to trust; empty: as the system does.
  std::string url_ca_file;
  // Paths; empty: as compute::RulesetPaths says.
  std::string public_suffix_list;
  std::string lookalikes;
  // debug, info, warning or error.
  std::string log_level = "info";
  // A call that takes longer is logged as slow.
  int slow_call_ms = 1000;
  bool reflection = true;
  bool channelz = false;
  // Paths of PEM files; without a certificate, the server speaks plaintext.
  std::string tls_cert_file;
  std::string tls_key_file;
  // CAs of the clients that are taken; empty: clients need no certificate.
  std::string tls_client_ca_file;
  // require, or request: clients without certificate are taken too.
  std::string tls_client_auth = "require";
  // 1.2 or 1.3.
  std::string tls_min_version = "1.2";
  // Path, as TokenList says; empty: calls need no token.
  std::string token_file;
  // What needs none all the same, as MethodSet says; none: nothing.
  std::string open_methods = "grpc.health.v1.Health/*";
  // In flight for each address that connects, before its next call is refused; 0: no limit.
  uint32_t max_calls_per_peer = 0;
  uint64_t max_bytes_per_peer = 0;

  // The largest request message: content twice over, so that content over its limit still gets
  // our answer, and 64 KiB for everything else.
  uint64_t max_message_bytes() const { return 2 * max_content_bytes + (64 << 10); }
};

// What the command line asked for.
struct CommandLine {
  Options options;
  // Help or version text to print; then nothing is to be started.
  std::string print_and_exit;
};

// Reads flags and environment and fills in what is automatic. INVALID_ARGUMENT with one line that
// names flag, value and range.
absl::StatusOr<CommandLine> ParseCommandLine(int argc, const char* const* argv);

// The effective options as one JSON object.
std::string ToJson(const Options& options);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_OPTIONS_H_
