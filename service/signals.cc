#include "service/signals.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace trawl::service {

Signals::Signals(std::initializer_list<int> numbers) {
  sigset_t set;
  sigemptyset(&set);
  for (int number : numbers) sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal_fd_ = signalfd(-1, &set, SFD_CLOEXEC);
  signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() { close(signal_fd_); }

int Signals::Wait(std::stop_token stop) {
  int stop_fd = eventfd(0, EFD_CLOEXEC);
  pollfd ready[] = {{signal_fd_, POLLIN, 0}, {stop_fd, POLLIN, 0}};
  {
    std::stop_callback wake(stop, [stop_fd] { eventfd_write(stop_fd, 1); });
    while (poll(ready, 2, -1) < 0) {
    }
  }
  int number = 0;
  signalfd_siginfo info{};
  if ((ready[0].revents & POLLIN) != 0 && read(signal_fd_, &info, sizeof info) == sizeof info) {
    number = static_cast<int>(info.ssi_signo);
  }
  close(stop_fd);
  return number;
}

}  // namespace trawl::service
