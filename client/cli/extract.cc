#include "client/cli/extract.h"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "client/cli/content_file.h"
#include "client/cli/diagnostic.h"
#include "client/cli/exit_code.h"
#include "client/cli/file_stream.h"
#include "client/cli/file_walker.h"
#include "client/cli/output.h"
#include "client/cli/quantity.h"

namespace trawl::cli {
namespace {

// Below it the server is not asked beforehand how much it takes. Input of unknown size is a call
// up to it.
constexpr uint64_t kLargeContent = 4 << 20;

constexpr uint64_t kPartBytes = 256 << 10;

// Input of unknown size is a stream where it does not come for so long.
constexpr absl::Duration kPatience = absl::Milliseconds(200);

// From there on a page is one of an error.
constexpr uint32_t kHttpError = 400;

ResponseWriter::Options WriterOptions(const ExtractOptions& options) {
  ResponseWriter::Options writer = options.writer;
  writer.form = options.process.result_form();
  writer.highlight = IsColoured(options.color);
  return writer;
}

// One file, from being read until its answer is written.
struct Job {
  std::string path;
  uint64_t bytes = 0;
  v1::ProcessContentRequest request;
  absl::Status unreadable;
  // A page of the web: then the answer's body is put into `request`.
  v1::ProcessUrlRequest url_request;
  uint32_t http_status = 0;
  bool body_whole = true;
  // To be sent as a stream: what `request` holds, then what is left of `file`.
  bool streams = false;
  std::unique_ptr<ContentFile> file;
  // Set once, under the mutex of Extraction.
  std::optional<absl::StatusOr<v1::ProcessContentResponse>> answer;
};

struct Totals {
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t findings = 0;
  uint64_t errors = 0;
  absl::Duration queue_time;
  absl::Duration compute_time;
  std::string kernel;
  std::string ruleset;
};

class Extraction {
 public:
  Extraction(client::Client& client, const client::Client::Options& connection,
             const ExtractOptions& options)
      : client_(client),
        connection_(connection),
        options_(options),
        walker_(options.files, options.recursive),
        output_(STDOUT_FILENO),
        writer_(WriterOptions(options), output_) {}

  int Run();

 private:
  void Fill();
  void Launch(FileWalker::Entry entry);
  void LaunchUrl(Job& job);
  absl::Status Read(Job& job);
  absl::Status ReadAll(Job& job, uint64_t limit);
  bool ShowsWhileItReads() const;
  const absl::StatusOr<v1::GetCapabilitiesResponse>& Server();
  void Finish(Job& job, absl::StatusOr<v1::ProcessContentResponse> answer);
  std::vector<std::unique_ptr<Job>> TakeFinished();
  void Report(Job& job);
  void ReportStream(Job& job);
  void ReportFailure(const Job& job, const absl::Status& status, absl::Duration timeout);
  void ReportResponse(const Job& job, const v1::ProcessContentResponse& response);
  void ReportError(std::string_view path, std::string_view text);
  void PrintStats(absl::Duration elapsed) const;

  client::Client& client_;
  const client::Client::Options& connection_;
  const ExtractOptions& options_;
  FileWalker walker_;
  Output output_;
  ResponseWriter writer_;
  Totals totals_;
  std::stop_source stop_;
  size_t launched_ = 0;
  // Asked when the first large file comes.
  std::optional<absl::StatusOr<v1::GetCapabilitiesResponse>> server_;

  // Files in order, until written.
  std::deque<std::unique_ptr<Job>> window_;

