#include "service/url_fetch.h"

#include <utility>

#include "service/url_fetcher.h"

namespace trawl::service {
namespace {

// What the call is told of at once, so that it goes on while more is read.
constexpr size_t kManyBytes = 32 << 10;

}  // namespace

UrlFetch::UrlFetch(UrlFetcher& fetcher, UrlRequest request,
                   std::chrono::steady_clock::time_point deadline)
    : fetcher_(fetcher), id_(fetcher.NewId()) {
  fetcher_.Start(id_, *this, std::move(request), deadline);
}

void UrlFetch::WaitForNews(absl::AnyInvocable<void()> resume) {
  std::unique_lock lock(mutex_);
  if (!has_news()) {
    resume_ = std::move(resume);
    return;
  }
  lock.unlock();
  resume();
}

UrlFetch::News UrlFetch::Take() {
  News news;
  bool room = false;
  {
    const std::lock_guard lock(mutex_);
    news = std::exchange(news_, News());
    taken_bytes_ += news.bytes.size();
    room = std::exchange(waits_for_room_, false);
  }
  if (room && !news.ended) fetcher_.GoOn(id_);
  return news;
}

void UrlFetch::Abort() { fetcher_.Abort(id_); }

void UrlFetch::PutHead(UrlHead head) {
  const std::lock_guard lock(mutex_);
  news_.head = std::move(head);
}

bool UrlFetch::Put(std::string_view bytes) {
  std::unique_lock lock(mutex_);
  const uint64_t limit = taken_bytes_ < kSmallBody ? kSmallBufferBytes : kLargeBufferBytes;
  if (news_.bytes.size() >= limit) {
    waits_for_room_ = true;
    return false;
  }
  news_.bytes.append(bytes);
  if (news_.bytes.size() >= kManyBytes) Notify(std::move(lock));
  return true;
}

void UrlFetch::Tell() {
  std::unique_lock lock(mutex_);
  if (has_news()) Notify(std::move(lock));
}

void UrlFetch::End(absl::Status status) {
  std::unique_lock lock(mutex_);
  news_.ended = true;
  news_.status = std::move(status);
  Notify(std::move(lock));
}

void UrlFetch::Notify(std::unique_lock<std::mutex> lock) {
  absl::AnyInvocable<void()> resume = std::exchange(resume_, nullptr);
  lock.unlock();
  if (resume != nullptr) resume();
}

}  // namespace trawl::service
