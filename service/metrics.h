// What a server tells of itself when it is scraped; docs/metrics.md lists it.
//
// Nothing is counted here: on a scrape, the counts and gauges of the server's parts are read, by
// the thread that serves the scrape. So calls pay for the counts that they add to and for nothing
// else, and all that shows a number (metrics, the log's last line, Ping) shows the same one.
//
// Thread-safety: Collect may be called from any thread.
// Lifetime: what it reads outlives it.

#ifndef TRAWL_SERVICE_METRICS_H_
#define TRAWL_SERVICE_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "compute/executor.h"
#include "service/admission.h"
#include "service/call_counts.h"
#include "service/health_calls.h"
#include "service/log.h"
#include "service/metric_page.h"
#include "service/tls.h"
#include "service/work_counts.h"

namespace trawl::service {

class Metrics final : public prometheus::Collectable {
 public:
  struct Sources {
    const CallCounts& calls;
    const WorkCounts& work;
    const Admission& admission;
    const compute::Executor& executor;
    const HealthCalls& health;
    const Tls* tls;  // null without TLS
    const Log& log;
  };
  struct Build {
    std::string version;
    std::string kernel;
    std::string ruleset;
    std::string grpc;
  };

  Metrics(const Sources& sources, Build build) : sources_(sources), build_(std::move(build)) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  void AddCalls(MetricPage& page) const;
  void AddEnds(MetricPage& page) const;
  void AddLoad(MetricPage& page) const;
  void AddWork(MetricPage& page) const;
  void AddProcess(MetricPage& page) const;

  const Sources sources_;
  const Build build_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_METRICS_H_
