#include "client/cli/explain.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/diagnostic.h"
#include "client/cli/exit_code.h"
#include "client/cli/file_window.h"
#include "client/cli/meaning.h"
#include "client/cli/message_json.h"
#include "client/cli/output.h"
#include "client/cli/printable.h"
#include "client/cli/utf16.h"

namespace trawl::cli {
namespace {

// Far more than what any server looks at.
constexpr uint64_t kReach = 64 << 10;

// The window alone no longer tells whether the file has a byte order mark.
v1::Encoding EncodingOf(v1::Encoding asked, std::string_view head) {
  if (asked != v1::ENCODING_AUTO) return asked;
  if (head == "\xFF\xFE") return v1::ENCODING_UTF16LE;
  return head == "\xFE\xFF" ? v1::ENCODING_UTF16BE : v1::ENCODING_UTF8;
}

// Offsets of the window become those of the file.
void Shift(uint64_t by, v1::ExplainResponse& response) {
  response.set_begin(response.begin() + by);
  response.set_end(response.end() + by);
  if (!response.has_finding()) return;
  response.mutable_finding()->set_begin(response.finding().begin() + by);
  response.mutable_finding()->set_end(response.finding().end() + by);
}

bool IsContinuation(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

// By its first byte.
size_t CharacterSize(char lead) {
  const auto byte = static_cast<uint8_t>(lead);
  if (byte < 0xC0) return 1;
  return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Whether the unit at byte `i` is the second half of a pair.
bool IsTrailUnit(std::string_view bytes, size_t i, bool big_endian) {
  const size_t high = big_endian ? i : i + 1;
  return high < bytes.size() && (static_cast<uint8_t>(bytes[high]) & 0xFC) == 0xDC;
}

// A run as text, and its character that was asked about.
struct ShownRun {
  std::string text;
  Match character;
};

// `at` is less than the size of `bytes`.
ShownRun ShowUtf8(std::string_view bytes, size_t at) {
  constexpr size_t kMaxContinuations = 3;
  size_t begin = at;
  while (begin > 0 && at - begin < kMaxContinuations && IsContinuation(bytes[begin])) --begin;
  const std::string_view character = bytes.substr(begin, CharacterSize(bytes[begin]));
  const size_t end = begin + character.size();
  const bool whole = character.size() == CharacterSize(bytes[begin]) && end > at &&
                     std::all_of(character.begin() + 1, character.end(), IsContinuation);
  return {std::string(bytes), whole ? Match{begin, end} : Match{at, at + 1}};
}

// The run begins with a whole unit.
ShownRun ShowUtf16(std::string_view bytes, size_t at, bool big_endian) {
  size_t begin = at / 2 * 2;
  if (begin >= 2 && IsTrailUnit(bytes, begin, big_endian)) begin -= 2;
  const size_t next = begin + 2;
  const size_t end = std::min(bytes.size(), IsTrailUnit(bytes, next, big_endian) ? next + 2 : next);
  ShownRun run{Utf8FromUtf16(bytes.substr(0, begin), big_endian), {}};
  run.character.begin = run.text.size();
  run.text += Utf8FromUtf16(bytes.substr(begin, end - begin), big_endian);
  run.character.end = run.text.size();
  run.text += Utf8FromUtf16(bytes.substr(end), big_endian);
  return run;
}

ShownRun Show(std::string_view bytes, size_t at, v1::Encoding encoding) {
  switch (encoding) {
    case v1::ENCODING_UTF16LE:
      return ShowUtf16(bytes, at, /*big_endian=*/false);
    case v1::ENCODING_UTF16BE:
      return ShowUtf16(bytes, at, /*big_endian=*/true);
    default:
      return ShowUtf8(bytes, at);
  }
}

// "NAME: what it means"; of a value that only the server knows, its number.
template <typename Enum>
std::string Explained(Enum value) {
  const std::string_view meaning = MeaningOf(value);
  return meaning.empty() ? absl::StrCat(NameOf(value), ": this trawl does not know it")
                         : absl::StrCat(NameOf(value), ": ", std::string(meaning));
}

std::string Text(const ExplainOptions& options, const FileWindow& window, v1::Encoding encoding,
                 const v1::ExplainResponse& response) {
  const std::string_view bytes = window.bytes;
  const size_t begin = std::clamp<uint64_t>(response.begin(), window.begin, options.offset);
  const size_t end =
      std::clamp<uint64_t>(response.end(), options.offset + 1, window.begin + bytes.size());
  const ShownRun run =
      Show(bytes.substr(begin - window.begin, end - begin), options.offset - begin, encoding);
  const std::string_view character = std::string_view(run.text).substr(
      run.character.begin, run.character.end - run.character.begin);
  const auto byte = static_cast<uint8_t>(bytes[options.offset - window.begin]);
  std::string text =
      absl::StrFormat("byte %d (0x%02x): %s\n", options.offset, byte, Printable(character));
  if (response.verdict() != v1::VERDICT_SEPARATOR) {
    absl::StrAppendFormat(&text, "run %d-%d: ", begin, end);
    AppendHighlighted(run.text, {&run.character, 1}, IsColoured(options.color), text);
    text.push_back('\n');
  }
  absl::StrAppend(&text, Explained(response.verdict()), "\n");
  if (!response.has_finding()) return text;
  const v1::Finding& finding = response.finding();
  const std::string& value =
      finding.has_unicode_value() ? finding.unicode_value() : finding.value();
  absl::StrAppendFormat(&text, "%s (%d-%d): %s\n", Printable(value), finding.begin(), finding.end(),
                        NameOf(finding.confidence()));
  for (int i = 0; i < finding.reasons_size(); ++i) {
    absl::StrAppend(&text, "  ", Explained(finding.reasons(i)), "\n");
  }
  return text;
}

std::string Json(const ExplainOptions& options, const v1::ExplainResponse& response) {
  nlohmann::ordered_json object = {{"file", options.file}, {"offset", options.offset}};
  object.update(MessageToJson(response));
  return DumpLine(object) + "\n";
}

}  // namespace

bool ParseOffset(const std::string& text, uint64_t& offset) {
  if (text.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(text[0]))) return false;
  if (!absl::StartsWithIgnoreCase(text, "0x")) return absl::SimpleAtoi(text, &offset);
  return text.size() > 2 && absl::SimpleHexAtoi(text, &offset);
}

int ExplainCommand(client::Client& client, const client::Client::Options& connection,
                   const ExplainOptions& options) {
  const absl::StatusOr<FileWindow> window = ReadWindow(options.file, options.offset, kReach);
  if (!window.ok()) {
    Complain(absl::StrCat(options.file, ": ", window.status().message()));
    return kExitError;
  }
  v1::ExplainRequest request;
  *request.mutable_options() = options.process;
  const v1::Encoding encoding = EncodingOf(options.process.encoding(), window->head);
  request.mutable_options()->set_encoding(encoding);
  request.set_data(window->bytes);
  request.set_offset(options.offset - window->begin);
  absl::StatusOr<v1::ExplainResponse> response = client.Explain(request);
  if (!response.ok()) {
    const Failure failure =
        Explain(response.status(), connection.target, connection.timeout, window->bytes.size());
    Complain(failure.ends_command ? failure.text : absl::StrCat(options.file, ": ", failure.text));
    return kExitError;
  }
  Shift(window->begin, *response);
  Output output(STDOUT_FILENO);
  output.Write(options.json ? Json(options, *response)
                            : Text(options, *window, encoding, *response));
  output.Flush();
  if (!output.status().ok()) {
    Complain(std::string(output.status().message()));
    return kExitError;
  }
  return response->verdict() == v1::VERDICT_FINDING ? kExitFound : kExitNothingFound;
}

}  // namespace trawl::cli
