// Serves metrics as GET /metrics over plain HTTP, on an address of its own, by threads of its own:
// calls wait for no scrape, and scrapes are answered whatever calls do.
//
// Lifetime: serves from Start until it is destroyed.

#ifndef TRAWL_SERVICE_METRICS_SERVER_H_
#define TRAWL_SERVICE_METRICS_SERVER_H_

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace trawl::service {

// Whether `address` is one to listen on: IPV4:PORT or [IPV6]:PORT, in numbers.
bool IsNumericAddress(const std::string& address);

class MetricsServer {
 public:
  // `address` is such a one; port 0 is any free one. UNAVAILABLE when it cannot listen there.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(
      const std::string& address, std::shared_ptr<prometheus::Collectable> metrics);

  // With the port that it got.
  const std::string& address() const { return address_; }

 private:
  MetricsServer() = default;

  std::shared_ptr<prometheus::Collectable> metrics_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  std::string address_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_METRICS_SERVER_H_
