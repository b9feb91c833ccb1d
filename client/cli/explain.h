// `trawl explain`: why the byte at an offset of a file is part of a finding, or is not.
//
// What decides lies within a few kibibytes of the byte, so only a window around it is sent, and the
// file may be of any size. All offsets are those of the file. For people:
//
//   byte 10 (0x78): x
//   run 4-19: www.e>x<ample.com
//   FINDING: it is part of a domain name, which is reported.
//   www.example.com (4-19): HIGH
//     ANCHORED: right of scheme:// or of a mailbox's @, or begins with www. and has three labels.
//
// In colour the byte is painted instead. A byte that separates is in no run. In JSON it is one
// object with `file`, `offset` and the fields of ExplainResponse.
#ifndef TRAWL_CLIENT_CLI_EXPLAIN_H_
#define TRAWL_CLIENT_CLI_EXPLAIN_H_

#include <cstdint>
#include <string>

#include "client/cli/highlight.h"
#include "client/client.h"
#include "trawl/v1/content.pb.h"

namespace trawl::cli {

struct ExplainOptions {
  // "-" is standard input.
  std::string file;
  uint64_t offset = 0;
  // Those that extract would send; its offset_unit is left alone.
  v1::ProcessOptions process;
  bool json = false;
  Color color = Color::kAuto;
};

// A number in decimal, or in hexadecimal as 0x1F; false where `text` is neither.
bool ParseOffset(const std::string& text, uint64_t& offset);

// Returns the exit code: found where the byte is part of a finding. `connection` is what `client`
// was made with.
int ExplainCommand(client::Client& client, const client::Client::Options& connection,
                   const ExplainOptions& options);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_EXPLAIN_H_
