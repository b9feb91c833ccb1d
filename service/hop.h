// A job of one empty task: what waits for it goes on on a compute thread.
//
//   Hop hop;
//   rpc::Callback to_worker([&](auto resume) { executor.Submit(hop, 1, std::move(resume)); });
//   co_await to_worker;

#ifndef TRAWL_SERVICE_HOP_H_
#define TRAWL_SERVICE_HOP_H_

#include <cstddef>

#include "compute/executor.h"

namespace trawl::service {

class Hop final : public compute::Executor::Job {
 public:
  bool Run(size_t) override { return true; }
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_HOP_H_
