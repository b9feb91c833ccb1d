// The bearer tokens that may call, and what each may call. A file has one token a line:
//
//   # who                          what may be left out
//   3q2-7wAAAAAAAAAAAAAAAA         name=indexer
//   V0hZIEFSRSBZT1UgUkVBRElORw==   name=monitor methods=Ping,grpc.health.v1.Health/*
//   sha256:9f86d081...             name=backup
//
// Without `methods` (method_set.h) a token may call all of them. `sha256:` and 64 hexadecimal
// digits stand for the token with that digest (printf %s TOKEN | sha256sum), so that the file need
// hold no secret. Tokens are of the characters that HTTP allows (RFC 6750), and of at least 16.
//
// Only digests are kept. A token is hashed and compared with all of the list in a time that depends
// neither on the list's tokens nor on how much of one was guessed.
//
// Thread-safety: const after Parse.

#ifndef TRAWL_SERVICE_TOKEN_LIST_H_
#define TRAWL_SERVICE_TOKEN_LIST_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "service/method_set.h"
#include "service/sha256.h"

namespace trawl::service {

class TokenList {
 public:
  struct Holder {
    // For logs and messages: "line 3" where the file gives none.
    std::string name;
    // Nothing: all.
    std::optional<MethodSet> methods;

    bool MayCall(std::string_view path) const { return !methods || methods->Contains(path); }
  };

  // INVALID_ARGUMENT with the line and what is wrong, never with any of a token.
  static absl::StatusOr<TokenList> Parse(std::string_view text);

  // Whose token it is; null where it is nobody's.
  const Holder* Find(std::string_view token) const;

  size_t size() const { return holders_.size(); }

 private:
  std::vector<Sha256Digest> digests_;
  std::vector<Holder> holders_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_TOKEN_LIST_H_
