#include "client/cli/ping.h"

#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "client/cli/diagnostic.h"
#include "client/cli/exit_code.h"
#include "client/cli/histogram.h"
#include "client/cli/output.h"
#include "client/cli/quantity.h"

namespace trawl::cli {
namespace {

void WaitUntil(absl::Time time, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_until(lock, stop, absl::ToChronoTime(time),
                                           [] { return false; });
}

}  // namespace

int Ping(client::Client& client, const client::Client::Options& connection,
         const PingOptions& options, const std::stop_token& stop) {
  client.Connect(connection.timeout);
  Output output(STDOUT_FILENO);
  Histogram round_trips;
  int sent = 0;
  absl::Time next = absl::Now();
  while (sent < options.count && !stop.stop_requested() && !output.closed()) {
    if (sent > 0) WaitUntil(next += options.interval, stop);
    if (stop.stop_requested()) break;
    const absl::Time start = absl::Now();
    const auto response = client.Ping({}, {.timeout = {}, .stop = stop});
    const absl::Duration elapsed = absl::Now() - start;
    if (stop.stop_requested()) break;
    ++sent;
    if (!response.ok()) {
      const Failure failure = Explain(response.status(), connection.target, connection.timeout);
      Complain(failure.text);
      if (failure.ends_command) break;
      continue;
    }
    round_trips.Record(elapsed);
    output.Write(absl::StrFormat("%s: %s\n", connection.target, ReadableDuration(elapsed)));
    output.Flush();
  }
  if (round_trips.count() > 0) {
    output.Write(absl::StrFormat("%d sent, %d answered, min/median/max %s / %s / %s\n", sent,
                                 round_trips.count(), ReadableDuration(round_trips.min()),
                                 ReadableDuration(round_trips.Quantile(0.5)),
                                 ReadableDuration(round_trips.max())));
    output.Flush();
  }
  const bool all_answered = sent > 0 && round_trips.count() == static_cast<uint64_t>(sent);
  return all_answered ? kExitFound : kExitError;
}

}  // namespace trawl::cli
