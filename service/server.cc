#include "service/server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/channelz_service_plugin.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server_builder.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "compute/all_detectors.h"
#include "compute/kernel.h"
#include "compute/thread_priority.h"
#include "service/metrics.h"
#include "service/version.h"

namespace trawl::service {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMaxConcurrentStreams = 128;
constexpr int kSecond = 1000;
constexpr int kMinute = 60 * kSecond;
constexpr rlim_t kDescriptors = 65'536;
constexpr std::chrono::seconds kStuckAfter{5};

// Read from a connection at a time, in bytes: what the calls of others wait for. gRPC would read up
// to 4 MiB.
constexpr int kReadChunk = 256 << 10;

UrlLimits UrlLimitsFrom(const Options& options) {
  UrlLimits limits;
  limits.max_timeout = std::chrono::milliseconds(options.url_timeout_ms);
  limits.max_body_bytes = options.url_max_body_bytes;
  limits.max_redirects = options.url_max_redirects;
  limits.max_included_body_bytes = options.url_max_included_body_bytes;
  limits.max_fetches = options.url_max_fetches;
  limits.max_fetches_per_host = options.url_max_fetches_per_host;
  limits.user_agent = absl::StrCat("trawl/", kVersion);
  limits.ports = options.url_rules.ports;
  std::sort(limits.ports.begin(), limits.ports.end());
  return limits;
}

RequestLimits LimitsFrom(const Options& options) {
  RequestLimits limits;
  limits.max_content_bytes = options.max_content_bytes;
  limits.max_batch_documents = options.max_batch_documents;
  limits.max_findings = options.max_findings;
  limits.inline_bytes = options.inline_bytes;
  limits.stream_idle = std::chrono::seconds(options.stream_idle_seconds);
  if (options.enable_url_fetch) limits.url = UrlLimitsFrom(options);
  return limits;
}

// Options that no command line made may be wrong.
std::unique_ptr<UrlFetcher> FetcherFor(const Options& options) {
  if (!options.enable_url_fetch) return nullptr;
  return std::make_unique<UrlFetcher>(UrlPolicy::Make(options.url_rules).value(),
                                      UrlLimitsFrom(options), options.url_ca_file,
                                      compute::ThreadPriority(options.worker_nice));
}

// With the usual soft limit of 1,024, connections alone exhaust the descriptors, and gRPC 1.51's
// listener does not recover from that (CVE-2023-4785).
void RaiseDescriptorLimit(Log& log) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kDescriptors) return;
  limit.rlim_cur = std::min(limit.rlim_max, kDescriptors);
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < kDescriptors) {
    log.Warning("few descriptors", {{"limit", limit.rlim_cur}, {"wanted", kDescriptors}});
  }
}

void Configure(const Options& options, grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // On by default, and then kept for each connection and counted for each message.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, options.channelz ? 1 : 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConcurrentStreams);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kMinute);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20 * kSecond);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10 * kSecond);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                             options.connection_idle_seconds * kSecond);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             options.connection_age_seconds * kSecond);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             options.connection_grace_seconds * kSecond);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10 * kSecond);
  builder.AddChannelArgument(GRPC_ARG_TCP_MAX_READ_CHUNK_SIZE, kReadChunk);
  builder.SetMaxReceiveMessageSize(static_cast<int>(
      std::min<uint64_t>(options.max_message_bytes(), std::numeric_limits<int>::max())));
  // The receive limit applies to the compressed size: a megabyte can become a gigabyte.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  grpc::ResourceQuota quota("trawld");
  quota.Resize(options.memory_quota_bytes);
  builder.SetResourceQuota(quota);
}

// A program that is linked with gRPC's reflection has it, whether it asks for it or not.
class WithoutReflection final : public grpc::ServerBuilderOption {
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins,
                  [](const auto& plugin) { return plugin->name() == "proto_server_reflection"; });
  }
};

std::vector<const compute::Detector*> Pointers(
    const std::vector<std::unique_ptr<const compute::Detector>>& detectors) {
  std::vector<const compute::Detector*> pointers;
  pointers.reserve(detectors.size());
  for (const auto& detector : detectors) pointers.push_back(detector.get());
  return pointers;
}

// "127.0.0.1:0" and 4321 give "127.0.0.1:4321".
std::string WithPort(const std::string& listen, int port) {
  if (listen.starts_with("unix:")) return listen;
  return absl::StrCat(listen.substr(0, listen.rfind(':')), ":", port);
}

// Options that no command line made may leave it open.
const compute::Kernel& KernelOf(const Options& options) {
  const compute::Kernel* const kernel = compute::Kernel::Find(options.kernel);
  return kernel != nullptr ? *kernel : compute::Kernel::Best();
}

}  // namespace

absl::StatusOr<Server::Components> Server::LoadComponents(const Options& options) {
  absl::StatusOr<compute::Ruleset> ruleset =
      compute::Ruleset::Load({options.public_suffix_list, options.lookalikes});
  if (!ruleset.ok()) return ruleset.status();
  Components components;
  components.ruleset = std::make_unique<const compute::Ruleset>(*std::move(ruleset));
  components.detectors = compute::AllDetectors(*components.ruleset, KernelOf(options));
  return components;
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Options& options, Components components,
                                                      Log& log) {
  std::unique_ptr<Server> server(new Server(options, std::move(components), log));
  if (absl::Status status = server->Secure(); !status.ok()) return status;
  if (absl::Status status = server->ServeMetrics(); !status.ok()) return status;
  if (absl::Status status = server->Listen(); !status.ok()) return status;
  return server;
}

