#include "client/cli/diagnostic.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/printable.h"
#include "client/cli/quantity.h"

namespace trawl::cli {
namespace {

bool NamesOptions(const client::Error& error) {
  return std::any_of(
      error.field_violations.begin(), error.field_violations.end(),
      [](const client::FieldViolation& v) { return absl::StartsWith(v.field, "options"); });
}

std::string ConnectFailure(const std::string& message) {
  for (const char* reason :
       {"Connection refused", "No such file or directory", "Network is unreachable",
        "No route to host", "Connection timed out"}) {
    if (absl::StrContains(message, reason)) {
      return std::string(1, static_cast<char>(reason[0] | 0x20)) + (reason + 1);
    }
  }
  if (absl::StrContains(message, "DNS resolution failed")) return "the name does not resolve";
  return message;
}

bool IsTooLarge(const client::Error& error) {
  return error.reason == "CONTENT_TOO_LARGE" ||
         (error.code == absl::StatusCode::kResourceExhausted &&
          absl::StrContains(error.message, "Received message larger than max"));
}

std::string TooLarge(const client::Error& error, std::string_view server,
                     std::optional<uint64_t> content_bytes) {
  const auto limit = error.metadata.find("limit");
  uint64_t limit_bytes = 0;
  if (content_bytes && limit != error.metadata.end() &&
      absl::SimpleAtoi(limit->second, &limit_bytes)) {
    return absl::StrFormat("%d bytes is more than %s takes, %d bytes: split it", *content_bytes,
                           server, limit_bytes);
  }
  return absl::StrFormat("too large for %s: %s: split it", server, error.message);
}

// What gRPC says where two sides do not agree on TLS, and what that means.
struct TlsFailure {
  const char* sign;
  const char* meaning;
};
constexpr TlsFailure kTlsFailures[] = {
    {"certificate verify failed",
     "is not trusted: its certificate is of no CA in --ca-file, or out of date"},
    {"is not in peer certificate",
     "is not trusted: its certificate is for another name: see --server-name"},
    {"wrong version number", "does not speak TLS: leave out --tls and the flags that imply it"},
    {"empty address list",
     "cannot be called: what --ca-file, --cert-file or --key-file holds cannot be used"},
    {"Socket closed",
     "closed the connection: it may want TLS (--ca-file), or a certificate that it knows "
     "(--cert-file)"},
};

std::string Unavailable(const client::Error& error, std::string_view server) {
  for (const TlsFailure& failure : kTlsFailures) {
    if (error.reason.empty() && absl::StrContains(error.message, failure.sign)) {
      return absl::StrCat(absl::string_view(server.data(), server.size()), " ", failure.meaning);
    }
  }
  if (!error.reason.empty()) {
    return absl::StrFormat("%s takes no calls: %s: try again, or name another with --server",
                           server, error.message);
  }
  return absl::StrFormat(
      "no server at %s (%s): start one with trawld, or name another with "
      "--server",
      server, ConnectFailure(error.message));
}

std::string Busy(const client::Error& error, std::string_view server) {
  const std::string when =
      error.retry_delay ? " in " + ReadableDuration(*error.retry_delay) : std::string();
  return absl::StrFormat("%s is busy: %s: try again%s, with fewer calls at once", server,
                         error.message, when);
}

}  // namespace

void Complain(std::string_view line) {
  const std::string text = absl::StrFormat("trawl: %s\n", Printable(line));
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) return;
}

Failure Explain(const absl::Status& status, std::string_view server, absl::Duration timeout,
                std::optional<uint64_t> content_bytes) {
  const client::Error error = client::DecodeError(status);
  if (IsTooLarge(error)) return {TooLarge(error, server, content_bytes), false};
  if (error.reason == "URL_FETCH_DISABLED") {
    return {absl::StrFormat("%s fetches no pages of the web: start trawld with --enable_url_fetch, "
                            "or pipe them in: curl URL | trawl extract",
                            server),
            false};
  }
  if (absl::StartsWith(error.reason, "URL_")) {
    return {absl::StrFormat("%s gave no page: %s", server, error.message), false};
  }
  switch (error.code) {
    case absl::StatusCode::kUnavailable:
      return {Unavailable(error, server), true};
    case absl::StatusCode::kDeadlineExceeded:
      return {absl::StrFormat("no answer from %s within %s: raise --timeout", server,
                              ReadableDuration(timeout)),
              false};
    case absl::StatusCode::kUnauthenticated:
      return {absl::StrFormat("%s refused: %s: name a token by --token-file or TRAWL_TOKEN", server,
                              Summary(error)),
              true};
    case absl::StatusCode::kPermissionDenied:
      return {absl::StrFormat("%s refused: %s", server, Summary(error)), true};
    case absl::StatusCode::kResourceExhausted:
      return {Busy(error, server), false};
    case absl::StatusCode::kUnimplemented:
      return {absl::StrFormat("%s does not know this call (%s): is it a trawld of this version?",
                              server, error.message),
              true};
    default:
      return {absl::StrFormat("%s refused: %s", server, Summary(error)), NamesOptions(error)};
  }
}

bool IsTooLarge(const absl::Status& status) { return IsTooLarge(client::DecodeError(status)); }

std::string Summary(const client::Error& error) {
  std::string text = absl::StrCat(absl::StatusCodeToString(error.code), ": ", error.message);
  for (const client::FieldViolation& violation : error.field_violations) {
    if (absl::StrContains(error.message, violation.description)) continue;
    absl::StrAppend(&text, " (", violation.field, ": ", violation.description, ")");
  }
  return text;
}

}  // namespace trawl::cli
