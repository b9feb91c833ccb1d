#include "client/cli/file_walker.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "absl/strings/str_format.h"

namespace trawl::cli {
namespace {

namespace fs = std::filesystem;

// A protobuf message ends at 2 GiB; the rest is room for its other fields.
constexpr size_t kMaxContent = (size_t{2} << 30) - (64 << 10);
constexpr size_t kReadSize = 1 << 20;

absl::Status SystemError(int error) { return absl::UnknownError(std::strerror(error)); }

absl::Status ReadAll(int descriptor, std::string& content) {
  struct stat info;
  const bool sized = fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
  const size_t expected = sized ? static_cast<size_t>(info.st_size) : 0;
  if (expected > kMaxContent) {
    return absl::OutOfRangeError(absl::StrFormat(
        "%d bytes is more than a call can carry, %d: split it", expected, kMaxContent));
  }
  size_t size = 0;
  content.resize(expected + 1);
  for (;;) {
    if (size == content.size()) content.resize(size + std::max(kReadSize, size / 2));
    const ssize_t got = read(descriptor, content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(errno);
    if (got == 0) break;
    size += static_cast<size_t>(got);
    if (size > kMaxContent) {
      return absl::OutOfRangeError(
          absl::StrFormat("more than a call can carry, %d bytes: split it", kMaxContent));
    }
  }
  content.resize(size);
  return absl::OkStatus();
}

}  // namespace

FileWalker::FileWalker(std::vector<std::string> paths, bool recursive) : recursive_(recursive) {
  std::reverse(paths.begin(), paths.end());
  for (std::string& path : paths) pending_.push_back({std::move(path), true});
}

std::optional<FileWalker::Entry> FileWalker::Next() {
  while (!pending_.empty()) {
    const Pending next = std::move(pending_.back());
    pending_.pop_back();
    if (next.path == "-" && next.named_by_user) return Entry{next.path, absl::OkStatus()};

    std::error_code error;
    const fs::file_status status =
        next.named_by_user ? fs::status(next.path, error) : fs::symlink_status(next.path, error);
    if (error) return Entry{next.path, SystemError(error.value())};
    if (fs::is_directory(status)) {
      if (!recursive_) {
        return Entry{next.path, absl::InvalidArgumentError("is a directory: add --recursive")};
      }
      if (absl::Status expanded = Expand(next.path); !expanded.ok()) {
        return Entry{next.path, expanded};
      }
    } else if (next.named_by_user || fs::is_regular_file(status)) {
      return Entry{next.path, absl::OkStatus()};
    }
  }
  return std::nullopt;
}

absl::Status FileWalker::Expand(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> paths;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    paths.push_back(entry->path().string());
  }
  std::sort(paths.begin(), paths.end(), std::greater<>());
  for (std::string& path : paths) pending_.push_back({std::move(path), false});
  return error ? SystemError(error.value()) : absl::OkStatus();
}

absl::Status ReadContent(const std::string& path, std::string& content) {
  if (path == "-") return ReadAll(STDIN_FILENO, content);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError(errno);
  absl::Status status = ReadAll(descriptor, content);
  close(descriptor);
  return status;
}

}  // namespace trawl::cli
