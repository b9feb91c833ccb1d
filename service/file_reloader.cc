#include "service/file_reloader.h"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace trawl::service {
namespace {

constexpr std::chrono::seconds kInterval(1);
constexpr size_t kMaxFileBytes = 1 << 20;

absl::Status Unreadable(const std::string& path, const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", why));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return Unreadable(path, std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) return Unreadable(path, "is no regular file");
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (file == nullptr) return Unreadable(path, std::strerror(errno));
  std::string contents(kMaxFileBytes + 1, '\0');
  contents.resize(std::fread(contents.data(), 1, contents.size(), file.get()));
  if (std::ferror(file.get()) != 0) return Unreadable(path, std::strerror(errno));
  if (contents.size() > kMaxFileBytes) {
    return Unreadable(path, absl::StrCat("has over ", kMaxFileBytes, " bytes, the limit"));
  }
  contents.shrink_to_fit();
  return contents;
}

absl::StatusOr<std::vector<std::string>> ReadFiles(const std::vector<std::string>& paths) {
  std::vector<std::string> contents;
  for (const std::string& path : paths) {
    absl::StatusOr<std::string> read = ReadFile(path);
    if (!read.ok()) return read.status();
    contents.push_back(*std::move(read));
  }
  return contents;
}

// Of each file by itself, so that bytes cannot move from one to the next unseen.
Sha256Digest DigestOf(const std::vector<std::string>& contents) {
  std::string digests;
  for (const std::string& content : contents) {
    const Sha256Digest digest = Sha256(content);
    digests.append(digest.begin(), digest.end());
  }
  return Sha256(digests);
}

}  // namespace

absl::Status FileReloader::Add(std::string what, std::vector<std::string> paths, Use use) {
  absl::StatusOr<std::vector<std::string>> contents = ReadFiles(paths);
  if (!contents.ok()) return contents.status();
  if (absl::Status used = use(*contents); !used.ok()) return used;
  const Sha256Digest digest = DigestOf(*contents);
  items_.push_back({std::move(what), std::move(paths), std::move(use), digest, digest});
  return absl::OkStatus();
}

void FileReloader::Start() {
  if (items_.empty()) return;
  thread_ = std::jthread([this](std::stop_token stop) { Watch(std::move(stop)); });
}

void FileReloader::Watch(std::stop_token stop) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, kInterval, [] { return false; });
    }
    if (stop.stop_requested()) return;
    for (Item& item : items_) Look(item);
    for (const auto& callback : at_each_look_) callback();
  }
}

void FileReloader::Look(Item& item) {
  absl::StatusOr<std::vector<std::string>> contents = ReadFiles(item.paths);
  absl::Status status = contents.status();
  if (status.ok()) {
    const Sha256Digest digest = DigestOf(*contents);
    if (digest == item.used) {
      item.last_seen = digest;
      item.last_error.clear();
      return;
    }
    if (std::exchange(item.last_seen, digest) != digest) return;
    status = item.use(*contents);
    if (status.ok()) {
      item.used = digest;
      item.last_error.clear();
      log_.Info("reloaded", {{"what", item.what}, {"files", item.paths}});
      return;
    }
  }
  const std::string error(status.message());
  if (std::exchange(item.last_error, error) == error) return;
  log_.Warning("not reloaded", {{"what", item.what}, {"error", error}, {"in_use", "as before"}});
}

}  // namespace trawl::service