  std::mutex mutex_;
  std::condition_variable finished_;
  size_t answered_ = 0;
};

int Extraction::Run() {
  const absl::Time start = absl::Now();
  for (;;) {
    Fill();
    if (window_.empty()) break;
    for (const auto& job : TakeFinished()) {
      if (!stop_.stop_requested()) Report(*job);
    }
  }
  output_.Flush();
  if (!output_.status().ok()) ReportError({}, std::string(output_.status().message()));
  if (options_.stats) PrintStats(absl::Now() - start);
  if (totals_.errors > 0) return kExitError;
  return totals_.findings > 0 ? kExitFound : kExitNothingFound;
}

void Extraction::Fill() {
  const auto jobs = static_cast<size_t>(options_.jobs);
  const auto in_flight = [this] {
    const std::lock_guard lock(mutex_);
    return launched_ - answered_;
  };
  while (!stop_.stop_requested() && window_.size() < 2 * jobs && in_flight() < jobs &&
         (window_.empty() || !window_.back()->streams)) {
    std::optional<FileWalker::Entry> entry = walker_.Next();
    if (!entry) return;
    Launch(*std::move(entry));
  }
}

void Extraction::Launch(FileWalker::Entry entry) {
  Job& job = *window_.emplace_back(std::make_unique<Job>());
  job.path = std::move(entry.path);
  job.unreadable = entry.status;
  if (job.unreadable.ok() && IsUrl(job.path)) return LaunchUrl(job);
  if (job.unreadable.ok()) job.unreadable = Read(job);
  if (job.streams) return;
  ++launched_;
  if (!job.unreadable.ok()) {
    job.request.Clear();
    return Finish(job, job.unreadable);
  }
  *job.request.mutable_options() = options_.process;
  client_.ProcessContentAsync(job.request, {.timeout = {}, .stop = stop_.get_token()},
                              [this, &job](absl::StatusOr<v1::ProcessContentResponse> answer) {
                                if (answer.ok() && !writer_.NeedsContent()) job.request.Clear();
                                Finish(job, std::move(answer));
                              });
}

void Extraction::LaunchUrl(Job& job) {
  ++launched_;
  job.url_request.set_url(job.path);
  *job.url_request.mutable_options() = options_.process;
  job.url_request.mutable_fetch()->set_include_body(!options_.quiet && writer_.NeedsContent());
  client_.ProcessUrlAsync(job.url_request, {.timeout = {}, .stop = stop_.get_token()},
                          [this, &job](absl::StatusOr<v1::ProcessUrlResponse> answer) {
                            if (!answer.ok()) return Finish(job, answer.status());
                            job.bytes = answer->body_bytes();
                            job.http_status = answer->http_status();
                            job.body_whole =
                                answer->body_whole() || !job.url_request.fetch().include_body();
                            job.request.set_data(std::move(*answer->mutable_body()));
                            Finish(job, std::move(*answer->mutable_content()));
                          });
}

// A message above what the server receives comes back as RESOURCE_EXHAUSTED after all of it was
// sent, and would be sent again: so large content is held against the server's limit beforehand.
absl::Status Extraction::Read(Job& job) {
  absl::StatusOr<std::unique_ptr<ContentFile>> file = ContentFile::Open(job.path);
  if (!file.ok()) return file.status();
  job.file = *std::move(file);
  uint64_t limit = kLargeContent;
  const uint64_t known = job.file->bytes_left().value_or(0);
  if (known > limit) limit = Server().ok() ? Server()->max_content_bytes() : 0;
  job.streams = options_.stream || known > limit;
  if (job.streams) return absl::OkStatus();

  absl::Status read = ReadAll(job, limit);
  job.bytes = job.request.data().size();
  job.streams = read.ok() && (job.bytes > limit || !job.file->ended());
  if (!job.streams) job.file.reset();
  return read;
}

// What is over the limit, or does not come, is left for a stream.
absl::Status Extraction::ReadAll(Job& job, uint64_t limit) {
  std::string& content = *job.request.mutable_data();
  if (job.file->bytes_left() || !ShowsWhileItReads()) return job.file->Read(limit + 1, content);
  for (size_t before = 0; content.size() <= limit && !job.file->ended(); before = content.size()) {
    absl::Status read = job.file->ReadSome(limit + 1 - content.size(), kPatience, content);
    if (!read.ok() || (content.size() == before && !job.file->ended())) return read;
  }
  return absl::OkStatus();
}

// Whether a stream's answers are shown as they come, and not in the end.
bool Extraction::ShowsWhileItReads() const {
  const v1::ResultForm form = options_.process.result_form();
  return form != v1::RESULT_FORM_DISTINCT && form != v1::RESULT_FORM_COUNTS;
}

const absl::StatusOr<v1::GetCapabilitiesResponse>& Extraction::Server() {
  if (!server_) server_ = client_.GetCapabilities({.timeout = {}, .stop = stop_.get_token()});
  return *server_;
}

void Extraction::Finish(Job& job, absl::StatusOr<v1::ProcessContentResponse> answer) {
  const std::lock_guard lock(mutex_);
  job.answer = std::move(answer);
  ++answered_;
  finished_.notify_one();
}

std::vector<std::unique_ptr<Job>> Extraction::TakeFinished() {
  const auto finished = [](const std::unique_ptr<Job>& job) {
    return job->streams || job->answer.has_value();
  };
  std::vector<std::unique_ptr<Job>> taken;
  std::unique_lock lock(mutex_);
  const size_t room = launched_ - answered_;
  finished_.wait(lock, [&] {
    return std::any_of(window_.begin(), options_.unordered ? window_.end() : window_.begin() + 1,
                       finished) ||
           launched_ - answered_ < room;
  });
  for (auto job = window_.begin(); job != window_.end();) {
    if (finished(*job)) {
      taken.push_back(std::move(*job));
      job = window_.erase(job);
    } else if (options_.unordered) {
      ++job;
    } else {
      break;
    }
  }
  return taken;
}

void Extraction::Report(Job& job) {
  ++totals_.files;
  if (!job.unreadable.ok()) {
    ReportError(job.path, std::string(job.unreadable.message()));
  } else if (job.streams || IsTooLarge(job.answer->status())) {
    ReportStream(job);
  } else if (!job.answer->ok()) {
    ReportFailure(job, job.answer->status(), connection_.timeout);
  } else if (!job.body_whole) {
    ReportError(job.path,
                absl::StrFormat("its lines cannot be shown: of its %d bytes the server sends %d",
                                job.bytes, job.request.data().size()));
  } else {
    if (job.http_status >= kHttpError) {
      ReportError(job.path, absl::StrFormat("answered with HTTP status %d", job.http_status));
    }
    if (!options_.quiet) {
      writer_.Write(job.path, {job.request.data()}, **job.answer);
      output_.Flush();
    }
    ReportResponse(job, **job.answer);
  }
  totals_.bytes += job.bytes;
  if (output_.closed()) stop_.request_stop();
}

void Extraction::ReportStream(Job& job) {
  if (!Server().ok()) return ReportFailure(job, Server().status(), connection_.timeout);
  if (options_.process.result_form() == v1::RESULT_FORM_DISTINCT && writer_.NeedsContent()) {
    return ReportError(job.path,
                       "too large for a call, and a stream has no line numbers of distinct values: "
                       "leave out --line-number, or split it");
  }
  FileStream::Options stream = {
      .process = options_.process,
      .part_bytes = std::clamp<uint64_t>(Server()->max_content_bytes(), 1, kPartBytes),
      .keep_alive = absl::InfiniteDuration(),
      .timeout = options_.stream_timeout,
      .quiet = options_.quiet};
  if (Server()->stream_idle_seconds() > 0) {
    stream.keep_alive = absl::Seconds(Server()->stream_idle_seconds()) / 3;
  }
  const FileStream::Result result =
      FileStream(client_, stream, job.path, job.request.data(), job.file.get(), writer_, output_)
          .Run(stop_.get_token());
  job.bytes = result.bytes;
  if (!result.unreadable.ok()) {
    ReportError(job.path, std::string(result.unreadable.message()));
  } else if (!result.status.ok()) {
    ReportFailure(job, result.status, options_.stream_timeout);
  } else {
    ReportResponse(job, result.summary);
  }
}

void Extraction::ReportFailure(const Job& job, const absl::Status& status, absl::Duration timeout) {
  const Failure failure = Explain(status, connection_.target, timeout, job.bytes);
  ReportError(failure.ends_command ? std::string_view() : job.path, failure.text);
  if (failure.ends_command) stop_.request_stop();
}

void Extraction::ReportResponse(const Job& job, const v1::ProcessContentResponse& response) {
  totals_.findings += response.total_count();
  totals_.queue_time += absl::Nanoseconds(response.stats().queue_time().nanos()) +
                        absl::Seconds(response.stats().queue_time().seconds());
  totals_.compute_time += absl::Nanoseconds(response.stats().compute_time().nanos()) +
                          absl::Seconds(response.stats().compute_time().seconds());
  totals_.kernel = response.stats().kernel();
  totals_.ruleset = response.ruleset().version();

  if (options_.quiet && response.total_count() > 0) stop_.request_stop();
  for (const v1::ChunkError& error : response.chunk_errors()) {
    ReportError(job.path,
                absl::StrFormat("bytes [%d, %d) were not searched: %s", error.begin(), error.end(),
                                Summary(client::DecodeError(error.status()))));
  }
  if (!response.complete() && response.chunk_errors().empty()) {
    Complain(
        absl::StrFormat("%s: incomplete: findings in bytes [%d, %d) are left out; there are "
                        "%d in all: raise --max-findings",
                        job.path, response.scanned_until(), job.bytes, response.total_count()));
  }
}

void Extraction::ReportError(std::string_view path, std::string_view text) {
  ++totals_.errors;
  Complain(path.empty() ? std::string(text) : absl::StrFormat("%s: %s", path, text));
}

void Extraction::PrintStats(absl::Duration elapsed) const {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  Complain(absl::StrFormat(
      "%d files, %s, %d findings, %d errors in %s (%.3g MB/s); server: queue %s, compute %s, "
      "kernel %s, ruleset %s",
      totals_.files, ReadableBytes(totals_.bytes), totals_.findings, totals_.errors,
      ReadableDuration(elapsed), static_cast<double>(totals_.bytes) / 1e6 / seconds,
      ReadableDuration(totals_.queue_time), ReadableDuration(totals_.compute_time), totals_.kernel,
      totals_.ruleset));
}

}  // namespace

int Extract(client::Client& client, const client::Client::Options& connection,
            const ExtractOptions& options) {
  return Extraction(client, connection, options).Run();
}

}  // namespace trawl::cli
