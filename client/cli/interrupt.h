// Ctrl-C (and SIGTERM) as a stop token: the first asks the command to stop and report what it has,
// the second ends the process at once.
//
// Signals are blocked by the constructor, so it must run before any other thread exists; a thread
// of its own waits for them.
#ifndef TRAWL_CLIENT_CLI_INTERRUPT_H_
#define TRAWL_CLIENT_CLI_INTERRUPT_H_

#include <stop_token>
#include <thread>

namespace trawl::cli {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();

  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  void Wait(const std::stop_token& done);

  std::stop_source stop_;
  std::jthread waiter_;
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_INTERRUPT_H_
