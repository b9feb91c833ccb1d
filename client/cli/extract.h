// `trawl extract`: finds the domain names in files, as grep finds lines.
//
// What is too large for a call, or standard input that is large or does not come at once, is sent
// as a stream (FileStream), when all before it is written: one at a time. All else is a call, which
// can be tried again.
//
// Several files are in flight at once, on one thread and gRPC's own. Answers are written in the
// order of the files, or as they come; at most 2 × jobs files are held in memory, however many
// there are. What goes wrong with one file is one line on stderr, and the next one goes on; what is
// wrong with the server or the options ends the command with one line.
#ifndef TRAWL_CLIENT_CLI_EXTRACT_H_
#define TRAWL_CLIENT_CLI_EXTRACT_H_

#include <string>
#include <vector>

#include "client/cli/highlight.h"
#include "client/cli/response_writer.h"
#include "client/client.h"
#include "trawl/v1/content.pb.h"

namespace trawl::cli {

struct ExtractOptions {
  // "-" is standard input.
  std::vector<std::string> files;
  bool recursive = false;
  // Sent with every file; its result_form is also that of `writer`.
  v1::ProcessOptions process;
  // All but `highlight` and `form`, which follow from `color` and `process`.
  ResponseWriter::Options writer;
  Color color = Color::kAuto;
  int jobs = 4;
  bool unordered = false;
  // Writes nothing and ends at the first finding.
  bool quiet = false;
  bool stats = false;
  // Everything as a stream, each part as soon as it is read.
  bool stream = false;
  // Of a stream as a whole.
  absl::Duration stream_timeout = absl::InfiniteDuration();
};

// Returns the exit code. `connection` is what `client` was made with.
int Extract(client::Client& client, const client::Client::Options& connection,
            const ExtractOptions& options);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_EXTRACT_H_
