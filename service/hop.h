// A job of one empty task: what waits for it goes on on a compute thread. `bytes` count as queued
// until it does.
//
//   Hop hop(bytes);
//   rpc::Callback to_worker([&](auto resume) { executor.Submit(hop, 1, std::move(resume)); });
//   co_await to_worker;

#ifndef TRAWL_SERVICE_HOP_H_
#define TRAWL_SERVICE_HOP_H_

#include <cstddef>
#include <cstdint>

#include "compute/executor.h"

namespace trawl::service {

class Hop final : public compute::Executor::Job {
 public:
  explicit Hop(uint64_t bytes = 0) : bytes_(bytes) {}

  bool Run(size_t) override { return true; }
  uint64_t bytes() const override { return bytes_; }

 private:
  const uint64_t bytes_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_HOP_H_
