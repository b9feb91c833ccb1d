#include "client/cli/file_stream.h"

#include <optional>
#include <thread>
#include <utility>

namespace trawl::cli {
namespace {

std::optional<uint64_t> TotalBytes(std::string_view head, const ContentFile* file) {
  if (file == nullptr) return head.size();
  const std::optional<uint64_t> left = file->bytes_left();
  if (!left) return std::nullopt;
  return head.size() + *left;
}

}  // namespace

FileStream::FileStream(client::Client& client, const Options& options, std::string_view path,
                       std::string_view head, ContentFile* file, ResponseWriter& writer,
                       Output& output)
    : client_(client),
      options_(options),
      path_(path),
      head_(head),
      file_(file),
      writer_(writer),
      output_(output),
      keeps_content_(!options.quiet && writer.NeedsContent()),
      progress_(path, TotalBytes(head, file)) {}

FileStream::Result FileStream::Run(std::stop_token stop) {
  const auto stream = client_.ProcessContentStream(
      options_.process, {.timeout = options_.timeout, .stop = std::move(stop)});
  std::jthread sender([&] { Send(*stream); });
  bool is_enough = false;
  v1::ProcessContentStreamResponse message;
  while (!is_enough && stream->Read(message)) {
    Take(message);
    is_enough = IsEnough();
  }
  if (is_enough) {
    stream->Cancel();
    while (stream->Read(message)) {
    }
  }
  if (file_ != nullptr) file_->Stop();
  sender.join();
  result_.status = stream->Finish();
  if (is_enough) {
    result_.status = absl::OkStatus();
    result_.summary.set_complete(true);
    result_.summary.set_total_count(found_);
  }
  if (!options_.quiet) WriteRest();
  progress_.Clear();
  return std::move(result_);
}

void FileStream::Send(client::ContentStream& stream) {
  for (std::string_view rest = head_; !rest.empty();) {
    const std::string_view part = rest.substr(0, options_.part_bytes);
    if (!SendPart(stream, part)) return;
    rest.remove_prefix(part.size());
  }
  std::string part;
  while (file_ != nullptr && !file_->ended()) {
    part.clear();
    result_.unreadable = file_->ReadSome(options_.part_bytes, options_.keep_alive, part);
    if (!result_.unreadable.ok()) return stream.Cancel();
    if (!file_->ended() && !SendPart(stream, part)) return;
  }
  stream.End();
}

bool FileStream::SendPart(client::ContentStream& stream, std::string_view part) {
  if (keeps_content_) tail_.Append(part);
  result_.bytes += part.size();
  return stream.Write(part);
}

void FileStream::Take(v1::ProcessContentStreamResponse& message) {
  v1::ProcessContentResponse& summary = result_.summary;
  found_ += static_cast<uint64_t>(message.findings_size() + message.spans().begin_deltas_size());
  findings_.Add(message);
  summary.set_total_count(message.total_count());
  summary.set_complete(message.complete());
  summary.set_scanned_until(message.scanned_until());
  summary.mutable_chunk_errors()->MergeFrom(message.chunk_errors());
  summary.mutable_stats()->Swap(message.mutable_stats());
  summary.mutable_ruleset()->Swap(message.mutable_ruleset());
  if (!options_.quiet) WriteKnown();
  progress_.Show(message.scanned_until());
}

void FileStream::WriteKnown() {
  const v1::ResultForm form = options_.process.result_form();
  if (form == v1::RESULT_FORM_DISTINCT || form == v1::RESULT_FORM_COUNTS) return;
  if (!keeps_content_) return Write({}, findings_.TakeAll());
  tail_.Take(findings_.known_until(), [this](const ContentPiece& lines) {
    Write(lines, findings_.TakeBefore(lines.begin + lines.bytes.size()));
  });
}

void FileStream::WriteRest() {
  const bool has_counts = result_.status.ok();
  if (options_.process.result_form() == v1::RESULT_FORM_COUNTS && !has_counts) return;
  if (!keeps_content_) return Write({}, findings_.TakeAll());
  tail_.TakeRest([this](const ContentPiece& lines) { Write(lines, findings_.TakeAll()); });
}

void FileStream::Write(const ContentPiece& content, const v1::ProcessContentResponse& found) {
  progress_.MakeWay();
  writer_.Write(path_, content, found);
  output_.Flush();
}

bool FileStream::IsEnough() const { return options_.quiet ? found_ > 0 : output_.closed(); }

}  // namespace trawl::cli
