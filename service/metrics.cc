#include "service/metrics.h"

#include <array>
#include <cstddef>
#include <utility>

#include "service/process_stats.h"

namespace trawl::service {
namespace {

using Labels = MetricPage::Labels;
using Values = std::vector<MetricPage::Value>;

// As the dashboards of others know them from Go.
constexpr std::array<const char*, CallCounts::kCodes> kCodeNames = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

// By number of compute::Kind and compute::Confidence, which begin at 1.
constexpr std::array<const char*, compute::kMaxKind + 1> kKindNames = {
    "", "domain", "url", "email", "ipv4", "ipv6", "md5", "sha1", "sha256", "sha512"};
constexpr std::array<const char*, compute::kMaxConfidence + 1> kConfidenceNames = {
    "", "low", "medium", "high"};

double Number(uint64_t number) { return static_cast<double>(number); }

}  // namespace

std::vector<prometheus::MetricFamily> Metrics::Collect() const {
  MetricPage page;
  AddCalls(page);
  AddEnds(page);
  AddLoad(page);
  AddWork(page);
  AddProcess(page);
  return page.Take();
}

void Metrics::AddCalls(MetricPage& page) const {
  Values started;
  Values handled;
  Values received;
  Values sent;
  std::vector<MetricPage::Durations> durations;
  uint64_t streams = 0;
  for (const CallCounts::Method& method : sources_.calls.methods()) {
    const CallCounts::Method::Totals totals = method.totals();
    const Labels labels = {{"grpc_type", method.is_stream() ? "bidi_stream" : "unary"},
                           {"grpc_service", sources_.calls.service_name()},
                           {"grpc_method", method.name()}};
    started.push_back({labels, Number(totals.started)});
    received.push_back({labels, Number(totals.messages_received)});
    sent.push_back({labels, Number(totals.messages_sent)});
    durations.push_back({labels, totals.duration});
    for (size_t code = 0; code < CallCounts::kCodes; ++code) {
      Labels with_code = labels;
      with_code.push_back({"grpc_code", kCodeNames[code]});
      handled.push_back({std::move(with_code), Number(totals.ended[code])});
    }
    if (method.is_stream()) streams += totals.open();
  }
  page.Counter("grpc_server_started_total", "Calls that were accepted.", started);
  page.Counter("grpc_server_handled_total", "Calls that ended, by what their callers got.",
               handled);
  page.Counter("grpc_server_msg_received_total", "Messages of requests.", received);
  page.Counter("grpc_server_msg_sent_total", "Messages of answers that reached the transport.",
               sent);
  page.Histogram("grpc_server_handling_seconds",
                 "From a call's acceptance until its answer was taken.", durations);
  page.Gauge("trawl_streams", "Streams that are open.", Number(streams));
}

void Metrics::AddEnds(MetricPage& page) const {
  Values refusals;
  Values cancellations;
  for (const auto& [what, count] : sources_.calls.refusals()) {
    refusals.push_back(
        {{{"grpc_code", kCodeNames[static_cast<size_t>(what.first)]}, {"reason", what.second}},
         Number(count)});
  }
  for (size_t i = 0; i < kCancellerNames.size(); ++i) {
    const auto by = static_cast<Canceller>(i);
    cancellations.push_back(
        {{{"reason", kCancellerNames[i]}}, Number(sources_.calls.cancellations(by))});
  }
  page.Counter("trawl_refusals_total",
               "Calls that ended with an error other than Canceled and DeadlineExceeded, by the "
               "reason that it gives.",
               refusals);
  page.Counter("trawl_cancellations_total",
               "Calls that ended with Canceled or DeadlineExceeded, by who or what ended them.",
               cancellations);
}

void Metrics::AddLoad(MetricPage& page) const {
  const Admission::Options& limits = sources_.admission.options();
  page.Gauge("trawl_serving", "Whether health says SERVING.", sources_.health.serving() ? 1 : 0);
  page.Gauge("trawl_calls_in_flight", "Calls that are worked on or answered.",
             sources_.admission.calls_in_flight());
  page.Gauge("trawl_calls_in_flight_limit", "From which on calls are refused.", limits.max_calls);
  page.Gauge("trawl_bytes_in_flight", "Bytes of their requests and answers.",
             Number(sources_.admission.bytes_in_flight()));
  page.Gauge("trawl_bytes_in_flight_limit", "From which on calls are refused.",
             Number(limits.max_bytes));
  page.Gauge("trawl_workers", "Compute threads.", sources_.executor.workers());
  page.Gauge("trawl_workers_busy", "Compute threads that have something to do.",
             sources_.executor.busy_workers());
  page.Gauge("trawl_queue_chunks", "Chunks, and requests to be parsed, that wait for a worker.",
             Number(sources_.executor.queued_tasks()));
  page.Gauge("trawl_queue_bytes", "Bytes of content that wait for a worker.",
             Number(sources_.executor.queued_bytes()));
  page.Histogram("trawl_queue_wait_seconds",
                 "From a call's arrival until its first chunk was begun.",
                 {{{}, sources_.calls.waits()}});
}

void Metrics::AddWork(MetricPage& page) const {
  const WorkCounts::Totals work = sources_.work.totals();
  page.Histogram("trawl_chunk_seconds", "Time that a chunk took to search.",
                 {{{}, work.chunk_time}});
  page.Counter("trawl_chunks_failed_total", "Chunks that could not be searched.",
               Number(work.failed_chunks));
  page.Counter("trawl_scanned_bytes_total", "Bytes of content searched.", Number(work.bytes));
  Values findings;
  for (size_t kind = 1; kind < kKindNames.size(); ++kind) {
    for (size_t confidence = 1; confidence < kConfidenceNames.size(); ++confidence) {
      findings.push_back(
          {{{"kind", kKindNames[kind]}, {"confidence", kConfidenceNames[confidence]}},
           Number(work.findings[kind][confidence])});
    }
  }
  page.Counter("trawl_findings_total", "What was found.", findings);
}

void Metrics::AddProcess(MetricPage& page) const {
  const ProcessStats process = ProcessStats::Read();
  page.Counter("process_cpu_seconds_total", "CPU time, user and system.", process.cpu_seconds);
  page.Gauge("process_start_time_seconds", "When the process started, since 1970.",
             process.start_seconds);
  page.Gauge("process_virtual_memory_bytes", "Address space.", Number(process.virtual_bytes));
  page.Gauge("process_resident_memory_bytes", "Memory.", Number(process.resident_bytes));
  page.Gauge("process_open_fds", "Open file descriptors.", Number(process.open_descriptors));
  page.Gauge("process_max_fds", "File descriptors that may be open.",
             Number(process.max_descriptors));
  page.Gauge("process_threads", "Threads.", Number(process.threads));
  page.Gauge("trawl_certificate_not_after_timestamp_seconds",
             "When the server's certificate expires, since 1970; 0 without TLS.",
             sources_.tls != nullptr
                 ? absl::ToDoubleSeconds(sources_.tls->not_after() - absl::UnixEpoch())
                 : 0);
  page.Counter("trawl_log_lines_dropped_total", "Lines that the log's reader was too slow for.",
               Number(sources_.log.dropped_lines()));
  page.Gauge("trawl_build_info", "1; what runs is in the labels.",
             {{{{"version", build_.version},
                {"kernel", build_.kernel},
                {"ruleset", build_.ruleset},
                {"grpc", build_.grpc}},
               1}});
}

}  // namespace trawl::service
