#include "service/tls.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace trawl::service {
namespace {

constexpr absl::Duration kWarningInterval = absl::Hours(1);

std::string Text(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace

absl::Status Tls::Use(CertificateFiles contents) {
  const absl::StatusOr<CertificateValidity> validity = CheckCertificate(contents, paths_);
  if (!validity.ok()) return validity.status();
  const absl::Time now = absl::Now();
  {
    std::lock_guard lock(mutex_);
    const bool first = contents_.certificate.empty();
    if (!first && now >= validity->not_after) {
      return absl::InvalidArgumentError(absl::StrCat(
          paths_.certificate, ": the certificate has expired at ", Text(validity->not_after)));
    }
    if (!first && now < validity->not_before) {
      return absl::InvalidArgumentError(absl::StrCat(paths_.certificate,
                                                     ": the certificate is not valid before ",
                                                     Text(validity->not_before)));
    }
    contents_ = std::move(contents);
    validity_ = *validity;
    fetched_ = false;
    next_warning_ = absl::InfinitePast();
  }
  if (now < validity->not_before) {
    log_.Warning("certificate not valid yet",
                 {{"file", paths_.certificate}, {"not_before", Text(validity->not_before)}});
  }
  WarnOfExpiry();
  return absl::OkStatus();
}

// Again when half of what was left is over.
void Tls::WarnOfExpiry() {
  const absl::Time now = absl::Now();
  absl::Duration left;
  absl::Time not_after;
  {
    std::lock_guard lock(mutex_);
    not_after = validity_.not_after;
    left = not_after - now;
    if (now < next_warning_ || left > (not_after - validity_.not_before) / 10) return;
    next_warning_ = now + std::max(left / 2, kWarningInterval);
  }
  const Log::Fields fields{{"file", paths_.certificate},
                           {"not_after", Text(not_after)},
                           {"seconds_left", absl::ToInt64Seconds(left)}};
  if (left > absl::ZeroDuration()) {
    log_.Warning("certificate expires soon", fields);
  } else {
    log_.Error("certificate has expired", fields);
  }
}

grpc_server_credentials* Tls::NewCredentials() {
  auto request = GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
  if (!paths_.client_ca.empty()) {
    request = client_certificate_required_
                  ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                  : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  {
    std::lock_guard lock(mutex_);
    fetched_ = false;
  }
  return grpc_ssl_server_credentials_create_with_options(
      grpc_ssl_server_credentials_create_options_using_config_fetcher(request, &Tls::Fetch, this));
}

absl::Time Tls::not_after() const {
  std::lock_guard lock(mutex_);
  return validity_.not_after;
}

// gRPC asserts that there are CAs, also where no client is asked for a certificate: there it is
// given the server's own.
grpc_ssl_certificate_config_reload_status Tls::Fetch(void* object,
                                                     grpc_ssl_server_certificate_config** config) {
  Tls& tls = *static_cast<Tls*>(object);
  std::lock_guard lock(tls.mutex_);
  if (std::exchange(tls.fetched_, true)) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  const CertificateFiles& contents = tls.contents_;
  const grpc_ssl_pem_key_cert_pair pair{contents.key.c_str(), contents.certificate.c_str()};
  const std::string& authorities =
      contents.client_ca.empty() ? contents.certificate : contents.client_ca;
  *config = grpc_ssl_server_certificate_config_create(authorities.c_str(), &pair, 1);
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

// gRPC 1.51 has no other way: of these, TLS 1.2 has only a cipher that wants a key agreed on
// beforehand, which nobody has. OpenSSL takes no list without one for TLS 1.2.
void RequireTls13() {
  setenv("GRPC_SSL_CIPHER_SUITES",
         "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:"
         "PSK-AES128-GCM-SHA256",
         /*overwrite=*/1);
}

}  // namespace trawl::service
