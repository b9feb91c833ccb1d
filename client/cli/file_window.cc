#include "client/cli/file_window.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_format.h"

namespace trawl::cli {
namespace {

constexpr uint64_t kHeadBytes = 2;
constexpr uint64_t kDiscardBytes = 1 << 20;

absl::Status SystemError() { return absl::UnknownError(std::strerror(errno)); }

// Reads a file forwards.
class Reader {
 public:
  explicit Reader(int descriptor) : descriptor_(descriptor) {}

  // Bytes read or skipped.
  uint64_t position() const { return position_; }

  // Appends the next `count` bytes, or those that are left.
  absl::Status Read(uint64_t count, std::string& bytes) {
    const size_t old_size = bytes.size();
    size_t size = old_size;
    bytes.resize(old_size + count);
    while (size < bytes.size()) {
      const ssize_t got = read(descriptor_, bytes.data() + size, bytes.size() - size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return SystemError();
      if (got == 0) break;
      size += static_cast<size_t>(got);
    }
    bytes.resize(size);
    position_ += size - old_size;
    return absl::OkStatus();
  }

  // Leaves out the next `count` bytes, or those that are left.
  absl::Status Skip(uint64_t count) {
    const uint64_t sought = std::min(count, BytesToSeek());
    if (sought > 0 && lseek(descriptor_, static_cast<off_t>(sought), SEEK_CUR) < 0) {
      return SystemError();
    }
    position_ += sought;
    const uint64_t end = position_ + (count - sought);
    std::string discarded;
    while (position_ < end) {
      discarded.clear();
      absl::Status status = Read(std::min(end - position_, kDiscardBytes), discarded);
      if (!status.ok()) return status;
      if (discarded.empty()) break;
    }
    return absl::OkStatus();
  }

 private:
  // Left of a file whose size is known.
  uint64_t BytesToSeek() const {
    struct stat info;
    if (fstat(descriptor_, &info) != 0 || !S_ISREG(info.st_mode)) return 0;
    const off_t here = lseek(descriptor_, 0, SEEK_CUR);
    return here >= 0 && here < info.st_size ? static_cast<uint64_t>(info.st_size - here) : 0;
  }

  const int descriptor_;
  uint64_t position_ = 0;
};

absl::StatusOr<FileWindow> ReadFrom(int descriptor, uint64_t offset, uint64_t reach) {
  Reader reader(descriptor);
  FileWindow window;
  if (absl::Status status = reader.Read(kHeadBytes, window.head); !status.ok()) return status;
  window.begin = (offset - std::min(offset, reach)) / 2 * 2;
  if (window.begin == 0) {
    window.bytes = window.head;
  } else if (absl::Status status = reader.Skip(window.begin - kHeadBytes); !status.ok()) {
    return status;
  }
  const uint64_t wanted = offset - window.begin + reach + 1;
  absl::Status status = reader.Read(wanted - std::min(wanted, window.bytes.size()), window.bytes);
  if (!status.ok()) return status;
  if (offset - window.begin < window.bytes.size()) return window;
  return absl::OutOfRangeError(absl::StrFormat("there is no byte %d: it has %d bytes, from 0 on",
                                               offset, reader.position()));
}

}  // namespace

absl::StatusOr<FileWindow> ReadWindow(const std::string& path, uint64_t offset, uint64_t reach) {
  if (path == "-") return ReadFrom(STDIN_FILENO, offset, reach);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError();
  absl::StatusOr<FileWindow> window = ReadFrom(descriptor, offset, reach);
  close(descriptor);
  return window;
}

}  // namespace trawl::cli
