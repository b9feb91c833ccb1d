// The return type of a coroutine that owns itself: it runs at once up to its first suspension and
// frees its frame when it ends. Nobody waits for it; a CallTracker::Token in its frame counts it.
// An exception that escapes it ends the process: a handler turns every failure into a status.

#ifndef TRAWL_SERVICE_RPC_DETACHED_H_
#define TRAWL_SERVICE_RPC_DETACHED_H_

#include <coroutine>
#include <exception>

namespace trawl::rpc {

struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

}  // namespace trawl::rpc

#endif  // TRAWL_SERVICE_RPC_DETACHED_H_
