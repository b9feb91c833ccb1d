#include "client/cli/content_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

namespace trawl::cli {
namespace {

constexpr uint64_t kReadBytes = 1 << 20;

absl::Status SystemError() { return absl::UnknownError(std::strerror(errno)); }

int PollMilliseconds(absl::Duration patience) {
  if (patience == absl::InfiniteDuration()) return -1;
  return static_cast<int>(
      std::clamp<int64_t>(absl::ToInt64Milliseconds(patience), 1, std::numeric_limits<int>::max()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ContentFile>> ContentFile::Open(const std::string& path) {
  const int descriptor = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError();
  const int stopped = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (stopped < 0) {
    absl::Status status = SystemError();
    if (descriptor != STDIN_FILENO) close(descriptor);
    return status;
  }
  return std::unique_ptr<ContentFile>(new ContentFile(descriptor, stopped));
}

ContentFile::~ContentFile() {
  if (descriptor_ != STDIN_FILENO) close(descriptor_);
  close(stopped_);
}

std::optional<uint64_t> ContentFile::bytes_left() const {
  struct stat info;
  if (fstat(descriptor_, &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  const off_t here = lseek(descriptor_, 0, SEEK_CUR);
  return here >= 0 && here < info.st_size ? static_cast<uint64_t>(info.st_size - here) : 0;
}

absl::Status ContentFile::Read(uint64_t count, std::string& bytes) {
  bytes.reserve(bytes.size() + std::min(count, bytes_left().value_or(0) + 1));
  const uint64_t end = position_ + count;
  while (position_ < end && !ended_) {
    const uint64_t next = std::min(end - position_, kReadBytes);
    absl::Status status = ReadSome(next, absl::InfiniteDuration(), bytes);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ContentFile::ReadSome(uint64_t count, absl::Duration patience, std::string& bytes) {
  std::array<pollfd, 2> ready = {{{descriptor_, POLLIN, 0}, {stopped_, POLLIN, 0}}};
  const int polled = poll(ready.data(), ready.size(), PollMilliseconds(patience));
  if (polled < 0 && errno != EINTR) return SystemError();
  if (polled <= 0) return absl::OkStatus();
  if (ready[1].revents != 0) {
    ended_ = true;
    return absl::OkStatus();
  }
  const size_t old_size = bytes.size();
  bytes.resize(old_size + count);
  const ssize_t got = read(descriptor_, bytes.data() + old_size, count);
  const int error = errno;
  bytes.resize(old_size + static_cast<size_t>(std::max<ssize_t>(got, 0)));
  errno = error;
  if (got < 0) return errno == EINTR || errno == EAGAIN ? absl::OkStatus() : SystemError();
  ended_ = got == 0;
  position_ += static_cast<uint64_t>(got);
  return absl::OkStatus();
}

absl::Status ContentFile::Skip(uint64_t count) {
  const uint64_t sought = std::min(count, bytes_left().value_or(0));
  if (sought > 0 && lseek(descriptor_, static_cast<off_t>(sought), SEEK_CUR) < 0) {
    return SystemError();
  }
  position_ += sought;
  const uint64_t end = position_ + (count - sought);
  std::string discarded;
  while (position_ < end && !ended_) {
    discarded.clear();
    absl::Status status = Read(std::min(end - position_, kReadBytes), discarded);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void ContentFile::Stop() { eventfd_write(stopped_, 1); }

}  // namespace trawl::cli
