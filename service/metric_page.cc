#include "service/metric_page.h"

#include <chrono>
#include <limits>

namespace trawl::service {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;

double Seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

prometheus::MetricFamily& MetricPage::Add(const char* name, const char* help, MetricType type) {
  return families_.emplace_back(prometheus::MetricFamily{name, help, type, {}});
}

void MetricPage::Counter(const char* name, const char* help, const std::vector<Value>& values) {
  prometheus::MetricFamily& family = Add(name, help, MetricType::Counter);
  for (const Value& value : values) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label = value.labels;
    metric.counter.value = value.value;
  }
}

void MetricPage::Gauge(const char* name, const char* help, const std::vector<Value>& values) {
  prometheus::MetricFamily& family = Add(name, help, MetricType::Gauge);
  for (const Value& value : values) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label = value.labels;
    metric.gauge.value = value.value;
  }
}

void MetricPage::Histogram(const char* name, const char* help,
                           const std::vector<Durations>& durations) {
  prometheus::MetricFamily& family = Add(name, help, MetricType::Histogram);
  for (const auto& [labels, totals] : durations) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label = labels;
    ClientMetric::Histogram& histogram = metric.histogram;
    histogram.sample_sum = Seconds(totals.sum);
    for (size_t i = 0; i < totals.counts.size(); ++i) {
      histogram.sample_count += totals.counts[i];
      const bool last = i == totals.bounds.size();
      histogram.bucket.push_back(
          {histogram.sample_count,
           last ? std::numeric_limits<double>::infinity() : Seconds(totals.bounds[i])});
    }
  }
}

}  // namespace trawl::service
