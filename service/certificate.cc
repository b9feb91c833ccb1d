#include "service/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"

namespace trawl::service {
namespace {

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;

absl::Status Refuse(const std::string& path, const std::string& why) {
  ERR_clear_error();
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", why));
}

// `why`, and what OpenSSL says of it.
absl::Status RefuseWithReason(const std::string& path, const std::string& why) {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  return Refuse(path, reason == nullptr ? why : absl::StrCat(why, ": ", reason));
}

Bio Reader(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Without it, OpenSSL would ask the terminal.
int NoPassphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

absl::StatusOr<std::vector<Certificate>> ReadCertificates(const std::string& text,
                                                          const std::string& path) {
  std::vector<Certificate> certificates;
  const Bio reader = Reader(text);
  ERR_clear_error();
  while (X509* certificate = PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(certificate);
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (certificates.empty() && at_end) return Refuse(path, "holds no certificate in PEM");
  if (!at_end) {
    return RefuseWithReason(
        path, absl::StrCat("certificate ", certificates.size() + 1, " cannot be read"));
  }
  ERR_clear_error();
  return certificates;
}

absl::StatusOr<Key> ReadKey(const std::string& text, const std::string& path) {
  const Bio reader = Reader(text);
  bool asked = false;
  ERR_clear_error();
  Key key(PEM_read_bio_PrivateKey(reader.get(), nullptr, NoPassphrase, &asked));
  if (key != nullptr) return key;
  if (asked) return Refuse(path, "the key is encrypted; one without passphrase is needed");
  return Refuse(path, "holds no private key in PEM");
}

absl::Time TimeOf(const ASN1_TIME* time) {
  tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<CertificateValidity> CheckCertificate(const CertificateFiles& contents,
                                                     const CertificateFiles& paths) {
  absl::StatusOr<std::vector<Certificate>> chain =
      ReadCertificates(contents.certificate, paths.certificate);
  if (!chain.ok()) return chain.status();
  absl::StatusOr<Key> key = ReadKey(contents.key, paths.key);
  if (!key.ok()) return key.status();

  const Context context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return RefuseWithReason(paths.certificate, "cannot be used");
  X509* const own = chain->front().get();
  if (SSL_CTX_use_certificate(context.get(), own) != 1) {
    return RefuseWithReason(paths.certificate, "the certificate cannot be used");
  }
  for (size_t i = 1; i < chain->size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context.get(), (*chain)[i].get()) != 1) {
      return RefuseWithReason(paths.certificate,
                              absl::StrCat("certificate ", i + 1, " cannot be used"));
    }
  }
  if (X509_check_private_key(own, key->get()) != 1) {
    return Refuse(paths.key,
                  absl::StrCat("is not the key of the certificate in ", paths.certificate));
  }
  if (SSL_CTX_use_PrivateKey(context.get(), key->get()) != 1) {
    return RefuseWithReason(paths.key, "the key cannot be used");
  }
  if (!paths.client_ca.empty()) {
    absl::StatusOr<std::vector<Certificate>> authorities =
        ReadCertificates(contents.client_ca, paths.client_ca);
    if (!authorities.ok()) return authorities.status();
  }
  return CertificateValidity{TimeOf(X509_get0_notBefore(own)), TimeOf(X509_get0_notAfter(own))};
}

}  // namespace trawl::service
