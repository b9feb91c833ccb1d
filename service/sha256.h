// SHA-256, for what is compared without being kept: secrets, and files that are read again.
//
// Thread-safety: a function of its arguments.

#ifndef TRAWL_SERVICE_SHA256_H_
#define TRAWL_SERVICE_SHA256_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace trawl::service {

using Sha256Digest = std::array<uint8_t, 32>;

Sha256Digest Sha256(std::string_view bytes);

// Whether they are equal, in a time that does not depend on where they differ.
bool EqualInConstantTime(const Sha256Digest& left, const Sha256Digest& right);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_SHA256_H_
