#include "client/cli/output.h"

#include <unistd.h>

#include <cerrno>

namespace trawl::cli {
namespace {

constexpr size_t kFlushAt = 64 << 10;

}  // namespace

void Output::Write(std::string_view bytes) {
  if (closed_) return;
  buffer_.append(bytes);
  if (buffer_.size() >= kFlushAt) Flush();
}

void Output::Flush() {
  std::string_view rest = buffer_;
  while (!closed_ && !rest.empty()) {
    const ssize_t written = write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      closed_ = true;
      if (errno != EPIPE) status_ = absl::ErrnoToStatus(errno, "cannot write the output");
    }
  }
  buffer_.clear();
}

}  // namespace trawl::cli
