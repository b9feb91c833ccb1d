#include "service/metric_page.h"

#include <chrono>
#include <limits>

namespace trawl::service {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;

ClientMetric& AddMetric(prometheus::MetricFamily& family, const MetricPage::Labels& labels) {
  ClientMetric& metric = family.metric.emplace_back();
  metric.label = labels;
  return metric;
}

double Seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

prometheus::MetricFamily& MetricPage::Add(const char* name, const char* help, MetricType type) {
  return families_.emplace_back(prometheus::MetricFamily{name, help, type, {}});
}

void MetricPage::Counter(const char* name, const char* help, const std::vector<Value>& values) {
  prometheus::MetricFamily& family = Add(name, help, MetricType::Counter);
  for (const auto& [labels, value] : values) AddMetric(family, labels).counter.value = value;
}

void MetricPage::Gauge(const char* name, const char* help, const std::vector<Value>& values) {
  prometheus::MetricFamily& family = Add(name, help, MetricType::Gauge);
  for (const auto& [labels, value] : values) AddMetric(family, labels).gauge.value = value;
}

void MetricPage::Histogram(const char* name, const char* help,
                           const std::vector<Durations>& durations) {
  prometheus::MetricFamily& family = Add(name, help, MetricType::Histogram);
  for (const auto& [labels, totals] : durations) {
    ClientMetric::Histogram& histogram = AddMetric(family, labels).histogram;
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
