#include "service/options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "compute/executor.h"
#include "compute/kernel.h"
#include "service/metrics_server.h"
#include "service/url_policy.h"
#include "service/version.h"

namespace trawl::service {
namespace {

constexpr uint64_t kMebibyte = 1 << 20;

template <typename Value>
CLI::Option* Add(CLI::App& app, const std::string& name, Value& value, const std::string& text) {
  std::string twin = absl::StrCat("TRAWL_", name);
  std::transform(twin.begin(), twin.end(), twin.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return app.add_option("--" + name, value, text)->envname(twin)->capture_default_str();
}

template <typename Value>
CLI::Option* AddNumber(CLI::App& app, const std::string& name, Value& value, uint64_t least,
                       uint64_t most, const std::string& text) {
  return Add(app, name, value, text)->check(CLI::Range(least, most));
}

// Values with commas between.
template <typename Value>
CLI::Option* AddList(CLI::App& app, const std::string& name, std::vector<Value>& values,
                     const std::string& text) {
  return Add(app, name, values, text)->delimiter(',');
}

void AddSecurity(CLI::App& app, Options& o) {
  Add(app, "tls_cert_file", o.tls_cert_file, "The server's certificate chain, PEM; read again");
  Add(app, "tls_key_file", o.tls_key_file, "Its private key, PEM; read again");
  Add(app, "tls_client_ca_file", o.tls_client_ca_file,
      "CAs of clients, PEM; read again. Empty: clients need no certificate");
  Add(app, "tls_client_auth", o.tls_client_auth,
      "Whether clients have to show a certificate (require) or may (request)")
      ->check(CLI::IsMember({"require", "request"}));
  Add(app, "tls_min_version", o.tls_min_version, "Oldest version of TLS")
      ->check(CLI::IsMember({"1.2", "1.3"}));
  Add(app, "token_file", o.token_file,
      "Bearer tokens, one a line; read again. Empty: calls need none");
  Add(app, "open_methods", o.open_methods,
      "What needs no token: METHOD, SERVICE/METHOD or SERVICE/*, with commas between; or none");
  AddNumber(app, "max_calls_per_peer", o.max_calls_per_peer, 0, 1'000'000,
            "Calls in flight of one address before its next is refused; 0: no limit");
  AddNumber(app, "max_bytes_per_peer", o.max_bytes_per_peer, 0, uint64_t{1} << 40,
            "Bytes in flight of one address before its next call is refused; 0: no limit");
}

// What does not go together.
absl::Status CheckSecurity(const Options& o) {
  if (o.tls_cert_file.empty() != o.tls_key_file.empty()) {
    return absl::InvalidArgumentError("--tls_cert_file and --tls_key_file go together");
  }
  if (!o.tls_client_ca_file.empty() && o.tls_cert_file.empty()) {
    return absl::InvalidArgumentError(
        "--tls_client_ca_file wants --tls_cert_file and --tls_key_file");
  }
  if (o.max_bytes_per_peer > 0 && o.max_bytes_per_peer < o.max_message_bytes()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--max_bytes_per_peer is ", o.max_bytes_per_peer, ", but one message may have ",
        o.max_message_bytes(), " bytes (twice --max_content_bytes and 64 KiB)"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(int argc, const char* const* argv) {
  CommandLine line;
  Options& o = line.options;
  CLI::App app("Trawl's server: finds domain names in content, over gRPC.", "trawld");
  app.set_version_flag("--version", absl::StrCat("trawld ", kVersion));
  Add(app, "listen", o.listen, "HOST:PORT, [IPV6]:PORT or unix:PATH; port 0 is any free one");
  Add(app, "metrics_address", o.metrics_address,
      "IPV4:PORT or [IPV6]:PORT to serve metrics on as HTTP, /metrics; empty: nowhere");
  AddNumber(app, "workers", o.workers, 0, 256,
            "Compute threads; 0: as CPU affinity and cgroup quota allow");
  AddNumber(app, "worker_nice", o.worker_nice, 0, 19,
            "Added to the nice value of compute threads and of the thread that fetches URLs");
  Add(app, "kernel", o.kernel, "Instruction set to scan with; empty: the best there is");
  AddNumber(app, "pollers", o.pollers, 0, 64, "Threads that poll for calls; 0: one per four CPUs");
  const CLI::Option* const inline_bytes =
      AddNumber(app, "inline_bytes", o.inline_bytes, 0, 1024 * kMebibyte,
                "Requests of at most so many bytes are worked on by the poller itself; where there "
                "is one CPU, the default is 4194304");
  AddNumber(app, "max_content_bytes", o.max_content_bytes, 1, 1024 * kMebibyte,
            "Content of a call, at most");
  AddNumber(app, "max_batch_documents", o.max_batch_documents, 1, 1'000'000,
            "Documents of a batch, at most");
  AddNumber(app, "max_findings", o.max_findings, 1, 10'000'000, "Findings in an answer, at most");
  AddNumber(app, "max_calls_in_flight", o.max_calls_in_flight, 1, 1'000'000,
            "Calls in flight before the next is refused");
  AddNumber(app, "max_bytes_in_flight", o.max_bytes_in_flight, 1, uint64_t{1} << 40,
            "Bytes of requests and answers in flight before the next call is refused");
  AddNumber(app, "max_wait_ms", o.max_wait_ms, 1, 3'600'000,
            "A call that would wait for workers longer is refused");
  AddNumber(app, "memory_quota_bytes", o.memory_quota_bytes, kMebibyte, uint64_t{1} << 40,
            "Bounds what gRPC holds of messages in transit");
  AddNumber(app, "delivery_seconds", o.delivery_seconds, 1, 86'400,
            "A call whose answer takes longer to be taken by its caller is cancelled");
  AddNumber(app, "connection_idle_seconds", o.connection_idle_seconds, 1, 86'400,
            "A connection without calls for so long is closed");
  AddNumber(app, "connection_age_seconds", o.connection_age_seconds, 1, 86'400,
            "A connection that is older is closed when its calls have ended");
  AddNumber(app, "connection_grace_seconds", o.connection_grace_seconds, 0, 86'400,
            "Then, until calls and streams on it are ended");
  AddNumber(app, "stream_idle_seconds", o.stream_idle_seconds, 1, 86'400,
            "A stream is ended that has been idle for so long");
  AddNumber(app, "drain_delay_seconds", o.drain_delay_seconds, 0, 3600,
            "Between turning NOT_SERVING and refusing calls");
  AddNumber(app, "drain_grace_seconds", o.drain_grace_seconds, 0, 3600,
            "Then, until calls in flight are cancelled");
  AddNumber(app, "watchdog_seconds", o.watchdog_seconds, 1, 3600,
            "A probe that takes longer turns health NOT_SERVING");
  Add(app, "enable_url_fetch", o.enable_url_fetch, "Whether ProcessUrl fetches URLs");
  AddNumber(app, "url_timeout_ms", o.url_timeout_ms, 1, 3'600'000, "Of a fetch, at most");
  AddNumber(app, "url_max_body_bytes", o.url_max_body_bytes, 1, uint64_t{1} << 40,
            "Body of a fetch, decompressed, at most");
  AddNumber(app, "url_max_included_body_bytes", o.url_max_included_body_bytes, 1, 1024 * kMebibyte,
            "Body in an answer, at most");
  AddNumber(app, "url_max_redirects", o.url_max_redirects, 0, 100, "Redirects of a fetch, at most");
  AddNumber(app, "url_max_fetches", o.url_max_fetches, 1, 100'000,
            "Fetches in flight before the next is refused");
  AddNumber(app, "url_max_fetches_per_host", o.url_max_fetches_per_host, 1, 100'000,
            "Fetches in flight from one host before the next is refused");
  AddList(app, "url_port", o.url_rules.ports, "Ports that are fetched from")
      ->check(CLI::Range(1, 65'535));
  AddList(app, "url_allow_host", o.url_rules.allow_hosts,
          "Hosts that are fetched from, NAME or *.NAME; empty: all");
  AddList(app, "url_deny_host", o.url_rules.deny_hosts, "Hosts that are not fetched from");
  AddList(app, "url_allow_network", o.url_rules.allow_networks,
          "Networks to connect to though they are private or within a denied one");
  AddList(app, "url_deny_network", o.url_rules.deny_networks, "Networks not to connect to");
  Add(app, "url_ca_file", o.url_ca_file,
      "Certificates that fetches trust; empty: those of the system");
  Add(app, "public_suffix_list", o.public_suffix_list,
      "Public-suffix list; empty: the system's, else the built-in one");
  Add(app, "lookalikes", o.lookalikes, "Look-alike lists; empty: the built-in ones");
  Add(app, "log_level", o.log_level, "")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
  AddNumber(app, "slow_call_ms", o.slow_call_ms, 1, 3'600'000,
            "A call, not a stream, that takes longer is logged as slow");
  Add(app, "reflection", o.reflection, "Whether clients may ask for the contract");
  Add(app, "channelz", o.channelz, "Whether clients may ask for connections and their counters");
  AddSecurity(app, o);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.print_and_exit = app.help();
    return line;
  } catch (const CLI::CallForVersion&) {
    line.print_and_exit = absl::StrCat(app.version(), "\n");
    return line;
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(error.what());
  }

  if (!o.metrics_address.empty() && !IsNumericAddress(o.metrics_address)) {
    return absl::InvalidArgumentError(
        "--metrics_address: not IPV4:PORT or [IPV6]:PORT, in numbers");
  }
  if (o.kernel.empty()) o.kernel = compute::Kernel::Best().name;
  if (compute::Kernel::Find(o.kernel) == nullptr) {
    std::string names;
    for (const compute::Kernel& kernel : compute::Kernel::All()) {
      absl::StrAppend(&names, names.empty() ? "" : ", ",
                      absl::string_view(kernel.name.data(), kernel.name.size()));
    }
    return absl::InvalidArgumentError(
        absl::StrCat("--kernel: this processor has no ", o.kernel, "; it has ", names));
  }
  if (o.workers == 0) o.workers = compute::AvailableCpus();
  if (inline_bytes->count() == 0 && compute::AvailableCpus() == 1) o.inline_bytes = 4 * kMebibyte;
  if (o.pollers == 0) o.pollers = std::clamp(compute::AvailableCpus() / 4, 1, 8);
  if (absl::Status rules = UrlPolicy::Make(o.url_rules).status(); !rules.ok()) return rules;
  if (o.enable_url_fetch && !o.url_ca_file.empty() && access(o.url_ca_file.c_str(), R_OK) != 0) {
    return absl::InvalidArgumentError(absl::StrCat("--url_ca_file: cannot read ", o.url_ca_file));
  }
  if (o.max_bytes_in_flight < o.max_message_bytes()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--max_bytes_in_flight is ", o.max_bytes_in_flight, ", but one message may have ",
        o.max_message_bytes(), " bytes (twice --max_content_bytes and 64 KiB)"));
  }
  if (o.memory_quota_bytes < o.max_message_bytes()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--memory_quota_bytes is ", o.memory_quota_bytes, ", but one message may have ",
        o.max_message_bytes(), " bytes (twice --max_content_bytes and 64 KiB)"));
  }
  if (absl::Status status = CheckSecurity(o); !status.ok()) return status;
  return line;
}

std::string ToJson(const Options& o) {
  return nlohmann::ordered_json{
      {"listen", o.listen},
      {"metrics_address", o.metrics_address},
      {"workers", o.workers},
      {"worker_nice", o.worker_nice},
      {"kernel", o.kernel},
      {"pollers", o.pollers},
      {"inline_bytes", o.inline_bytes},
      {"max_content_bytes", o.max_content_bytes},
      {"max_batch_documents", o.max_batch_documents},
      {"max_findings", o.max_findings},
      {"max_calls_in_flight", o.max_calls_in_flight},
      {"max_bytes_in_flight", o.max_bytes_in_flight},
      {"max_wait_ms", o.max_wait_ms},
      {"memory_quota_bytes", o.memory_quota_bytes},
      {"delivery_seconds", o.delivery_seconds},
      {"connection_idle_seconds", o.connection_idle_seconds},
      {"connection_age_seconds", o.connection_age_seconds},
      {"connection_grace_seconds", o.connection_grace_seconds},
      {"stream_idle_seconds", o.stream_idle_seconds},
      {"drain_delay_seconds", o.drain_delay_seconds},
      {"drain_grace_seconds", o.drain_grace_seconds},
      {"watchdog_seconds", o.watchdog_seconds},
      {"enable_url_fetch", o.enable_url_fetch},
      {"url_timeout_ms", o.url_timeout_ms},
      {"url_max_body_bytes", o.url_max_body_bytes},
      {"url_max_included_body_bytes", o.url_max_included_body_bytes},
      {"url_max_redirects", o.url_max_redirects},
      {"url_max_fetches", o.url_max_fetches},
      {"url_max_fetches_per_host", o.url_max_fetches_per_host},
      {"url_port", o.url_rules.ports},
      {"url_allow_host", o.url_rules.allow_hosts},
      {"url_deny_host", o.url_rules.deny_hosts},
      {"url_allow_network", o.url_rules.allow_networks},
      {"url_deny_network", o.url_rules.deny_networks},
      {"url_ca_file", o.url_ca_file},
      {"public_suffix_list", o.public_suffix_list},
      {"lookalikes", o.lookalikes},
      {"log_level", o.log_level},
      {"slow_call_ms", o.slow_call_ms},
      {"reflection", o.reflection},
      {"channelz", o.channelz},
      {"tls_cert_file", o.tls_cert_file},
      {"tls_key_file", o.tls_key_file},
      {"tls_client_ca_file", o.tls_client_ca_file},
      {"tls_client_auth", o.tls_client_auth},
      {"tls_min_version", o.tls_min_version},
      {"token_file", o.token_file},
      {"open_methods", o.open_methods},
      {"max_calls_per_peer", o.max_calls_per_peer},
      {"max_bytes_per_peer", o.max_bytes_per_peer},
  }
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace trawl::service
