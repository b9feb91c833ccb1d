#include "service/metrics_server.h"

#include <arpa/inet.h>

#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace trawl::service {
namespace {

constexpr char kThreads[] = "2";
// A scraper that does not go on is dropped.
constexpr char kTimeoutMs[] = "10000";
constexpr int kMaxPort = 65'535;

}  // namespace

bool IsNumericAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
      address.find_first_not_of("0123456789", colon + 1) != std::string::npos || port > kMaxPort) {
    return false;
  }
  const std::string host = address.substr(0, colon);
  in6_addr parsed;
  if (!host.starts_with('[')) return inet_pton(AF_INET, host.c_str(), &parsed) == 1;
  return host.ends_with(']') &&
         inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &parsed) == 1;
}

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(
    const std::string& address, std::shared_ptr<prometheus::Collectable> metrics) {
  std::unique_ptr<MetricsServer> server(new MetricsServer);
  try {
    server->exposer_ = std::make_unique<prometheus::Exposer>(std::vector<std::string>{
        "listening_ports", address, "num_threads", kThreads, "request_timeout_ms", kTimeoutMs});
  } catch (const std::exception&) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address,
                     ": the address is in use or not this machine's; see --metrics_address"));
  }
  server->metrics_ = std::move(metrics);
  server->exposer_->RegisterCollectable(server->metrics_);
  server->address_ = absl::StrCat(address.substr(0, address.rfind(':')), ":",
                                  server->exposer_->GetListeningPorts().front());
  return server;
}

}  // namespace trawl::service
