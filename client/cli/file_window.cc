#include "client/cli/file_window.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "client/cli/content_file.h"

namespace trawl::cli {
namespace {

constexpr uint64_t kHeadBytes = 2;

absl::StatusOr<FileWindow> ReadFrom(ContentFile& file, uint64_t offset, uint64_t reach) {
  FileWindow window;
  if (absl::Status status = file.Read(kHeadBytes, window.head); !status.ok()) return status;
  window.begin = (offset - std::min(offset, reach)) / 2 * 2;
  if (window.begin == 0) {
    window.bytes = window.head;
  } else if (absl::Status status = file.Skip(window.begin - kHeadBytes); !status.ok()) {
    return status;
  }
  const uint64_t wanted = offset - window.begin + reach + 1;
  absl::Status status = file.Read(wanted - std::min(wanted, window.bytes.size()), window.bytes);
  if (!status.ok()) return status;
  if (offset - window.begin < window.bytes.size()) return window;
  return absl::OutOfRangeError(
      absl::StrFormat("there is no byte %d: it has %d bytes, from 0 on", offset, file.position()));
}

}  // namespace

absl::StatusOr<FileWindow> ReadWindow(const std::string& path, uint64_t offset, uint64_t reach) {
  const auto file = ContentFile::Open(path);
  if (!file.ok()) return file.status();
  return ReadFrom(**file, offset, reach);
}

}  // namespace trawl::cli
