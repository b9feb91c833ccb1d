// Answers on their way to callers. A caller that does not read would make the server keep an answer
// until the connection ends, which a caller can put off for long: a call whose answer has been on
// its way for too long is cancelled.
//
// Thread-safety: all members may be called from any thread.
// Lifetime: outlives its entries.

#ifndef TRAWL_SERVICE_DELIVERIES_H_
#define TRAWL_SERVICE_DELIVERIES_H_

#include <grpcpp/server_context.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace trawl::service {

class Deliveries {
 public:
  using Clock = std::chrono::steady_clock;

  // One answer, from when it is given to gRPC until gRPC is done with it.
  class Entry {
   public:
    Entry(Deliveries& deliveries, grpc::ServerContext& context);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    // Whether it took too long.
    bool cancelled() const;

   private:
    friend class Deliveries;

    Deliveries& deliveries_;
    grpc::ServerContext& context_;
    const Clock::time_point since_ = Clock::now();
    bool cancelled_ = false;
    Entry* previous_ = nullptr;
    Entry* next_ = nullptr;
  };

  explicit Deliveries(std::chrono::milliseconds patience);

 private:
  void Watch(std::stop_token stop);
  void CancelOld();

  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  Entry* oldest_ = nullptr;
  Entry* newest_ = nullptr;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_DELIVERIES_H_
