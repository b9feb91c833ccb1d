// Sends one file in parts and writes what is found in it as it comes: in constant memory, and with
// the output that the file would give in one call, but that lines of more than 1 MiB are shown in
// pieces where lines are shown.
//
// A second thread reads and sends, for as long as Run takes. For one thread.
#ifndef TRAWL_CLIENT_CLI_FILE_STREAM_H_
#define TRAWL_CLIENT_CLI_FILE_STREAM_H_

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/cli/content_file.h"
#include "client/cli/content_tail.h"
#include "client/cli/output.h"
#include "client/cli/progress.h"
#include "client/cli/response_writer.h"
#include "client/cli/stream_findings.h"
#include "client/client.h"
#include "trawl/v1/content.pb.h"

namespace trawl::cli {

class FileStream {
 public:
  struct Options {
    v1::ProcessOptions process;
    // Of each part, at most.
    uint64_t part_bytes = 256 << 10;
    // An empty part is sent when nothing came for so long.
    absl::Duration keep_alive = absl::InfiniteDuration();
    // Of the stream as a whole.
    absl::Duration timeout = absl::InfiniteDuration();
    // Writes nothing and ends at the first finding.
    bool quiet = false;
  };

  struct Result {
    // Why the file could not be read to its end.
    absl::Status unreadable;
    // How the stream ended.
    absl::Status status;
    // Bytes sent.
    uint64_t bytes = 0;
    // All but what was found.
    v1::ProcessContentResponse summary;
  };

  // What it is given must outlive it. `file` continues `head`; none: `head` is all.
  FileStream(client::Client& client, const Options& options, std::string_view path,
             std::string_view head, ContentFile* file, ResponseWriter& writer, Output& output);

  // Once.
  Result Run(std::stop_token stop);

 private:
  // On the second thread.
  void Send(client::ContentStream& stream);
  bool SendPart(client::ContentStream& stream, std::string_view part);

  void Take(v1::ProcessContentStreamResponse& message);
  void WriteKnown();
  void WriteRest();
  void Write(const ContentPiece& content, const v1::ProcessContentResponse& found);
  bool IsEnough() const;

  client::Client& client_;
  const Options& options_;
  const std::string_view path_;
  const std::string_view head_;
  ContentFile* const file_;
  ResponseWriter& writer_;
  Output& output_;
  const bool keeps_content_;
  Progress progress_;
  ContentTail tail_;
  StreamFindings findings_;
  uint64_t found_ = 0;
  Result result_;
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_FILE_STREAM_H_
