// How the server is protected, as its options say: TLS, tokens, and the warning where neither is
// there and should be.
//
// Thread-safety: belongs to the thread that starts the server.
// Lifetime: made before the server, destroyed after it.

#ifndef TRAWL_SERVICE_SECURITY_H_
#define TRAWL_SERVICE_SECURITY_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "service/access.h"
#include "service/file_reloader.h"
#include "service/log.h"
#include "service/options.h"
#include "service/tls.h"

namespace trawl::service {

class Security {
 public:
  // Reads certificates and tokens, and watches them from then on. INVALID_ARGUMENT with one line
  // that names flag and file. `log` outlives it.
  static absl::StatusOr<std::unique_ptr<Security>> Load(const Options& options, Log& log);

  // For the server's port.
  std::shared_ptr<grpc::ServerCredentials> Credentials();

  // Null where calls need no token.
  Access* access() { return access_ ? &*access_ : nullptr; }

  // Null without TLS.
  const Tls* tls() const { return tls_ ? &*tls_ : nullptr; }

 private:
  explicit Security(Log& log) : reloader_(log) {}
  absl::Status LoadTls(const Options& options, Log& log);
  absl::Status LoadTokens(const Options& options);

  std::optional<Tls> tls_;
  std::optional<Access> access_;
  FileReloader reloader_;  // its thread uses those above
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_SECURITY_H_
