#include "service/url_fetcher.h"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "service/error.h"
#include "service/guarded.h"

namespace trawl::service {
namespace {

// Idle connections that are kept, at most.
constexpr long kIdleConnections = 64;

// What callers over a limit of fetches are told to wait.
constexpr std::chrono::milliseconds kRetryDelay{500};

constexpr int kEvents = 64;

// New transfers, before what has come for others is looked at.
constexpr int kCommands = 8;

// That the thread runs on for, while others wait.
constexpr std::chrono::microseconds kTurnTime{200};

absl::Status TooMany(const char* reason, const std::string& what, uint64_t limit) {
  return TryLater(reason, absl::StrCat(limit, " fetches ", what, "are in flight, the limit"),
                  kRetryDelay, {{"value", absl::StrCat(limit)}, {"limit", absl::StrCat(limit)}});
}

void InitializeCurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::runtime_error("libcurl does not start");
}

// Where the thread has run on for long since `turn`, which is now then.
void GiveWay(std::chrono::steady_clock::time_point& turn) {
  if (std::chrono::steady_clock::now() - turn < kTurnTime) return;
  compute::ThreadPriority::GiveWay();
  turn = std::chrono::steady_clock::now();
}

UrlTransfer& TransferOf(CURL* handle) {
  char* transfer = nullptr;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &transfer);
  return *reinterpret_cast<UrlTransfer*>(transfer);
}

}  // namespace

UrlFetcher::UrlFetcher(UrlPolicy policy, const UrlLimits& limits, std::string ca_file,
                       compute::ThreadPriority priority)
    : policy_(std::move(policy)),
      limits_(limits),
      ca_file_(std::move(ca_file)),
      priority_(priority) {
  InitializeCurl();
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  multi_ = curl_multi_init();
  epoll_event event{.events = EPOLLIN, .data = {.fd = wake_}};
  if (epoll_ < 0 || wake_ < 0 || multi_ == nullptr ||
      epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) != 0) {
    throw std::runtime_error("no descriptors to fetch URLs with");
  }
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &OnSocket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &OnTimer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kIdleConnections);
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "url-fetcher");
}

UrlFetcher::~UrlFetcher() {
  Post({.kind = Command::Kind::kStop});
  thread_.join();
  for (const auto& [id, transfer] : transfers_) {
    curl_multi_remove_handle(multi_, transfer->handle());
  }
  transfers_.clear();
  curl_multi_cleanup(multi_);
  close(wake_);
  close(epoll_);
}

void UrlFetcher::Start(uint64_t id, UrlFetch& fetch, UrlRequest request,
                       Clock::time_point deadline) {
  Post({.kind = Command::Kind::kStart,
        .id = id,
        .transfer =
            std::make_unique<UrlTransfer>(id, fetch, std::move(request), deadline, settings_)});
}

void UrlFetcher::GoOn(uint64_t id) { Post({.kind = Command::Kind::kGoOn, .id = id}); }

void UrlFetcher::Abort(uint64_t id) { Post({.kind = Command::Kind::kAbort, .id = id}); }

void UrlFetcher::Post(Command command) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = commands_.empty();
    commands_.push_back(std::move(command));
  }
  if (first) eventfd_write(wake_, 1);
}

int UrlFetcher::OnSocket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  const int epoll = static_cast<UrlFetcher*>(self)->epoll_;
  epoll_event event{.data = {.fd = socket}};
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, socket, &event);
    return 0;
  }
  if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) == 0) return 0;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0 ? 0 : -1;
}

int UrlFetcher::OnTimer(CURLM*, long timeout_ms, void* self) {
  std::optional<Clock::time_point>& timer = static_cast<UrlFetcher*>(self)->timer_;
  timer.reset();
  if (timeout_ms >= 0) timer = Clock::now() + std::chrono::milliseconds(timeout_ms);
  return 0;
}