Server::Server(const Options& options, Components components, Log& log)
    : options_(options),
      log_(log),
      components_(std::move(components)),
      executor_({.workers = options.workers, .nice = options.worker_nice}),
      engine_(executor_, Pointers(components_.detectors),
              {.kernel = &KernelOf(options), .observer = &work_}),
      fetcher_(FetcherFor(options)),
      calls_(engine_, *components_.ruleset, LimitsFrom(options),
             {.max_calls = options.max_calls_in_flight,
              .max_bytes = options.max_bytes_in_flight,
              .max_wait = std::chrono::milliseconds(options.max_wait_ms)},
             {.max_calls = options.max_calls_per_peer, .max_bytes = options.max_bytes_per_peer},
             std::chrono::seconds(options.delivery_seconds),
             std::chrono::milliseconds(options.slow_call_ms), fetcher_.get(), log) {}

std::string Server::metrics_address() const {
  return metrics_server_ != nullptr ? metrics_server_->address() : "";
}

absl::Status Server::ServeMetrics() {
  if (options_.metrics_address.empty()) return absl::OkStatus();
  auto metrics =
      std::make_shared<Metrics>(Metrics::Sources{calls_.ends().counts(), work_, calls_.admission(),
                                                 executor_, health_, security_->tls(), log_},
                                Metrics::Build{kVersion, std::string(engine_.kernel()),
                                               components_.ruleset->version, grpc::Version()});
  auto server = MetricsServer::Start(options_.metrics_address, std::move(metrics));
  if (!server.ok()) return server.status();
  metrics_server_ = *std::move(server);
  return absl::OkStatus();
}

absl::Status Server::Secure() {
  absl::StatusOr<std::unique_ptr<Security>> security = Security::Load(options_, log_);
  if (!security.ok()) return security.status();
  security_ = *std::move(security);
  if (Access* const access = security_->access(); access != nullptr) {
    access->SetOnRefused([this](std::string_view path, const absl::Status& status) {
      calls_.ends().EndUnaccepted(path, status);
    });
  }
  return absl::OkStatus();
}

absl::Status Server::Listen() {
  RaiseDescriptorLimit(log_);
  // Debian's Abseil looks for lock cycles at every lock: 5 to 9 % of a small call.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  grpc::EnableDefaultHealthCheckService(false);
  if (options_.channelz) grpc::channelz::experimental::InitChannelzService();

  grpc::ServerBuilder builder;
  Configure(options_, builder);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  if (!options_.reflection) builder.SetOption(std::make_unique<WithoutReflection>());
  int port = 0;
  builder.AddListeningPort(options_.listen, security_->Credentials(), &port);
  builder.RegisterService(&calls_.grpc_service());
  builder.RegisterService(&health_.grpc_service());
  for (int i = 0; i < options_.pollers; ++i) {
    pollers_.push_back(std::make_unique<rpc::Poller>(builder.AddCompletionQueue()));
  }
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", options_.listen,
                                               ": the address is in use, not this machine's, or "
                                               "not of the form HOST:PORT; see --listen"));
  }
  address_ = WithPort(options_.listen, port);

  std::vector<rpc::Poller*> pollers;
  for (size_t i = 0; i < pollers_.size(); ++i) {
    calls_.Accept(*pollers_[i]);
    health_.Accept(*pollers_[i]);
    pollers_[i]->Start(absl::StrCat("poller-", i), compute::ThreadPriority::BePrompt);
    pollers.push_back(pollers_[i].get());
  }
  health_.Set(true);
  Watchdog::Options watchdog;
  watchdog.patience = std::chrono::seconds(options_.watchdog_seconds);
  watchdog_.emplace(watchdog, std::move(pollers), executor_, calls_.tracker(),
                    [this](bool serving) {
                      health_.Set(serving);
                      if (serving) {
                        log_.Info("health", {{"serving", true}});
                      } else {
                        log_.Error("health", {{"serving", false}});
                      }
                    });
  return absl::OkStatus();
}

Server::~Server() {
  if (server_ == nullptr) return;
  std::stop_source hurry;
  hurry.request_stop();
  if (!Drain(hurry.get_token()).ok()) {
    calls_.tracker().WaitForNone();
    Drain(hurry.get_token()).IgnoreError();
  }
}

// Each step needs the one before it.
absl::Status Server::Drain(std::stop_token hurry) {
  // 1. Nobody may turn health back.
  watchdog_->Stop();
  // 2. Load balancers look away, while calls are still taken.
  health_.Set(false);
  {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, hurry, std::chrono::seconds(options_.drain_delay_seconds),
                  [] { return false; });
  }
  // 3. New calls are refused; those in flight go on and are cancelled after the grace. Pollers run
  // on: they carry the calls to their ends.
  health_.End();
  {
    const auto grace =
        std::chrono::seconds(hurry.stop_requested() ? 0 : options_.drain_grace_seconds);
    calls_.ends().SetDrainCancels(Clock::now() + grace);
    std::stop_callback cancel(hurry, [this] {
      calls_.ends().SetDrainCancels(Clock::now());
      grpc_server_cancel_all_calls(server_->c_server());
    });
    server_->Shutdown(std::chrono::system_clock::now() + grace);
  }
  // 4. Shutdown returns when gRPC is done with the calls, not when our coroutines are. An operation
  // started on a queue that was shut down would abort the process.
  if (int64_t live = calls_.tracker().WaitForNone(Clock::now() + kStuckAfter); live > 0) {
    return absl::DeadlineExceededError(absl::StrCat(
        live, " calls have not ended ", kStuckAfter.count(), " s after they were cancelled"));
  }
  // 5. Now nothing uses the queues. Members are destroyed in reverse order: pollers with their
  // queues, server, calls, engine, executor.
  for (auto& poller : pollers_) poller->Stop();
  return absl::OkStatus();
}

}  // namespace trawl::service
