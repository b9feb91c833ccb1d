// What a server's certificate files hold, and whether they can be served with.
//
// The check is the one that gRPC makes when it takes them, by the same functions of OpenSSL, and
// says what gRPC does not: which file is wrong, and how.
//
// Thread-safety: a function of its arguments.

#ifndef TRAWL_SERVICE_CERTIFICATE_H_
#define TRAWL_SERVICE_CERTIFICATE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace trawl::service {

// Contents of files in PEM, or their paths.
struct CertificateFiles {
  std::string certificate;  // the server's, then those between it and its CA
  std::string key;
  std::string client_ca;  // CAs of clients; empty: clients need no certificate
};

// Of the server's own certificate.
struct CertificateValidity {
  absl::Time not_before;
  absl::Time not_after;
};

// `paths` are for messages. INVALID_ARGUMENT with one line that names the file.
absl::StatusOr<CertificateValidity> CheckCertificate(const CertificateFiles& contents,
                                                     const CertificateFiles& paths);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_CERTIFICATE_H_
