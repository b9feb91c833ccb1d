#include <signal.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>

#include "compute/executor.h"
#include "service/library_logs.h"
#include "service/log.h"
#include "service/memory.h"
#include "service/options.h"
#include "service/server.h"
#include "service/signals.h"
#include "service/tls.h"

namespace {

int Fail(const absl::Status& status) {
  std::cerr << "trawld: " << std::string(status.message()) << "\n";
  return EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  using trawl::service::Server;
  trawl::service::KeepFreedMemory(trawl::compute::AvailableCpus());
  trawl::service::Signals signals({SIGINT, SIGTERM});
  auto line = trawl::service::ParseCommandLine(argc, argv);
  if (!line.ok()) return Fail(line.status());
  if (!line->print_and_exit.empty()) {
    std::cout << line->print_and_exit;
    return EXIT_SUCCESS;
  }
  const trawl::service::Options& options = line->options;
  if (options.tls_min_version == "1.3") trawl::service::RequireTls13();
  trawl::service::Log log(options.log_level);
  trawl::service::LibraryLogs library_logs(log);
  auto components = Server::LoadComponents(options);
  if (!components.ok()) return Fail(components.status());
  log.Info("configuration", nlohmann::ordered_json::parse(ToJson(options)));
  auto server = Server::Start(options, *std::move(components), log);
  if (!server.ok()) return Fail(server.status());
  log.Info("listening",
           {{"address", (*server)->address()}, {"metrics_address", (*server)->metrics_address()}});

  int signal = signals.Wait();
  log.Info("draining", {{"signal", strsignal(signal)}});
  std::stop_source hurry;
  std::jthread second_signal([&](std::stop_token stop) {
    if (signals.Wait(std::move(stop)) != 0) hurry.request_stop();
  });
  if (absl::Status drained = (*server)->Drain(hurry.get_token()); !drained.ok()) {
    Fail(drained);
    std::_Exit(EXIT_FAILURE);
  }
  const trawl::service::CallEnds& calls = (*server)->call_ends();
  log.Info("drained", {{"calls", calls.counts().ToJson()},
                       {"cancelled", calls.counts().CancellationsToJson()},
                       {"suppressed_lines", calls.SuppressedToJson()}});
  return EXIT_SUCCESS;
}
