#include "service/sha256.h"

#include <openssl/evp.h>

#include <cstring>
#include <memory>
#include <new>

namespace trawl::service {

// OpenSSL 3 looks an algorithm up anew for each digest unless it is fetched once, and allocates a
// context unless one is kept: together most of the time that a token takes.
Sha256Digest Sha256(std::string_view bytes) {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Sha256Digest digest;
  if (context == nullptr || EVP_DigestInit_ex2(context.get(), kAlgorithm, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  return digest;
}

bool EqualInConstantTime(const Sha256Digest& left, const Sha256Digest& right) {
  uint64_t difference = 0;
  for (size_t i = 0; i < left.size(); i += sizeof(uint64_t)) {
    uint64_t a;
    uint64_t b;
    std::memcpy(&a, &left[i], sizeof(a));
    std::memcpy(&b, &right[i], sizeof(b));
    difference |= a ^ b;
  }
  return difference == 0;
}

}  // namespace trawl::service
