#include "service/deliveries.h"

#include <algorithm>
#include <utility>

namespace trawl::service {

Deliveries::Entry::Entry(Deliveries& deliveries, grpc::ServerContext& context)
    : deliveries_(deliveries), context_(context) {
  std::lock_guard lock(deliveries_.mutex_);
  previous_ = deliveries_.newest_;
  (previous_ != nullptr ? previous_->next_ : deliveries_.oldest_) = this;
  deliveries_.newest_ = this;
}

Deliveries::Entry::~Entry() {
  std::lock_guard lock(deliveries_.mutex_);
  (previous_ != nullptr ? previous_->next_ : deliveries_.oldest_) = next_;
  (next_ != nullptr ? next_->previous_ : deliveries_.newest_) = previous_;
}

bool Deliveries::Entry::cancelled() const {
  std::lock_guard lock(deliveries_.mutex_);
  return cancelled_;
}

Deliveries::Deliveries(std::chrono::milliseconds patience)
    : patience_(patience), thread_([this](std::stop_token stop) { Watch(std::move(stop)); }) {}

void Deliveries::Watch(std::stop_token stop) {
  const auto interval = std::min(patience_ / 4, std::chrono::milliseconds(1000));
  while (!stop.stop_requested()) {
    CancelOld();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, interval, [] { return false; });
  }
}

void Deliveries::CancelOld() {
  std::lock_guard lock(mutex_);
  const Clock::time_point limit = Clock::now() - patience_;
  for (Entry* entry = oldest_; entry != nullptr && entry->since_ < limit; entry = entry->next_) {
    if (!std::exchange(entry->cancelled_, true)) entry->context_.TryCancel();
  }
}

}  // namespace trawl::service
