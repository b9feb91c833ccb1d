#include "client/cli/credentials.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/file_walker.h"

namespace trawl::cli {
namespace {

constexpr char kTokenVariable[] = "TRAWL_TOKEN";

absl::Status Wrong(const std::string& where, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(where, ": ", what));
}

absl::Status ReadPem(const std::string& path, const char* what, std::string& text) {
  if (path.empty()) return absl::OkStatus();
  if (absl::Status read = ReadContent(path, text); !read.ok()) {
    return Wrong(path, std::string(read.message()));
  }
  if (absl::StrContains(text, "-----BEGIN ")) return absl::OkStatus();
  return Wrong(path, absl::StrCat("holds no ", what, " in PEM"));
}

}  // namespace

void Credentials::AddTo(CLI::App& app) {
  app.add_flag("--tls", use_tls_, "Connect by TLS (implied by the four flags that follow)")
      ->envname("TRAWL_TLS");
  app.add_option("--ca-file", ca_file_,
                 "CAs that the server's certificate may come from, PEM (default: the system's)")
      ->envname("TRAWL_CA_FILE");
  app.add_option("--cert-file", certificate_file_, "Certificate to show the server, PEM")
      ->envname("TRAWL_CERT_FILE");
  app.add_option("--key-file", key_file_, "Its private key, PEM")->envname("TRAWL_KEY_FILE");
  app.add_option("--server-name", server_name_,
                 "Name that the server's certificate has to have (default: that of --server)")
      ->envname("TRAWL_SERVER_NAME");
  app.add_option("--token-file", token_file_,
                 absl::StrCat("File with the bearer token to send (default: ", kTokenVariable,
                              ", the token itself)"));
}

absl::Status Credentials::Load() {
  if (certificate_file_.empty() != key_file_.empty()) {
    return absl::InvalidArgumentError("--cert-file and --key-file go together");
  }
  if (use_tls_ || !ca_file_.empty() || !certificate_file_.empty() || !server_name_.empty()) {
    client::TlsOptions& tls = tls_.emplace();
    tls.server_name = server_name_;
    absl::Status status = ReadPem(ca_file_, "certificate", tls.ca);
    status.Update(ReadPem(certificate_file_, "certificate", tls.certificate));
    status.Update(ReadPem(key_file_, "private key", tls.key));
    if (!status.ok()) return status;
  }
  std::string source = kTokenVariable;
  if (!token_file_.empty()) {
    source = token_file_;
    if (absl::Status read = ReadContent(token_file_, token_); !read.ok()) {
      return Wrong(source, std::string(read.message()));
    }
  } else if (const char* const token = std::getenv(kTokenVariable)) {
    token_ = token;
  }
  absl::StripAsciiWhitespace(&token_);
  if (token_.empty() && !token_file_.empty()) return Wrong(source, "holds no token");
  if (!std::all_of(token_.begin(), token_.end(), absl::ascii_isgraph)) {
    return Wrong(source, "holds more than a token: it has spaces, or is no ASCII");
  }
  return absl::OkStatus();
}

}  // namespace trawl::cli
