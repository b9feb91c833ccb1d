// How trawl shows a server who it is, and makes sure of the server: the flags for TLS and tokens.
//
// A token comes from a file or from TRAWL_TOKEN, never from the command line, which every user of
// the machine can read.
//
// Thread-safety: none.
#ifndef TRAWL_CLIENT_CLI_CREDENTIALS_H_
#define TRAWL_CLIENT_CLI_CREDENTIALS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "client/client.h"

namespace trawl::cli {

class Credentials {
 public:
  // Adds the flags, with their environment twins.
  void AddTo(CLI::App& app);

  // After the command line was parsed: reads the files. The error is one line.
  absl::Status Load();

  // After Load.
  const std::optional<client::TlsOptions>& tls() const { return tls_; }
  const std::string& token() const { return token_; }

 private:
  bool use_tls_ = false;
  std::string ca_file_;
  std::string certificate_file_;
  std::string key_file_;
  std::string server_name_;
  std::string token_file_;
  std::optional<client::TlsOptions> tls_;
  std::string token_;
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_CREDENTIALS_H_
