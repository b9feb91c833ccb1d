// Writes the answers of ProcessContent to standard output, as text or as JSON lines.
//
// Text, for each finding one line: `[FILE:][LINE:][OFFSET:]VALUE`, the parts in brackets as asked.
// By result form the rest of the line is
//   FINDINGS  the value
//   DISTINCT  `[COUNT:]VALUE`, with the line and offset of the first occurrence
//   SPANS     `BEGIN-END`
//   COUNTS    the number of findings, also where it is 0
// With highlighting, FINDINGS and SPANS show each line of content that has a match, once, the
// matches in colour.
//
// JSON: one object for each finding, distinct value, span or kind counted, with `file` and the
// fields of the proto's message. JSON is valid whatever bytes are in names and content.
#ifndef TRAWL_CLIENT_CLI_RESPONSE_WRITER_H_
#define TRAWL_CLIENT_CLI_RESPONSE_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/content_tail.h"
#include "client/cli/line_cursor.h"
#include "client/cli/output.h"
#include "trawl/v1/content.pb.h"

namespace trawl::cli {

class ResponseWriter {
 public:
  struct Options {
    v1::ResultForm form = v1::RESULT_FORM_FINDINGS;
    bool json = false;
    bool highlight = false;
    bool with_filename = false;
    bool with_line_number = false;
    bool with_offset = false;
    bool with_count = false;
  };

  // `output` must outlive the writer.
  ResponseWriter(const Options& options, Output& output) : options_(options), output_(output) {}

  // Whether Write needs the content itself.
  bool NeedsContent() const;

  // `content` is that of the file, or the piece of whole lines that holds all occurrences of
  // `response`; empty unless NeedsContent. Offsets count from the begin of the file.
  void Write(std::string_view file, const ContentPiece& content,
             const v1::ProcessContentResponse& response);

 private:
  struct Occurrence {
    uint64_t begin;
    uint64_t end;
    std::string_view value;
    v1::Kind kind;
    v1::Confidence confidence;
  };

  static std::vector<Occurrence> Occurrences(const v1::ProcessContentResponse& response);

  void WriteJson(std::string_view file, const v1::ProcessContentResponse& response);
  void WriteOccurrences(std::string_view file, const ContentPiece& content,
                        const v1::ProcessContentResponse& response);
  void WriteHighlighted(std::string_view file, const ContentPiece& content,
                        const v1::ProcessContentResponse& response);
  void WriteDistinct(std::string_view file, const ContentPiece& content,
                     const v1::ProcessContentResponse& response);
  void WriteCounts(std::string_view file, const v1::ProcessContentResponse& response);

  std::string Prefix(std::string_view file, uint64_t line, uint64_t offset) const;
  void AppendValue(std::string_view value, std::string& line) const;

  const Options options_;
  Output& output_;
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_RESPONSE_WRITER_H_
