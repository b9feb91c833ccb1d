// The certificate that the server shows, and the CAs whose clients it takes.
//
//   Tls tls(paths, /*client_auth=*/..., log);
//   status = tls.Use(contents);            // and again whenever the files have changed
//   grpc_server_credentials* credentials = tls.NewCredentials();
//
// gRPC asks for them at each new connection, so that connections and calls that there are go on
// when they change. (Its FileWatcherCertificateProvider would take a key and a certificate that do
// not belong together, and then refuse every connection.)
//
// What is used has been checked; where the check fails, what was there stays. An expired
// certificate is taken at the start, with a warning, since there is no other, but never in place of
// one that serves.
//
// Thread-safety: all members may be called from any thread.
// Lifetime: outlives the credentials, which gRPC keeps as long as the server.

#ifndef TRAWL_SERVICE_TLS_H_
#define TRAWL_SERVICE_TLS_H_

#include <grpc/grpc_security.h>

#include <cstdint>
#include <mutex>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/certificate.h"
#include "service/log.h"

namespace trawl::service {

class Tls {
 public:
  Tls(CertificateFiles paths, bool client_certificate_required, Log& log)
      : paths_(std::move(paths)),
        client_certificate_required_(client_certificate_required),
        log_(log) {}

  // New connections use these from now on. INVALID_ARGUMENT with what is wrong with which file.
  absl::Status Use(CertificateFiles contents);

  // Warns, now and then, when the certificate is in the last tenth of its life or past it.
  void WarnOfExpiry();

  // To be released by the caller.
  grpc_server_credentials* NewCredentials();

  // When the certificate expires.
  absl::Time not_after() const;

 private:
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* tls, grpc_ssl_server_certificate_config** config);

  const CertificateFiles paths_;
  const bool client_certificate_required_;
  Log& log_;
  mutable std::mutex mutex_;
  CertificateFiles contents_;
  CertificateValidity validity_;
  bool fetched_ = false;  // whether gRPC has them
  absl::Time next_warning_ = absl::InfinitePast();
};

// Has all of gRPC in this process speak TLS 1.3 only. To be called before gRPC is used, by the only
// thread there is.
void RequireTls13();

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_TLS_H_
