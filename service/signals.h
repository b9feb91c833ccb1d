// Waits for signals as an ordinary call, so that what they lead to runs on an ordinary thread
// (grpc::Server::Shutdown in a handler, or on a poller, deadlocks).
//
// Made first in main, before any thread exists: threads inherit the blocked set.

#ifndef TRAWL_SERVICE_SIGNALS_H_
#define TRAWL_SERVICE_SIGNALS_H_

#include <initializer_list>
#include <stop_token>

namespace trawl::service {

class Signals {
 public:
  // Blocks `numbers` for the process. SIGPIPE is ignored: a reader of the log may go away.
  Signals(std::initializer_list<int> numbers);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // The number of the next signal, or 0 when `stop` was requested before one came.
  int Wait(std::stop_token stop = {});

 private:
  int signal_fd_ = -1;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_SIGNALS_H_
