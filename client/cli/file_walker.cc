#include "client/cli/file_walker.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "client/cli/content_file.h"

namespace trawl::cli {
namespace {

namespace fs = std::filesystem;

// A protobuf message ends at 2 GiB; the rest is room for its other fields.
constexpr size_t kMaxContent = (size_t{2} << 30) - (64 << 10);

absl::Status SystemError(int error) { return absl::UnknownError(std::strerror(error)); }

}  // namespace

FileWalker::FileWalker(std::vector<std::string> paths, bool recursive) : recursive_(recursive) {
  std::reverse(paths.begin(), paths.end());
  for (std::string& path : paths) pending_.push_back({std::move(path), true});
}

std::optional<FileWalker::Entry> FileWalker::Next() {
  while (!pending_.empty()) {
    const Pending next = std::move(pending_.back());
    pending_.pop_back();
    const bool is_no_file = next.path == "-" || IsUrl(next.path);
    if (is_no_file && next.named_by_user) return Entry{next.path, absl::OkStatus()};

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

bool IsUrl(std::string_view path) {
  const absl::string_view text(path.data(), path.size());
  return absl::StartsWithIgnoreCase(text, "http://") ||
         absl::StartsWithIgnoreCase(text, "https://");
}

absl::Status ReadContent(const std::string& path, std::string& content) {
  const auto file = ContentFile::Open(path);
  if (!file.ok()) return file.status();
  const uint64_t known = (*file)->bytes_left().value_or(0);
  if (known > kMaxContent) {
    return absl::OutOfRangeError(absl::StrFormat(
        "%d bytes is more than a call can carry, %d: split it", known, kMaxContent));
  }
  content.clear();
  if (absl::Status read = (*file)->Read(kMaxContent + 1, content); !read.ok()) return read;
  if (content.size() <= kMaxContent) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrFormat("more than a call can carry, %d bytes: split it", kMaxContent));
}

}  // namespace trawl::cli
