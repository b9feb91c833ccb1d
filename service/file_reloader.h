// What is made of files, and made anew when they change: certificates, tokens.
//
//   FileReloader reloader(log);
//   absl::Status loaded = reloader.Add("tokens", {path}, [&](const auto& contents) { ... });
//   reloader.Start();
//
// Files are read once a second and compared by their contents, so that neither the resolution of
// time stamps nor the way they are replaced (written in place, renamed, a symbolic link turned)
// matters. New contents are used once two readings agree, which what is half written seldom does.
// What cannot be used leaves in use what was: a line `not reloaded` says why, once for each reason,
// and it is tried again until it can, or the files are as they were.
//
// Thread-safety: Add and Start belong to one thread. What is added runs on the thread of the
// reloader after Start, one at a time.
// Lifetime: the destructor waits for what runs; what is captured outlives it.

#ifndef TRAWL_SERVICE_FILE_RELOADER_H_
#define TRAWL_SERVICE_FILE_RELOADER_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "service/log.h"
#include "service/sha256.h"

namespace trawl::service {

class FileReloader {
 public:
  // Takes the contents of the files, in their order, or says why it cannot.
  using Use = std::function<absl::Status(const std::vector<std::string>& contents)>;

  explicit FileReloader(Log& log) : log_(log) {}

  // Reads and uses the files now: INVALID_ARGUMENT with one line that says what went wrong. `what`
  // names them in the log.
  absl::Status Add(std::string what, std::vector<std::string> paths, Use use);

  // Also called at each look at the files.
  void AtEachLook(std::function<void()> callback) { at_each_look_.push_back(std::move(callback)); }

  // Begins to look, where there is something to look at.
  void Start();

 private:
  struct Item {
    std::string what;
    std::vector<std::string> paths;
    Use use;
    Sha256Digest used;
    Sha256Digest last_seen;
    std::string last_error{};
  };

  void Watch(std::stop_token stop);
  void Look(Item& item);

  Log& log_;
  std::vector<Item> items_;
  std::vector<std::function<void()>> at_each_look_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_FILE_RELOADER_H_
