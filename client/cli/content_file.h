// A file, or standard input, read forwards.
//
// For one thread, but for Stop. Standard input stays open when the object goes.
#ifndef TRAWL_CLIENT_CLI_CONTENT_FILE_H_
#define TRAWL_CLIENT_CLI_CONTENT_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace trawl::cli {

class ContentFile {
 public:
  // "-" is standard input.
  static absl::StatusOr<std::unique_ptr<ContentFile>> Open(const std::string& path);
  ~ContentFile();

  ContentFile(const ContentFile&) = delete;
  ContentFile& operator=(const ContentFile&) = delete;

  // Bytes from here to the end, of a regular file as it is now.
  std::optional<uint64_t> bytes_left() const;

  // Bytes read or skipped.
  uint64_t position() const { return position_; }
  // Whether a read came to the end.
  bool ended() const { return ended_; }

  // Appends the next `count` bytes, or those that are left.
  absl::Status Read(uint64_t count, std::string& bytes);

  // Waits until something is there, for `patience` at most, and appends it, up to `count` bytes:
  // none after `patience`, at the end, and after Stop.
  absl::Status ReadSome(uint64_t count, absl::Duration patience, std::string& bytes);

  // Leaves out the next `count` bytes, or those that are left.
  absl::Status Skip(uint64_t count);

  // From any thread: ends the ReadSome that waits, and the file for further ones.
  void Stop();

 private:
  ContentFile(int descriptor, int stopped) : descriptor_(descriptor), stopped_(stopped) {}

  const int descriptor_;
  const int stopped_;  // an eventfd
  uint64_t position_ = 0;
  bool ended_ = false;
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_CONTENT_FILE_H_
