#include "service/admission.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "service/error.h"

namespace trawl::service {
namespace {

constexpr std::chrono::milliseconds kShortestDelay{20};
constexpr std::chrono::milliseconds kLongestDelay{5000};

std::chrono::milliseconds WithinBounds(std::chrono::milliseconds delay) {
  return std::clamp(delay, kShortestDelay, kLongestDelay);
}

}  // namespace

absl::Status Admission::Ticket::Take(uint64_t bytes) {
  if (bytes == 0) return absl::OkStatus();
  std::lock_guard lock(admission_->mutex_);
  if (!may_exceed_ && !admission_->HasRoom(bytes, admission_->options_.max_bytes)) {
    if (admission_->one_exceeds_) return admission_->TooManyBytes(bytes);
    may_exceed_ = admission_->one_exceeds_ = true;
  }
  admission_->bytes_ += bytes;
  bytes_ += bytes;
  return absl::OkStatus();
}

void Admission::Ticket::Resize(uint64_t bytes) {
  if (bytes == bytes_) return;
  std::lock_guard lock(admission_->mutex_);
  admission_->bytes_ += bytes - bytes_;
  bytes_ = bytes;
}

bool Admission::Ticket::Reserve(uint64_t bytes) {
  std::lock_guard lock(admission_->mutex_);
  const uint64_t reserved = admission_->reserved_ - reserved_ + bytes;
  const uint64_t limit = admission_->options_.max_bytes + kRoomForStreams;
  if (bytes > reserved_ && !admission_->HasRoom(reserved, limit)) return false;
  admission_->reserved_ = reserved;
  reserved_ = bytes;
  return true;
}

absl::StatusOr<Admission::Ticket> Admission::Admit(uint64_t bytes) {
  std::lock_guard lock(mutex_);
  if (calls_ >= options_.max_calls) {
    return TryLater("TOO_MANY_CALLS",
                    absl::StrCat(calls_, " calls are in flight, the limit is ", options_.max_calls),
                    DelayFor(bytes),
                    {{"value", absl::StrCat(calls_)}, {"limit", absl::StrCat(options_.max_calls)}});
  }
  if (!HasRoom(bytes, options_.max_bytes)) return TooManyBytes(bytes);
  ++calls_;
  bytes_ += bytes;
  return Ticket(this, bytes);
}

absl::Status Admission::TooManyBytes(uint64_t bytes) const {
  return TryLater(
      "TOO_MANY_BYTES",
      absl::StrCat(bytes_, " bytes are in flight, this call needs ", bytes, " more, the limit is ",
                   options_.max_bytes),
      DelayFor(bytes),
      {{"value", absl::StrCat(bytes_ + bytes)}, {"limit", absl::StrCat(options_.max_bytes)}});
}

void Admission::Release(const Ticket& ticket) {
  std::lock_guard lock(mutex_);
  --calls_;
  bytes_ -= ticket.bytes_;
  reserved_ -= ticket.reserved_;
  if (ticket.may_exceed_) one_exceeds_ = false;
  Clock::time_point now = Clock::now();
  double seconds = std::max(std::chrono::duration<double>(now - last_release_).count(), 1e-6);
  last_release_ = now;
  double keep = std::exp(-seconds);
  calls_per_second_ = keep * calls_per_second_ + (1 - keep) / seconds;
  bytes_per_second_ =
      keep * bytes_per_second_ + (1 - keep) * static_cast<double>(ticket.bytes_) / seconds;
}

// The time in which the calls in flight would halve, or room for `bytes` be made, if calls went on
// ending as they did lately.
std::chrono::milliseconds Admission::DelayFor(uint64_t bytes) const {
  double keep = std::exp(-std::chrono::duration<double>(Clock::now() - last_release_).count());
  double needed_bytes =
      static_cast<double>(bytes_ + bytes) - static_cast<double>(options_.max_bytes);
  double seconds = std::max(calls_ / 2.0 / std::max(keep * calls_per_second_, 1e-3),
                            needed_bytes / std::max(keep * bytes_per_second_, 1.0));
  auto delay = std::chrono::duration<double, std::milli>(std::min(seconds, 1e6) * 1000);
  return WithinBounds(std::chrono::duration_cast<std::chrono::milliseconds>(delay));
}

// What is over the limit is worked off in so much time.
absl::Status Admission::CheckWait(std::chrono::nanoseconds waited,
                                  std::chrono::nanoseconds expected,
                                  std::chrono::nanoseconds until_deadline) const {
  using std::chrono::milliseconds;
  const auto wait = std::chrono::ceil<milliseconds>(waited + expected);
  const bool too_long = wait > options_.max_wait;
  if (!too_long && expected <= until_deadline) return absl::OkStatus();
  const auto limit =
      too_long ? options_.max_wait : std::chrono::floor<milliseconds>(waited + until_deadline);
  return TryLater(
      "WAIT_TOO_LONG",
      absl::StrCat("the call would wait ", wait.count(), " ms for workers, ",
                   too_long ? "the limit is " : "its deadline leaves ", limit.count(), " ms"),
      WithinBounds(wait - limit),
      {{"value", absl::StrCat(wait.count())}, {"limit", absl::StrCat(limit.count())}});
}

uint32_t Admission::calls_in_flight() const {
  std::lock_guard lock(mutex_);
  return calls_;
}

uint64_t Admission::bytes_in_flight() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace trawl::service
