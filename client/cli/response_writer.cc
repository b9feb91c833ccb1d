#include "client/cli/response_writer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/highlight.h"
#include "client/cli/message_json.h"
#include "client/cli/printable.h"

namespace trawl::cli {
namespace {

// In Unicode where that was asked for and differs.
template <typename Message>
const std::string& ShownValue(const Message& message) {
  return message.has_unicode_value() ? message.unicode_value() : message.value();
}

}  // namespace

bool ResponseWriter::NeedsContent() const {
  if (options_.json || options_.form == v1::RESULT_FORM_COUNTS) return false;
  const bool shows_lines = options_.highlight && options_.form != v1::RESULT_FORM_DISTINCT;
  return shows_lines || options_.with_line_number;
}

void ResponseWriter::Write(std::string_view file, const ContentPiece& content,
                           const v1::ProcessContentResponse& response) {
  if (options_.json) {
    WriteJson(file, response);
  } else if (options_.form == v1::RESULT_FORM_COUNTS) {
    WriteCounts(file, response);
  } else if (options_.form == v1::RESULT_FORM_DISTINCT) {
    WriteDistinct(file, content, response);
  } else if (options_.highlight) {
    WriteHighlighted(file, content, response);
  } else {
    WriteOccurrences(file, content, response);
  }
}

std::vector<ResponseWriter::Occurrence> ResponseWriter::Occurrences(
    const v1::ProcessContentResponse& response) {
  std::vector<Occurrence> occurrences;
  for (const v1::Finding& finding : response.findings()) {
    occurrences.push_back({finding.begin(), finding.end(), ShownValue(finding), finding.kind(),
                           finding.confidence()});
  }
  const v1::SpanColumns& spans = response.spans();
  const int rows = std::min({spans.begin_deltas_size(), spans.lengths_size(), spans.kinds_size(),
                             spans.confidences_size()});
  uint64_t begin = 0;
  for (int i = 0; i < rows; ++i) {
    begin += spans.begin_deltas(i);
    occurrences.push_back(
        {begin, begin + spans.lengths(i), {}, spans.kinds(i), spans.confidences(i)});
  }
  return occurrences;
}

void ResponseWriter::WriteJson(std::string_view file, const v1::ProcessContentResponse& response) {
  const auto write = [&](const nlohmann::ordered_json& object) {
    nlohmann::ordered_json line = {{"file", file}};
    line.update(object);
    output_.Write(DumpLine(line) + "\n");
  };
  for (const v1::Finding& finding : response.findings()) write(MessageToJson(finding));
  for (const v1::DistinctValue& value : response.distinct()) write(MessageToJson(value));
  for (const v1::KindCount& count : response.counts()) write(MessageToJson(count));
  if (!response.has_spans()) return;
  for (const Occurrence& span : Occurrences(response)) {
    write({{"kind", v1::Kind_Name(span.kind)},
           {"begin", span.begin},
           {"end", span.end},
           {"confidence", v1::Confidence_Name(span.confidence)}});
  }
}

void ResponseWriter::WriteOccurrences(std::string_view file, const ContentPiece& content,
                                      const v1::ProcessContentResponse& response) {
  LineCursor lines(content.bytes, content.line);
  for (const Occurrence& found : Occurrences(response)) {
    const uint64_t number =
        options_.with_line_number ? lines.MoveTo(found.begin - content.begin).number : 0;
    std::string line = Prefix(file, number, found.begin);
    if (options_.form == v1::RESULT_FORM_SPANS) {
      absl::StrAppend(&line, found.begin, "-", found.end);
    } else {
      AppendValue(found.value, line);
    }
    line.push_back('\n');
    output_.Write(line);
  }
}

void ResponseWriter::WriteHighlighted(std::string_view file, const ContentPiece& content,
                                      const v1::ProcessContentResponse& response) {
  const std::vector<Occurrence> found = Occurrences(response);
  LineCursor lines(content.bytes, content.line);
  std::vector<Match> matches;
  for (size_t i = 0; i < found.size();) {
    const LineCursor::Line line = lines.MoveTo(found[i].begin - content.begin);
    std::string text = Prefix(file, line.number, found[i].begin);
    matches.clear();
    size_t shown = line.begin;
    for (; i < found.size() && (matches.empty() || found[i].begin - content.begin <= line.end);
         ++i) {
      const size_t begin = std::clamp<size_t>(found[i].begin - content.begin, shown, line.end);
      shown = std::clamp<size_t>(found[i].end - content.begin, begin, line.end);
      if (begin < shown || matches.empty())
        matches.push_back({begin - line.begin, shown - line.begin});
    }
    AppendHighlighted(content.bytes.substr(line.begin, line.end - line.begin), matches,
                      /*coloured=*/true, text);
    text.push_back('\n');
    output_.Write(text);
  }
}

void ResponseWriter::WriteDistinct(std::string_view file, const ContentPiece& content,
                                   const v1::ProcessContentResponse& response) {
  LineCursor lines(content.bytes, content.line);
  for (const v1::DistinctValue& value : response.distinct()) {
    const uint64_t number =
        options_.with_line_number ? lines.MoveTo(value.first_begin() - content.begin).number : 0;
    std::string line = Prefix(file, number, value.first_begin());
    if (options_.with_count) absl::StrAppend(&line, value.count(), ":");
    AppendValue(ShownValue(value), line);
    line.push_back('\n');
    output_.Write(line);
  }
}

void ResponseWriter::WriteCounts(std::string_view file,
                                 const v1::ProcessContentResponse& response) {
  uint64_t total = 0;
  for (const v1::KindCount& count : response.counts()) total += count.count();
  std::string line;
  if (options_.with_filename) absl::StrAppend(&line, std::string(file), ":");
  absl::StrAppend(&line, total, "\n");
  output_.Write(line);
}

std::string ResponseWriter::Prefix(std::string_view file, uint64_t line, uint64_t offset) const {
  std::string prefix;
  const auto append = [&](Paint paint, std::string_view text) {
    if (options_.highlight) {
      AppendPainted(paint, text, prefix);
      AppendPainted(Paint::kSeparator, ":", prefix);
    } else {
      prefix.append(text).push_back(':');
    }
  };
  if (options_.with_filename) append(Paint::kFile, file);
  if (options_.with_line_number) append(Paint::kNumber, std::to_string(line));
  if (options_.with_offset) append(Paint::kNumber, std::to_string(offset));
  return prefix;
}

void ResponseWriter::AppendValue(std::string_view value, std::string& line) const {
  if (options_.highlight) {
    AppendPainted(Paint::kMatch, value, line);
  } else {
    AppendPrintable(value, line);
  }
}

}  // namespace trawl::cli
