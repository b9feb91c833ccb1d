#include "service/security.h"

#include <arpa/inet.h>
#include <grpc/grpc.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace trawl::service {
namespace {

// The C++ API has nothing like grpc_ssl_server_certificate_config_callback, and takes no processor
// of metadata without TLS. This is what its own credentials are, with both.
class ServerCredentials final : public grpc::ServerCredentials {
 public:
  explicit ServerCredentials(grpc_server_credentials* credentials) : credentials_(credentials) {}
  ~ServerCredentials() override { grpc_server_credentials_release(credentials_); }

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  grpc_server_credentials* const credentials_;
};

// Whether only this machine can connect.
bool IsLocal(const std::string& listen) {
  if (listen.starts_with("unix:")) return true;
  std::string host = listen.substr(0, listen.rfind(':'));
  if (host == "localhost") return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  in_addr ipv4{};
  if (inet_pton(AF_INET, host.c_str(), &ipv4) == 1) return ntohl(ipv4.s_addr) >> 24 == 127;
  in6_addr ipv6{};
  return inet_pton(AF_INET6, host.c_str(), &ipv6) == 1 && IN6_IS_ADDR_LOOPBACK(&ipv6);
}

void WarnOfPlaintext(const Options& options, Log& log) {
  if (!options.tls_cert_file.empty() || IsLocal(options.listen)) return;
  const bool tokens = !options.token_file.empty();
  log.Warning(
      "plaintext",
      {{"address", options.listen},
       {"danger", tokens ? "whoever can listen in on the network reads all content, and the tokens"
                         : "whoever can reach this address may call, and whoever can listen in on "
                           "the network reads all content"},
       {"mend", tokens ? "set --tls_cert_file and --tls_key_file, or listen on a loopback address "
                         "behind a proxy that terminates TLS"
                       : "set --tls_cert_file and --tls_key_file, and --token_file or "
                         "--tls_client_ca_file, or listen on a loopback address behind a proxy "
                         "that terminates TLS and authenticates"}});
}

absl::Status Named(const char* flag, const absl::Status& status) {
  if (status.ok()) return status;
  return {status.code(), absl::StrCat(flag, ": ", status.message())};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Security>> Security::Load(const Options& options, Log& log) {
  std::unique_ptr<Security> security(new Security(log));
  if (absl::Status status = security->LoadTls(options, log); !status.ok()) return status;
  if (absl::Status status = security->LoadTokens(options); !status.ok()) return status;
  WarnOfPlaintext(options, log);
  security->reloader_.Start();
  return security;
}

absl::Status Security::LoadTls(const Options& options, Log& log) {
  if (options.tls_cert_file.empty()) return absl::OkStatus();
  const CertificateFiles paths{options.tls_cert_file, options.tls_key_file,
                               options.tls_client_ca_file};
  tls_.emplace(paths, options.tls_client_auth == "require", log);
  std::vector<std::string> files{paths.certificate, paths.key};
  if (!paths.client_ca.empty()) files.push_back(paths.client_ca);
  reloader_.AtEachLook([this] { tls_->WarnOfExpiry(); });
  return Named(
      "TLS",
      reloader_.Add(
          "certificate", std::move(files), [this](const std::vector<std::string>& contents) {
            return tls_->Use({contents[0], contents[1], contents.size() > 2 ? contents[2] : ""});
          }));
}

absl::Status Security::LoadTokens(const Options& options) {
  if (options.token_file.empty()) return absl::OkStatus();
  absl::StatusOr<MethodSet> open =
      MethodSet::Parse(options.open_methods == "none" ? "" : options.open_methods);
  if (!open.ok()) return Named("--open_methods", open.status());
  access_.emplace(*std::move(open));
  const auto use = [this, path = options.token_file](const std::vector<std::string>& contents) {
    absl::StatusOr<TokenList> tokens = TokenList::Parse(contents[0]);
    if (!tokens.ok()) return Named(path.c_str(), tokens.status());
    access_->Use(*std::move(tokens));
    return absl::OkStatus();
  };
  return Named("--token_file", reloader_.Add("tokens", {options.token_file}, use));
}

std::shared_ptr<grpc::ServerCredentials> Security::Credentials() {
  if (!tls_ && !access_) return grpc::InsecureServerCredentials();
  grpc_server_credentials* const credentials =
      tls_ ? tls_->NewCredentials() : grpc_insecure_server_credentials_create();
  if (access_) {
    grpc_server_credentials_set_auth_metadata_processor(credentials, access_->processor());
  }
  return std::make_shared<ServerCredentials>(credentials);
}

}  // namespace trawl::service
