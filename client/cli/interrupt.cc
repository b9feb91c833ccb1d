#include "client/cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace trawl::cli {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiter_ = std::jthread([this](const std::stop_token& done) { Wait(done); });
}

Interrupt::~Interrupt() {
  waiter_.request_stop();
  // Blocked in all threads, the signal ends the sigwait and nothing else.
  // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread)
  pthread_kill(waiter_.native_handle(), SIGTERM);
}

void Interrupt::Wait(const std::stop_token& done) {
  const sigset_t signals = StopSignals();
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && !done.stop_requested()) {
    if (!stop_.request_stop()) _exit(128 + signal);
  }
}

}  // namespace trawl::cli
