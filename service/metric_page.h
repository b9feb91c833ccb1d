// What a scrape answers with: prometheus-cpp's families of metrics, put together line by line.
//
//   MetricPage page;
//   page.Gauge("trawl_workers", "Compute threads.", 4);
//   page.Counter("trawl_cancellations_total", "Calls cancelled.", {{{{"reason", "client"}}, 7}});
//   return page.Take();
//
// Thread-safety: none; an object belongs to one scrape.

#ifndef TRAWL_SERVICE_METRIC_PAGE_H_
#define TRAWL_SERVICE_METRIC_PAGE_H_

#include <prometheus/metric_family.h>

#include <string>
#include <utility>
#include <vector>

#include "service/duration_histogram.h"

namespace trawl::service {

class MetricPage {
 public:
  using Labels = std::vector<prometheus::ClientMetric::Label>;

  // Each value of a family has the same names of labels.
  struct Value {
    Labels labels;
    double value;
  };
  struct Durations {
    Labels labels;
    DurationTotals totals;
  };

  void Counter(const char* name, const char* help, const std::vector<Value>& values);
  void Gauge(const char* name, const char* help, const std::vector<Value>& values);
  // In seconds.
  void Histogram(const char* name, const char* help, const std::vector<Durations>& durations);

  void Counter(const char* name, const char* help, double value) {
    Counter(name, help, {{{}, value}});
  }
  void Gauge(const char* name, const char* help, double value) { Gauge(name, help, {{{}, value}}); }

  std::vector<prometheus::MetricFamily> Take() { return std::move(families_); }

 private:
  prometheus::MetricFamily& Add(const char* name, const char* help, prometheus::MetricType type);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_METRIC_PAGE_H_
