#include "service/health_calls.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

#include <stop_token>
#include <utility>
#include <vector>

#include "service/rpc/call_done.h"
#include "service/rpc/operation.h"
#include "trawl/v1/content.grpc.pb.h"

namespace trawl::service {
namespace {

// Calls of each method that wait to be accepted, per queue.
constexpr int kArmedCalls = 2;

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

bool IsKnown(const HealthCheckRequest& request) {
  return request.service().empty() || request.service() == v1::ContentService::service_full_name();
}

HealthCheckResponse::ServingStatus StatusOf(bool serving) {
  return serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
}

}  // namespace

HealthCalls::Watcher::Watcher(HealthCalls& calls) : calls_(calls) {
  std::lock_guard lock(calls_.mutex_);
  calls_.watchers_.insert(this);
}

HealthCalls::Watcher::~Watcher() {
  std::lock_guard lock(calls_.mutex_);
  calls_.watchers_.erase(this);
}

void HealthCalls::Watcher::Wait(absl::AnyInvocable<void()> resume) {
  {
    std::lock_guard lock(calls_.mutex_);
    if (!news_) {
      resume_ = std::move(resume);
      return;
    }
  }
  resume();
}

void HealthCalls::Watcher::Wake() {
  absl::AnyInvocable<void()> resume;
  {
    std::lock_guard lock(calls_.mutex_);
    news_ = true;
    resume = std::exchange(resume_, nullptr);
  }
  if (resume) resume();
}

bool HealthCalls::Watcher::Take(bool& serving) {
  std::lock_guard lock(calls_.mutex_);
  news_ = false;
  serving = calls_.serving_;
  return !calls_.ended_;
}

void HealthCalls::Accept(rpc::Poller& poller) {
  for (int i = 0; i < kArmedCalls; ++i) {
    Check(poller);
    Watch(poller);
  }
}

void HealthCalls::Set(bool serving) {
  {
    std::lock_guard lock(mutex_);
    if (serving_ == serving) return;
    serving_ = serving;
  }
  Tell();
}

void HealthCalls::End() {
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
  }
  Tell();
}

bool HealthCalls::serving() const {
  std::lock_guard lock(mutex_);
  return serving_;
}

// Who is resumed may end and be gone before the next is.
void HealthCalls::Tell() {
  std::vector<absl::AnyInvocable<void()>> resumes;
  {
    std::lock_guard lock(mutex_);
    for (Watcher* watcher : watchers_) {
      watcher->news_ = true;
      if (watcher->resume_) resumes.push_back(std::exchange(watcher->resume_, nullptr));
    }
  }
  for (auto& resume : resumes) resume();
}

rpc::Detached HealthCalls::Check(rpc::Poller& poller) {
  rpc::CallTracker::Token token(tracker_);
  grpc::ServerContext context;
  rpc::CallDone<grpc::ServerContext> done(context);
  HealthCheckRequest request;
  grpc::ServerAsyncResponseWriter<Response> writer(&context);
  rpc::Operation accept([&](void* tag) {
    grpc_service_.RequestCheck(&context, &request, &writer, poller.queue(), poller.queue(), tag);
  });
  const bool accepted = co_await accept;
  if (!accepted) co_return;
  Check(poller);

  Response response;
  response.set_status(StatusOf(serving()));
  const bool known = IsKnown(request);
  rpc::Operation finish([&](void* tag) {
    if (known) {
      writer.Finish(response, grpc::Status::OK, tag);
    } else {
      writer.FinishWithError({grpc::StatusCode::NOT_FOUND, "no such service"}, tag);
    }
  });
  co_await finish;
  co_await done;
}

rpc::Detached HealthCalls::Watch(rpc::Poller& poller) {
  rpc::CallTracker::Token token(tracker_);
  grpc::ServerContext context;
  rpc::CallDone<grpc::ServerContext> done(context);
  HealthCheckRequest request;
  grpc::ServerAsyncWriter<Response> writer(&context);
  rpc::Operation accept([&](void* tag) {
    grpc_service_.RequestWatch(&context, &request, &writer, poller.queue(), poller.queue(), tag);
  });
  const bool accepted = co_await accept;
  if (!accepted) co_return;
  Watch(poller);

  Watcher watcher(*this);
  std::stop_callback cancelled(done.stop_token(), [&watcher] { watcher.Wake(); });
  const bool known = IsKnown(request);
  bool serving = false;
  Response told;
  bool alive = true;
  while (alive && watcher.Take(serving) && !done.stop_token().stop_requested()) {
    const auto status = known ? StatusOf(serving) : Response::SERVICE_UNKNOWN;
    if (told.status() != status) {
      told.set_status(status);
      rpc::Operation write([&](void* tag) { writer.Write(told, tag); });
      alive = co_await write;
      continue;
    }
    rpc::Callback news([&](auto resume) { watcher.Wait(std::move(resume)); });
    co_await news;
    rpc::Poller::Return back(poller);
    co_await back;
  }
  const grpc::Status end(grpc::StatusCode::UNAVAILABLE, "the server is draining");
  rpc::Operation finish([&](void* tag) { writer.Finish(end, tag); });
  co_await finish;
  co_await done;
}

}  // namespace trawl::service