// A peer that closes its connection would end the process by SIGPIPE, which OpenSSL does not
// prevent and libcurl only for one thread.
void UrlFetcher::Run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  priority_.Apply();
  std::array<epoll_event, kEvents> events{};
  int running = 0;
  while (TakeCommands()) {
    EndFinished();
    EndLate();
    TellNews();
    const int count = epoll_wait(epoll_, events.data(), kEvents, TimeoutMs());
    Clock::time_point turn = Clock::now();
    for (int i = 0; i < count; ++i) {
      GiveWay(turn);
      const int descriptor = events[i].data.fd;
      if (descriptor == wake_) {
        eventfd_t posts = 0;
        eventfd_read(wake_, &posts);
        continue;
      }
      int what = 0;
      if ((events[i].events & EPOLLIN) != 0) what |= CURL_CSELECT_IN;
      if ((events[i].events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
      if ((events[i].events & (EPOLLERR | EPOLLHUP)) != 0) what |= CURL_CSELECT_ERR;
      curl_multi_socket_action(multi_, descriptor, what, &running);
    }
    if (timer_.has_value() && Clock::now() >= *timer_) {
      timer_.reset();
      curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    }
  }
}

int UrlFetcher::TimeoutMs() const {
  if (!taken_.empty()) return 0;
  std::optional<Clock::time_point> next = timer_;
  if (!deadlines_.empty()) {
    next = std::min(next.value_or(Clock::time_point::max()), deadlines_.begin()->first);
  }
  if (!next.has_value()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - Clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 60'000));
}

bool UrlFetcher::TakeCommands() {
  std::vector<Command> commands;
  {
    const std::lock_guard lock(mutex_);
    commands.swap(commands_);
  }
  for (Command& command : commands) taken_.push_back(std::move(command));
  for (int i = 0; i < kCommands && !taken_.empty(); ++i) {
    Command command = std::move(taken_.front());
    taken_.pop_front();
    const auto place = transfers_.find(command.id);
    switch (command.kind) {
      case Command::Kind::kStart:
        Begin(std::move(command.transfer));
        break;
      case Command::Kind::kGoOn:
        if (place != transfers_.end()) curl_easy_pause(place->second->handle(), CURLPAUSE_CONT);
        break;
      case Command::Kind::kAbort:
        if (place != transfers_.end()) GiveUp(place, absl::CancelledError("the call was given up"));
        break;
      case Command::Kind::kStop:
        return false;
    }
  }
  return true;
}

void UrlFetcher::Begin(std::unique_ptr<UrlTransfer> transfer) {
  if (transfers_.size() >= limits_.max_fetches) {
    return transfer->End(TooMany("TOO_MANY_FETCHES", "", limits_.max_fetches));
  }
  if (absl::Status status = AddHop(*transfer); !status.ok()) return transfer->End(status);
  deadlines_.emplace(transfer->deadline(), transfer->id());
  transfers_.emplace(transfer->id(), std::move(transfer));
}

absl::Status UrlFetcher::AddHop(UrlTransfer& transfer) {
  if (absl::Status status = transfer.Check(); !status.ok()) return status;
  const auto host = of_host_.find(transfer.url().host());
  if (host != of_host_.end() && host->second >= limits_.max_fetches_per_host) {
    return TooMany("TOO_MANY_FETCHES_OF_HOST", "from this host ", limits_.max_fetches_per_host);
  }
  return Guarded([&] {
    transfer.Prepare();
    ++of_host_[transfer.url().host()];
    curl_multi_add_handle(multi_, transfer.handle());
    return absl::OkStatus();
  });
}

void UrlFetcher::RemoveHop(UrlTransfer& transfer) {
  curl_multi_remove_handle(multi_, transfer.handle());
  const auto host = of_host_.find(transfer.url().host());
  if (--host->second == 0) of_host_.erase(host);
}

void UrlFetcher::EndFinished() {
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    UrlTransfer& transfer = TransferOf(message->easy_handle);
    const auto place = transfers_.find(transfer.id());
    RemoveHop(transfer);
    UrlTransfer::Outcome outcome = transfer.EndHop(code);
    if (outcome.redirect) {
      outcome.status = AddHop(transfer);
      if (outcome.status.ok()) continue;
    }
    End(place, std::move(outcome.status));
  }
}

void UrlFetcher::EndLate() {
  const Clock::time_point now = Clock::now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const auto place = transfers_.find(deadlines_.begin()->second);
    GiveUp(place, place->second->TimedOut());
  }
}

// After those that have ended, so that a small body and its end are told together.
void UrlFetcher::TellNews() {
  for (const uint64_t id : with_news_) {
    const auto place = transfers_.find(id);
    if (place != transfers_.end()) place->second->Tell();
  }
  with_news_.clear();
}

// A handle whose host is being looked up stays until libcurl is done with it: its thread cannot be
// stopped, and to wait for it would hold up all others.
void UrlFetcher::GiveUp(Transfers::iterator place, absl::Status status) {
  UrlTransfer& transfer = *place->second;
  if (!transfer.resolving()) {
    RemoveHop(transfer);
    return End(place, std::move(status));
  }
  deadlines_.erase({transfer.deadline(), transfer.id()});
  if (transfer.has_fetch()) transfer.End(std::move(status));
}

void UrlFetcher::End(Transfers::iterator place, absl::Status status) {
  const std::unique_ptr<UrlTransfer> transfer = std::move(place->second);
  transfers_.erase(place);
  deadlines_.erase({transfer->deadline(), transfer->id()});
  if (transfer->has_fetch()) transfer->End(std::move(status));
}

}  // namespace trawl::service
